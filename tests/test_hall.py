"""The unit of work: all or nothing, and screens are notified afterwards."""

from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import text

from hallflow.domain.refusals import Refused
from hallflow.hall import Hall
from hallflow.operations.floor import calling
from hallflow.storage.database.engine import open_engine
from hallflow.storage.log import ledger
from hallflow.storage.turns import Turns
from tests.makers import FakeClock, a_hall, a_plan, log_of, sqlite_url, take


@pytest.fixture
def sqlite_hall(tmp_path: Path) -> Hall:
    """A small hall on SQLite alone: a test makes its database fail in SQLite's own words."""
    return a_hall(open_engine(sqlite_url(tmp_path)))


def leave_twice(hall: Hall) -> None:
    with hall.change() as change:
        change.record("left", ticket="A001")
        change.record("left", ticket="A001")


def test_a_block_that_fails_half_way_has_done_nothing(sqlite_hall: Hall) -> None:
    take(sqlite_hall)
    floor, log = sqlite_hall.floor, log_of(sqlite_hall)
    with pytest.raises(Refused):
        leave_twice(sqlite_hall)
    assert sqlite_hall.floor is floor
    assert log_of(sqlite_hall) == log
    assert calling.call_next(sqlite_hall, "1").number == "A001"


def test_a_database_that_fails_at_the_last_moment_leaves_the_hall_as_it_was(sqlite_hall: Hall) -> None:
    take(sqlite_hall)
    floor, log = sqlite_hall.floor, log_of(sqlite_hall)
    with sqlite_hall._turns.engine.begin() as connection:
        connection.execute(
            text("CREATE TRIGGER full BEFORE UPDATE ON halls BEGIN SELECT RAISE(ABORT, 'disk is full'); END")
        )
    with pytest.raises(Exception, match="disk is full"):
        take(sqlite_hall)
    assert sqlite_hall.floor is floor
    assert log_of(sqlite_hall) == log
    with sqlite_hall._turns.engine.begin() as connection:
        connection.execute(text("DROP TRIGGER full"))
    assert take(sqlite_hall).ticket.number == "A002"


def test_screens_hear_of_a_change_after_it_is_kept_and_never_of_a_refusal(sqlite_hall: Hall) -> None:
    heard: list[tuple[int, int]] = []

    def listen(changed: Hall) -> None:
        with changed.reading() as connection:
            head = ledger.head(connection, changed.key)
        assert head is not None
        heard.append((changed.floor.seq, head.seq))

    sqlite_hall.on_change = listen
    take(sqlite_hall)
    with pytest.raises(Refused):
        calling.call_next(sqlite_hall, "99")
    with sqlite_hall.change():
        pass
    assert heard == [(sqlite_hall.floor.seq, sqlite_hall.floor.seq)]


def test_a_reader_keeps_one_true_instant_while_the_hall_moves_on(sqlite_hall: Hall) -> None:
    take(sqlite_hall)
    seen = sqlite_hall.floor
    waiting, seq = [t.number for t in seen.waiting()], seen.seq
    for _ in range(5):
        take(sqlite_hall)
    calling.call_next(sqlite_hall, "1")
    assert [t.number for t in seen.waiting()] == waiting
    assert seen.seq == seq


def test_the_clock_is_read_once_in_a_turn(sqlite_hall: Hall) -> None:
    with sqlite_hall.change() as change:
        change.record("counter_paused", counter="1", reason="lunch", clerk="x")
        sqlite_hall.clock.forward(3)  # type: ignore[attr-defined]
        change.record("counter_paused", counter="2", reason="lunch", clerk="x")
    first, second = log_of(sqlite_hall)[-2:]
    assert first.at == second.at


def test_a_hall_of_another_key_has_its_own_log(sqlite_hall: Hall) -> None:
    county = Hall(replace(a_plan(), hall="county"), Turns(sqlite_hall._turns.engine), FakeClock())
    with county.change() as change:
        change.record("day_opened", day="2026-03-04", counters={})
    assert [event.seq for event in log_of(county)] == [1]
