"""Wait promises: which bind, which will be broken, and who is owed an apology."""

from datetime import timedelta

import pytest

from hallflow.domain.ticket_events import moved
from hallflow.domain.waits.baselines import baselines
from hallflow.domain.waits.promises import breaches, owed_apologies
from tests.makers import WEDNESDAY, a_floor, a_plan, a_ticket, an_event, join, tell


def at(minutes: float):  # type: ignore[no-untyped-def]
    return WEDNESDAY + timedelta(minutes=minutes)


def promised(number: str = "A001", **more: object):  # type: ignore[no-untyped-def]
    return a_ticket(number=number, promise=(5, 8, 10), **more)


def test_a_promise_binds_until_the_first_call() -> None:
    ticket = promised()
    assert ticket.promised_until == at(10)
    called = moved(ticket, an_event("called", at=at(7)))
    assert (called.promised_until, called.first_wait) == (None, 7)
    back = moved(called, an_event("requeued", at=at(8)))
    again = moved(back, an_event("called", at=at(30)))
    assert (back.promised_until, again.first_wait) == (None, 7)


def test_whoever_lets_others_first_is_owed_no_promise() -> None:
    later = moved(promised(), an_event("deferred", since=at(3).isoformat()))
    assert later.promised_until is None
    assert moved(later, an_event("called", at=at(30))).first_wait is None


def test_the_next_part_of_a_visit_has_no_promise() -> None:
    called = moved(promised(), an_event("called", at=at(4)))
    sent_on = moved(called, an_event("transferred", at=at(5), service="loan", since=at(5).isoformat()))
    assert sent_on.promised_until is None
    assert moved(sent_on, an_event("called", at=at(90))).first_wait == 4


def test_no_promise_is_none_to_break() -> None:
    assert a_ticket().promised_until is None
    assert breaches([a_ticket()], {"A001": at(90)}, at(60)) == []


def test_those_who_will_break_their_promise_are_seen_soonest_first() -> None:
    late, fine, past = promised("A003"), promised("A002"), promised("A001", issued_at=at(-15), since=at(-15))
    found = breaches([late, fine, past], {"A001": at(1), "A002": at(9), "A003": at(12)}, WEDNESDAY)
    assert [(one.ticket.number, one.is_past(WEDNESDAY)) for one in found] == [("A001", True), ("A003", False)]
    assert found[1].until - WEDNESDAY >= timedelta(minutes=5), "seen well before it happens"


@pytest.mark.parametrize(("minutes", "owes"), [(10, 0), (14.9, 0), (15, 1), (60, 1)])
def test_an_apology_is_owed_some_minutes_after(minutes: float, owes: int) -> None:
    plan = a_plan(recovery_after_minutes=5)
    assert len(owed_apologies([promised()], plan, at(minutes))) == owes
    assert owed_apologies([promised(recovered_at=at(15))], plan, at(minutes)) == []


def test_an_apology_moves_nobody_in_the_line() -> None:
    floor = a_floor(("standard", 20), ("standard", 10))
    lines = {key: list(line) for key, line in floor.lines.items()}
    after = tell(floor, "recovery_opened", WEDNESDAY, "A001")
    assert after is not None
    assert (after.state, after.recovered_at) == ("waiting", WEDNESDAY)
    assert floor.lines == lines


def test_the_simple_estimators_stand_beside_a_promise() -> None:
    plan = a_plan()
    floor = a_floor(*[("standard", 9)] * 4, plan=plan)
    assert baselines(floor, plan, "bills", "standard", WEDNESDAY) == (4, 10.0, None, None)
    for n, counter in ((1, "1"), (2, "2")):
        reason = {"code": "strict"}
        when = at(n - 3)
        tell(floor, "called", when, f"A00{n}", counter, reason=reason, streak=0, within=True, waited=6.0 + n)
    assert baselines(floor, plan, "bills", "standard", WEDNESDAY) == (2, 5.0, 8.0, 4.0)
    assert baselines(floor, plan, "bills", "gold", WEDNESDAY)[2] is None
    join(floor, "gold")
    assert baselines(floor, plan, "bills", "gold", WEDNESDAY)[0] == 3
