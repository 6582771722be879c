"""Archived days: a closed day becomes visits; imported ones are added beside them, once."""

from dataclasses import replace
from datetime import date, timedelta

from sqlalchemy import Engine

from hallflow.domain.past.visit import Visit
from hallflow.domain.ticket import Leg
from hallflow.storage.records import history
from tests.makers import DAY, WEDNESDAY, a_ticket

LATER = [WEDNESDAY + timedelta(minutes=m) for m in range(60)]


def a_visit(number: str = "A001", day: date = DAY, **more) -> tuple[date, Visit]:
    issued = WEDNESDAY + timedelta(days=(day - DAY).days)
    return day, Visit("central", number, "bills", "gold", issued, **more)


def test_a_day_becomes_a_visit_for_each_leg_that_was_joined(engine: Engine) -> None:
    served = Leg("bills", LATER[0], LATER[5], LATER[6], LATER[12], "1", "done")
    waited = Leg("sim", LATER[12], None, None, LATER[20])
    ticket = a_ticket("left", legs=(served, waited, Leg("loan")), leg=1, prefilled=True)
    with engine.begin() as connection:
        assert history.add_day(connection, "central", DAY, [ticket]) == 2
        first, second = history.visits_between(connection, "central", DAY, DAY)
    assert first == Visit(
        "central", "A001", "bills", "standard", LATER[0], LATER[5], LATER[12], "1", "served", LATER[6], prefilled=False
    )
    assert (second.service, second.issued_at, second.outcome, second.prefilled) == ("sim", LATER[12], "abandoned", True)


def test_writing_a_day_again_changes_nothing(engine: Engine) -> None:
    ticket = a_ticket("expired", legs=(Leg("bills", LATER[0], LATER[5], None, LATER[9], "1"),))
    other = replace(ticket, number="A002")
    with engine.begin() as connection:
        assert history.add_day(connection, "central", DAY, [ticket]) == 1
        assert history.add_day(connection, "central", DAY, [ticket, other]) == 1
        found = list(history.visits_between(connection, "central", DAY, DAY))
    assert [(visit.number, visit.outcome) for visit in found] == [("A001", "missed"), ("A002", "missed")]


def test_imported_visits_are_added_once(engine: Engine) -> None:
    found = [a_visit(f"A{n:03}", called_at=LATER[n % 60]) for n in range(history.BATCH + 5)]
    with engine.begin() as connection:
        assert history.add_visits(connection, found) == history.BATCH + 5
        assert history.add_visits(connection, [*found[:7], a_visit("B001")]) == 1
        assert history.days_kept(connection, "central") == (1, DAY, DAY)


def test_visits_are_found_by_the_halls_own_days(engine: Engine) -> None:
    days = [DAY + timedelta(days=n) for n in (2, 0, 1)]
    with engine.begin() as connection:
        history.add_visits(connection, [a_visit(day=day) for day in days])
        history.add_visits(connection, [(DAY, replace(a_visit()[1], hall="county"))])
        found = list(history.visits_between(connection, "central", DAY, DAY + timedelta(days=1)))
        assert history.days_kept(connection, "nowhere") == (0, None, None)
    assert [visit.issued_at for visit in found] == [WEDNESDAY, WEDNESDAY + timedelta(days=1)]
