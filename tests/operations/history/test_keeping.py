"""Archiving a closed day as visits and sums: in small transactions, and complete however often interrupted."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta

import pytest
from sqlalchemy import Connection, Engine, func, select

from hallflow.domain.past.sums import sum_day
from hallflow.foresight.learning.learned import learn
from hallflow.hall import Hall
from hallflow.operations.floor import calling, days, serving
from hallflow.operations.history import small_turns
from hallflow.operations.history.keeping import keep_closed_days
from hallflow.operations.log.verifying import verify
from hallflow.operations.manager.reports import standards
from hallflow.storage.log import ledger
from hallflow.storage.records import history, past
from hallflow.storage.tables import past_tickets, tickets
from hallflow.storage.turns import Turns
from tests.makers import DAY, FakeClock, open_all, take

NEXT, THIRD = DAY + timedelta(days=1), DAY + timedelta(days=2)


class Cut(Exception):
    """What ends a process in the middle."""


class CutTurns(Turns):
    """Turns that end after so many."""

    def __init__(self, engine: Engine, left: int) -> None:
        super().__init__(engine)
        self._left = left

    @contextmanager
    def of(self, hall: str) -> Iterator[Connection]:
        with super().of(hall) as connection:
            yield connection
            self._left -= 1
            if self._left < 0:
                raise Cut


def a_day(hall: Hall, clock: FakeClock) -> str:
    """One served in six minutes, one missed, one never called; the token of the first."""
    token = take(hall).token
    take(hall)
    take(hall, "sim")
    clock.forward(5)
    calling.start(hall, "1", "A001")
    clock.forward(6)
    serving.finish(hall, "1")
    calling.call_next(hall, "1")
    calling.miss(hall, "1")
    return token


def next_day(hall: Hall, clock: FakeClock) -> None:
    clock.forward(hours=24)
    days.begin_day(hall)


def where(hall: Hall) -> tuple[dict[date, int], dict[date, int]]:
    """How many tickets of each day are today's business, and how many out of the way."""
    with hall.reading() as connection:
        present, gone = (
            {row.day: row.n for row in connection.execute(select(t.c.day, func.count().label("n")).group_by(t.c.day))}
            for t in (tickets, past_tickets)
        )
    return present, gone


def sums(hall: Hall) -> dict[date, list]:
    with hall.reading() as connection:
        return dict(past.sums_between(connection, hall.key, date.min, date.max))


def test_tickets_leave_once_their_tokens_have_expired(small_hall: Hall, clock: FakeClock, engine: Engine) -> None:
    token = a_day(small_hall, clock)
    next_day(small_hall, clock)
    keep_closed_days(Turns(engine), small_hall)
    assert where(small_hall) == ({DAY: 3}, {})
    next_day(small_hall, clock)
    keep_closed_days(Turns(engine), small_hall)
    assert where(small_hall) == ({}, {DAY: 3})
    with small_hall.reading() as connection:
        held = ledger.held_by_token(connection, token)
        assert held is not None
        assert (held.day, held.ticket.number, held.ticket.state) == (DAY, "A001", "served")
        assert ledger.held_by_number(connection, small_hall.key, DAY, "A001") == held
        [told] = verify(connection, None, lambda _: None)
    assert (told.flaws, told.tickets) == ([], 3)


@pytest.mark.parametrize("turns", [0, 2, 3, 4, 6])
def test_however_often_it_is_ended_everything_is_kept_once(
    small_hall: Hall, clock: FakeClock, engine: Engine, monkeypatch: pytest.MonkeyPatch, turns: int
) -> None:
    for module in (past, small_turns):
        monkeypatch.setattr(module, "ROWS", 1)
    a_day(small_hall, clock)
    next_day(small_hall, clock)
    next_day(small_hall, clock)
    with pytest.raises(Cut):
        keep_closed_days(CutTurns(engine, turns), small_hall)
    keep_closed_days(Turns(engine), small_hall)
    assert where(small_hall) == ({}, {DAY: 3})
    with small_hall.reading() as connection:
        assert len(list(history.visits_between(connection, small_hall.key, DAY, DAY))) == 3
        assert verify(connection, None, lambda _: None)[0].flaws == []
    assert keep_closed_days(Turns(engine), small_hall) == 0


def test_sums_say_what_the_visits_say(small_hall: Hall, clock: FakeClock, engine: Engine) -> None:
    a_day(small_hall, clock)
    next_day(small_hall, clock)
    from_visits = standards_from_visits(small_hall, engine)
    keep_closed_days(Turns(engine), small_hall)
    first, *others = sums(small_hall)[DAY]
    assert (first.arrivals, first.served, first.missed, first.waits, first.minutes) == (2, 1, 1, {50: 1, 110: 1}, 6)
    assert [(cell.service, cell.missed, cell.called) for cell in others] == [("sim", 1, 0)]
    assert standards(small_hall, DAY, DAY)["days"] == from_visits == [
        {"day": DAY.isoformat(), "tiers": [{"tier": "standard", "called": 2, "attained": 1.0}]}
    ]  # fmt: skip


def standards_from_visits(hall: Hall, engine: Engine) -> list[dict]:
    """As a report tells the day before its sums are made."""
    with hall.reading() as connection:
        told = [held.ticket for held in ledger.tickets_of(connection, hall.key, DAY)]
    with Turns(engine).of(hall.key) as connection:
        history.add_day(connection, hall.key, DAY, told)
    assert sums(hall) == {}
    return standards(hall, DAY, DAY)["days"]


def test_arrivals_are_learned_from_sums_as_from_visits(small_hall: Hall, clock: FakeClock, engine: Engine) -> None:
    for _ in range(2):
        open_all(small_hall)
        a_day(small_hall, clock)
        next_day(small_hall, clock)
    keep_closed_days(Turns(engine), small_hall)
    with small_hall.reading() as connection:
        visits = list(history.visits_between(connection, small_hall.key, DAY, THIRD))
    assert learn(visits, small_hall.plan, clock.now(), sums=sums(small_hall)) == learn(
        visits, small_hall.plan, clock.now()
    )


def test_sums_are_made_anew_when_visits_come_in_meanwhile(small_hall: Hall, clock: FakeClock, engine: Engine) -> None:
    a_day(small_hall, clock)
    next_day(small_hall, clock)
    keep_closed_days(Turns(engine), small_hall)
    with engine.connect() as connection:
        visits = list(history.visits_between(connection, small_hall.key, DAY, DAY))
    with Turns(engine).of("history") as connection:
        assert not past.keep_sums(connection, small_hall.key, DAY, sum_day(visits[:2], small_hall.plan.hours.zone))
        past.drop_sums(connection, {(small_hall.key, DAY)})
    assert sums(small_hall) == {}
    keep_closed_days(Turns(engine), small_hall)
    assert sum(cell.arrivals for cell in sums(small_hall)[DAY]) == 3
