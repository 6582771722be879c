"""Start and end of a hall's day, and the automatic end of what was left open."""

from datetime import date, time, timedelta

import pytest
from sqlalchemy import Engine

from hallflow.domain.hours import Hours
from hallflow.hall import Hall
from hallflow.operations.floor import calling, counters, days, serving, ticketing
from hallflow.operations.history.keeping import keep_closed_days
from hallflow.storage.log import ledger
from hallflow.storage.records import history
from hallflow.storage.turns import Turns
from tests.makers import DAY, ZONE, FakeClock, a_hall, a_plan, log_of, open_all, take
from tests.operations.refusing import refuses


def kinds(hall: Hall, after: int = 0) -> list[str]:
    return [event.kind for event in log_of(hall)[after:]]


def test_the_first_day_begins_with_the_hall(engine: Engine, clock: FakeClock) -> None:
    hall = a_hall(engine, clock=clock, opened=False)
    assert kinds(hall) == ["day_opened"]
    assert days.begin_day(hall) is False


def test_numbers_begin_anew_at_four_in_the_morning(small_hall: Hall, clock: FakeClock) -> None:
    take(small_hall)
    take(small_hall)
    clock.at = clock.at.replace(hour=19, minute=59)  # 03:59 in Shanghai
    assert days.begin_day(small_hall) is False
    clock.forward(1)
    assert days.begin_day(small_hall) is True
    assert small_hall.floor.day == DAY + timedelta(days=1)
    assert not small_hall.floor.tickets
    assert {counter.state for counter in small_hall.floor.counters.values()} == {"closed"}
    clock.forward(hours=5)
    assert take(small_hall).ticket.number == "A001"


def test_the_first_verb_of_a_day_opens_it(small_hall: Hall, clock: FakeClock) -> None:
    take(small_hall)
    clock.forward(hours=24)
    before = len(log_of(small_hall))
    assert take(small_hall).ticket.number == "A001"
    assert kinds(small_hall, before) == ["expired", *["counter_closed"] * 3, "day_opened", "issued"]
    clock.forward(hours=24)
    counters.open_counter(small_hall, "1", "wang")
    assert small_hall.floor.day == DAY + timedelta(days=2)
    assert [counter.key for counter in small_hall.floor.open_counters()] == ["1"]


def test_a_day_that_ends_is_kept_as_history(small_hall: Hall, engine: Engine, clock: FakeClock) -> None:
    take(small_hall)
    take(small_hall, "sim", card="8812")
    calling.start(small_hall, "1", "A001")
    clock.forward(6)
    serving.finish(small_hall, "1")
    ticketing.leave(small_hall, take(small_hall))
    clock.forward(hours=24)
    days.begin_day(small_hall)
    keep_closed_days(Turns(engine), small_hall)
    with small_hall.reading() as connection:
        found = {visit.number: visit for visit in history.visits_between(connection, small_hall.key, DAY, DAY)}
    assert {number: visit.outcome for number, visit in found.items()} == {
        "A001": "served",
        "A002": "abandoned",
        "B001": "missed",
    }
    assert (found["A001"].counter, found["B001"].tier) == ("1", "gold")


def test_several_days_without_anybody_are_one_step(small_hall: Hall, clock: FakeClock) -> None:
    take(small_hall)
    clock.forward(hours=24 * 9)
    days.begin_day(small_hall)
    assert small_hall.floor.day == DAY + timedelta(days=9)
    assert kinds(small_hall).count("day_opened") == 2


def test_who_is_inside_at_closing_time_is_served_as_long_as_a_counter_stays(small_hall: Hall, clock: FakeClock) -> None:
    take(small_hall)
    take(small_hall)
    clock.at = clock.at.replace(hour=10)  # 18:00 in Shanghai: just closed
    assert days.close_day(small_hall) == 0
    assert calling.call_next(small_hall, "1").number == "A001"
    with refuses(small_hall, "closed_hall"):
        take(small_hall)
    clock.forward(119)
    assert days.close_day(small_hall) == 0
    clock.forward(1)
    assert days.close_day(small_hall) == 2
    assert not small_hall.floor.tickets
    assert not small_hall.floor.open_counters()


