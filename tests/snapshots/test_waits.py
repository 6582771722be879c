"""The wait shown between two outlooks: never shorter than what everybody in the hall can see."""

from hallflow.domain.waits.current import next_wait, ticket_wait
from hallflow.domain.waits.ranges import WaitRange
from hallflow.hall import Hall
from hallflow.house import House
from hallflow.operations.floor import calling, counters, serving, ticketing
from hallflow.operations.outlook import drawing
from tests.makers import FakeClock, take

AT_ONCE = 1
"""A range that ends by then is read as "hardly any wait"."""


def draw(house: House, hall: Hall) -> None:
    drawing.draw_outlooks(house)
    house.look_around()
    assert hall.outlook is not None


def told_next(hall: Hall, clock: FakeClock, tier: str = "standard") -> WaitRange:
    wait = next_wait(hall.floor, hall.plan, hall.outlook, "bills", tier, clock.now())
    assert wait is not None
    return wait


def for_bills(hall: Hall) -> list[str]:
    return [counter.key for counter in hall.floor.open_counters("bills")]


def only_open(hall: Hall, *keys: str) -> None:
    for key in for_bills(hall):
        if key not in keys:
            counters.close_counter(hall, key)


def serve(hall: Hall, counter: str) -> None:
    calling.call_next(hall, counter)
    calling.arrived(hall, counter)
    serving.finish(hall, counter)


def test_after_a_crowd_has_gone_two_people_ahead_are_still_a_wait(house: House, hall: Hall, clock: FakeClock) -> None:
    only_open(hall, "1", "2")
    for _ in range(12):
        take(hall)
    draw(house, hall)
    while hall.floor.waiting_count():
        serve(hall, "1")
    only_open(hall, "1")
    for _ in range(3):
        take(hall)
    calling.call_next(hall, "1")
    assert told_next(hall, clock).high > AT_ONCE
    promise = take(hall).ticket.promise
    assert promise is not None
    assert promise[2] > AT_ONCE


def test_ordinary_customers_who_leave_bring_a_gold_customer_no_nearer(
    house: House, hall: Hall, clock: FakeClock
) -> None:
    only_open(hall, "1")
    take(hall)
    calling.call_next(hall, "1")
    waiting = [take(hall) for _ in range(10)]
    gold = [take(hall, card="8812") for _ in range(3)]
    draw(house, hall)
    before, ordinary = told_next(hall, clock, "gold"), told_next(hall, clock)
    for held in waiting:
        ticketing.leave(hall, held)
    assert len(gold) == hall.floor.waiting_count() == 3
    assert told_next(hall, clock, "gold") == before
    assert told_next(hall, clock).high < ordinary.high


def test_counters_that_close_make_the_next_wait_longer_before_any_outlook(
    house: House, hall: Hall, clock: FakeClock
) -> None:
    for _ in range(12):
        take(hall)
    for key in for_bills(hall):
        calling.call_next(hall, key)
    draw(house, hall)
    before = told_next(hall, clock)
    for key in for_bills(hall)[1:]:
        calling.arrived(hall, key)
        serving.finish(hall, key)
        counters.close_counter(hall, key)
    assert told_next(hall, clock).high > before.high


def test_a_free_counter_and_nobody_ahead_is_no_wait(house: House, hall: Hall, clock: FakeClock) -> None:
    only_open(hall, "1")
    for _ in range(6):
        take(hall)
    draw(house, hall)
    while hall.floor.waiting_count():
        serve(hall, "1")
    assert told_next(hall, clock) == WaitRange(0, 0, AT_ONCE)


def test_the_clock_alone_does_not_bring_two_people_ahead_to_the_counter(
    house: House, hall: Hall, clock: FakeClock
) -> None:
    only_open(hall, "1")
    take(hall)
    calling.call_next(hall, "1")
    held = [take(hall) for _ in range(3)][-1]
    draw(house, hall)
    assert hall.outlook is not None
    kept = hall.outlook["ranges"]["shown"][held.ticket.number]
    kept["low"], kept["likely"], kept["high"] = (clock.forward(m).timestamp() for m in (0, 2, 3))
    clock.forward(-5)
    told = []
    # the next outlook does not come
    for _ in range(10):
        clock.forward(0.5)
        wait = ticket_wait(hall.floor, hall.plan, hall.outlook, held.ticket, clock.now())
        assert wait is not None
        told.append(wait.high)
    assert told == sorted(told, reverse=True)
    assert min(told) > AT_ONCE
