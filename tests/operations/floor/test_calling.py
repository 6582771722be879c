"""Calling customers: from a free counter to the arrival of the customer."""

import pytest

from hallflow.hall import Hall
from hallflow.operations.floor import calling, counters, serving, ticketing
from tests.makers import WEDNESDAY, FakeClock, a_hall, a_plan, log_of, take
from tests.operations.refusing import refuses


def test_the_next_customer_is_called_with_the_reason(small_hall: Hall, clock: FakeClock) -> None:
    take(small_hall)
    clock.forward(2)
    take(small_hall, card="8812")
    clock.forward(1)
    ticket = calling.call_next(small_hall, "1")
    assert (ticket.number, ticket.state, ticket.counter, ticket.now.called_at) == ("A002", "called", "1", clock.now())
    assert dict(ticket.reason) == {"code": "slack", "slack": 4, "waited": 1}
    assert small_hall.floor.counters["1"].ticket == "A002"
    assert small_hall.floor.recent[0].number == "A002"
    event = log_of(small_hall)[-1]
    assert (event.kind, event.ticket, event.counter, event.data["within"]) == ("called", "A002", "1", True)


def test_a_counter_that_cannot_call_says_why(small_hall: Hall) -> None:
    with refuses(small_hall, "nobody_waiting"):
        calling.call_next(small_hall, "1")
    take(small_hall)
    take(small_hall)
    calling.call_next(small_hall, "1")
    with refuses(small_hall, "counter_busy", number="A001"):
        calling.call_next(small_hall, "1")
    counters.pause_counter(small_hall, "2", "lunch")
    with refuses(small_hall, "counter_paused"):
        calling.call_next(small_hall, "2")
    counters.close_counter(small_hall, "2")
    with refuses(small_hall, "counter_closed"):
        calling.call_next(small_hall, "2")
    with refuses(small_hall, "no_counter"):
        calling.call_next(small_hall, "99")


def test_one_customer_may_be_called_out_of_turn(small_hall: Hall, clock: FakeClock) -> None:
    for _ in range(3):
        take(small_hall)
        clock.forward(1)
    ticket = calling.call(small_hall, "1", "A003")
    assert dict(ticket.reason) == {"code": "by_hand", "waited": 1}
    assert small_hall.floor.overtaken == {"A001": 1, "A002": 1}


def test_a_call_out_of_turn_stops_at_somebody_elses_bound(engine, clock: FakeClock) -> None:
    hall = a_hall(engine, clock=clock)
    take(hall, card="8812")
    for _ in range(5):
        clock.forward(0.1)
        take(hall)
    for n in range(2, 6):
        calling.call(hall, "1", f"A00{n}")
        calling.miss(hall, "1")
    with refuses(hall, "bound_reached", number="A001", times=4):
        calling.call(hall, "1", "A006")
    with refuses(hall, "bound_reached", number="A001"):
        calling.start(hall, "1", "A006")
    assert calling.call(hall, "1", "A001").state == "called"


@pytest.mark.parametrize("verb", [calling.call, calling.start])
def test_only_somebody_who_waits_or_was_missed_can_be_called(small_hall: Hall, verb) -> None:
    with refuses(small_hall, "no_ticket"):
        verb(small_hall, "1", "A001")
    held = take(small_hall)
    calling.call_next(small_hall, "2")
    with refuses(small_hall, "not_now", state="called"):
        verb(small_hall, "1", "A001")
    calling.miss(small_hall, "2")
    assert verb(small_hall, "1", "A001").counter == "1"
    ticketing.leave(small_hall, held) if verb is calling.call else serving.finish(small_hall, "1")


def test_a_missed_customer_called_by_name_after_too_many_calls_is_too_late(small_hall: Hall, clock: FakeClock) -> None:
    take(small_hall)
    calling.call_next(small_hall, "1")
    calling.miss(small_hall, "1")
    for _ in range(6):
        take(small_hall)
        calling.call_next(small_hall, "1")
        calling.miss(small_hall, "1")
    with refuses(small_hall, "too_late", calls=6):
        calling.call(small_hall, "1", "A001")


def test_walking_ends_where_service_begins(small_hall: Hall, clock: FakeClock) -> None:
    take(small_hall)
    calling.call_next(small_hall, "1")
    clock.forward(1)
    ticket = calling.arrived(small_hall, "1")
    assert (ticket.state, ticket.now.called_at, ticket.now.arrived_at) == ("serving", WEDNESDAY, clock.now())
    with refuses(small_hall, "not_now", state="serving"):
        calling.arrived(small_hall, "1")
    with refuses(small_hall, "nobody_here"):
        calling.arrived(small_hall, "2")


def test_start_without_a_number_serves_who_was_called(small_hall: Hall) -> None:
    take(small_hall)
    calling.call_next(small_hall, "1")
    assert calling.start(small_hall, "1").state == "serving"


def test_start_with_a_number_serves_who_stands_here(small_hall: Hall) -> None:
    take(small_hall)
    ticket = calling.start(small_hall, "1", "A001")
    assert (ticket.state, dict(ticket.reason)["code"]) == ("serving", "at_counter")
    assert small_hall.floor.tally.called == {"standard": (1, 1)}


def test_a_call_may_be_repeated_only_so_often(small_hall: Hall) -> None:
    take(small_hall)
    calling.call_next(small_hall, "1")
    assert [calling.recall(small_hall, "1").recalls for _ in range(3)] == [1, 2, 3]
    assert small_hall.floor.recent[0].recalls == 3
    with refuses(small_hall, "recalls_used", times=3):
        calling.recall(small_hall, "1")
    calling.arrived(small_hall, "1")
    with refuses(small_hall, "not_now", state="serving"):
        calling.recall(small_hall, "1")
    with refuses(small_hall, "nobody_here"):
        calling.recall(small_hall, "2")


def test_who_does_not_come_frees_the_counter(small_hall: Hall) -> None:
    take(small_hall)
    calling.call_next(small_hall, "1")
    ticket = calling.miss(small_hall, "1")
    assert (ticket.state, ticket.counter, ticket.missed_mark) == ("missed", None, 1)
    assert small_hall.floor.counters["1"].ticket is None
    assert small_hall.floor.tally.missed == 1
    with refuses(small_hall, "nobody_here"):
        calling.miss(small_hall, "1")


def test_nobody_being_served_is_missed(small_hall: Hall) -> None:
    take(small_hall)
    calling.start(small_hall, "1", "A001")
    with refuses(small_hall, "not_now", state="serving"):
        calling.miss(small_hall, "1")
    with refuses(small_hall, "not_now", state="serving"):
        calling.requeue(small_hall, "1")


def test_a_customer_is_put_some_places_back_and_only_so_often(engine, clock: FakeClock) -> None:
    hall = a_hall(engine, a_plan("first_come", requeue_places=2), clock)
    for _ in range(5):
        take(hall)
        clock.forward(1)
    calling.call_next(hall, "1")
    assert calling.requeue(hall, "1").requeues == 1
    assert [n for _, _, n in hall.floor.lines["bills", "standard"]] == ["A002", "A003", "A001", "A004", "A005"]
    calling.call(hall, "1", "A001")
    calling.requeue(hall, "1", 1)
    assert [n for _, _, n in hall.floor.lines["bills", "standard"]] == ["A002", "A003", "A004", "A001", "A005"]
    calling.call(hall, "1", "A001")
    with refuses(hall, "requeues_used", times=2):
        calling.requeue(hall, "1")