def test_once_every_counter_has_closed_the_day_is_over(small_hall: Hall, clock: FakeClock) -> None:
    take(small_hall)
    for key in list(small_hall.floor.counters):
        counters.close_counter(small_hall, key)
    assert days.close_day(small_hall) == 0, "never during opening hours"
    clock.at = clock.at.replace(hour=10)
    assert days.close_day(small_hall) == 1
    assert small_hall.floor.tally.expired == 1


def test_nothing_ends_in_the_noon_break(engine: Engine, clock: FakeClock) -> None:
    halves = {day: ((time(8, 30), time(12)), (time(13, 30), time(17))) for day in range(7)}
    hall = a_hall(engine, a_plan(hours=Hours(ZONE, halves)), clock)
    take(hall)
    for key in list(hall.floor.counters):
        counters.close_counter(hall, key)
    clock.at = clock.at.replace(hour=5)
    assert days.close_day(hall) == 0


def test_who_does_not_come_is_missed_by_itself_and_in_the_end_let_go(small_hall: Hall, clock: FakeClock) -> None:
    take(small_hall)
    calling.call_next(small_hall, "1")
    clock.forward(4.9)
    assert days.sweep(small_hall) == 0
    clock.forward(0.1)
    assert days.sweep(small_hall) == 1
    assert small_hall.floor.tickets["A001"].state == "missed"
    assert small_hall.floor.counters["1"].ticket is None
    clock.forward(59)
    assert days.sweep(small_hall) == 0
    clock.forward(1)
    assert days.sweep(small_hall) == 1
    assert not small_hall.floor.tickets


def test_a_changed_plan_is_taken_over(engine: Engine, clock: FakeClock) -> None:
    a_hall(engine, clock=clock)
    again = Hall(a_plan(counters={"1": ("bills", "loan"), "4": ("sim",)}), a_hall(engine, clock=clock)._turns, clock)
    assert days.begin_day(again) is True
    assert set(again.floor.counters) == {"1", "4"}
    assert again.floor.counters["1"].services == ("bills", "loan")
    with again.reading() as connection:
        assert ledger.counters_of(connection, again.key) == again.floor.counters
    assert days.begin_day(again) is False


def test_nobody_waits_for_a_counter_that_the_plan_has_dropped(engine: Engine, clock: FakeClock) -> None:
    hall = a_hall(engine, clock=clock)
    take(hall)
    calling.start(hall, "1", "A001")
    serving.transfer(hall, "1", to_counter="3")
    again = Hall(a_plan(counters={"1": ("bills",), "2": ("sim",)}), hall._turns, clock)
    days.begin_day(again)
    assert again.floor.tickets["A001"].wanted is None
    assert calling.call_next(again, "1").number == "A001"


def test_a_counter_that_the_plan_drops_serves_its_last_customer_and_still_says_what_is_wrong(
    engine: Engine, clock: FakeClock
) -> None:
    hall = a_hall(engine, clock=clock)
    take(hall, "loan")
    take(hall)
    calling.call_next(hall, "3")
    again = Hall(a_plan(counters={"1": ("bills", "loan")}), hall._turns, clock)
    days.begin_day(again)
    with refuses(again, "counter_busy", counter={"zh": "3", "en": "3"}):
        calling.call_next(again, "3")
    with refuses(again, "counter_busy"):
        counters.close_counter(again, "3")
    with refuses(again, "counter_taken"):
        counters.open_counter(again, "3", "somebody else")
    calling.arrived(again, "3")
    serving.finish(again, "3")
    with refuses(again, "nobody_here"):
        serving.finish(again, "3")
    counters.close_counter(again, "3")


@pytest.mark.parametrize("stood", ["called", "serving", "parked", "missed", "waiting"])
def test_whatever_state_a_ticket_is_in_the_new_day_ends_it(small_hall: Hall, clock: FakeClock, stood: str) -> None:
    held = take(small_hall)
    if stood != "waiting":
        calling.call_next(small_hall, "1")
    if stood in ("serving", "parked"):
        calling.arrived(small_hall, "1")
    if stood == "parked":
        serving.park(small_hall, "1")
    if stood == "missed":
        calling.miss(small_hall, "1")
    assert small_hall.floor.tickets["A001"].state == stood
    clock.forward(hours=24)
    days.begin_day(small_hall)
    open_all(small_hall)
    with small_hall.reading() as connection:
        stored = ledger.held_by_token(connection, held.token)
    assert stored is not None
    assert stored.ticket.state == "expired"
    assert stored.day == date(2026, 3, 4)
