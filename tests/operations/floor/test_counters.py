"""Opening, pausing and closing counters."""

from datetime import timedelta

from sqlalchemy import Engine

from hallflow.hall import Hall
from hallflow.operations.floor import calling, counters, serving
from tests.makers import FakeClock, a_hall, log_of, take
from tests.operations.refusing import refuses


def test_a_counter_opens_with_its_services_or_with_those_asked_for(engine: Engine) -> None:
    hall = a_hall(engine, opened=False)
    assert hall.floor.open_counters() == []
    assert counters.open_counter(hall, "1", "wang").services == ("bills",)
    assert counters.open_counter(hall, "2", "li", ["loan"]).services == ("loan",)
    assert [counter.clerk for counter in hall.floor.open_counters()] == ["wang", "li"]


def test_opening_twice_changes_nothing(small_hall: Hall) -> None:
    seq = small_hall.floor.seq
    counters.open_counter(small_hall, "1", "clerk 1")
    assert small_hall.floor.seq == seq


def test_services_may_change_while_open(small_hall: Hall) -> None:
    assert counters.open_counter(small_hall, "1", "clerk 1", ["loan"]).services == ("loan",)


def test_a_counter_is_not_taken_from_its_clerk(small_hall: Hall) -> None:
    with refuses(small_hall, "counter_taken", clerk="clerk 1"):
        counters.open_counter(small_hall, "1", "somebody else")
    counters.pause_counter(small_hall, "1", "lunch")
    with refuses(small_hall, "counter_taken", clerk="clerk 1"):
        counters.open_counter(small_hall, "1", "somebody else")
    counters.close_counter(small_hall, "1")
    assert counters.open_counter(small_hall, "1", "somebody else").clerk == "somebody else"


def test_what_cannot_be_opened_is_refused(small_hall: Hall) -> None:
    with refuses(small_hall, "no_counter"):
        counters.open_counter(small_hall, "99", "wang")
    with refuses(small_hall, "no_service"):
        counters.open_counter(small_hall, "1", "clerk 1", ["nothing"])
    with refuses(small_hall, "missing_field"):
        counters.open_counter(small_hall, "1", "clerk 1", [])


def test_a_pause_names_its_reason_and_its_end(small_hall: Hall, clock: FakeClock) -> None:
    counter = counters.pause_counter(small_hall, "1", "lunch", 30)
    assert (counter.state, counter.reason, counter.clerk) == ("paused", "lunch", "clerk 1")
    assert counter.back_at == clock.now() + timedelta(minutes=30)
    with refuses(small_hall, "unknown_reason"):
        counters.pause_counter(small_hall, "2", "boredom")


def test_who_is_being_served_is_served_to_the_end_of_a_pause(small_hall: Hall) -> None:
    take(small_hall)
    calling.start(small_hall, "1", "A001")
    counters.pause_counter(small_hall, "1", "lunch")
    assert serving.finish(small_hall, "1").state == "served"
    assert counters.open_counter(small_hall, "1", "clerk 1").state == "open"


def test_a_closed_counter_cannot_pause(small_hall: Hall) -> None:
    counters.close_counter(small_hall, "1")
    with refuses(small_hall, "counter_not_now", state="closed"):
        counters.pause_counter(small_hall, "1", "lunch")
    with refuses(small_hall, "counter_not_now", state="closed"):
        counters.close_counter(small_hall, "1")


def test_a_counter_closes_only_when_nobody_stands_there(small_hall: Hall) -> None:
    take(small_hall)
    calling.call_next(small_hall, "1")
    with refuses(small_hall, "counter_busy", number="A001"):
        counters.close_counter(small_hall, "1")
    calling.miss(small_hall, "1")
    assert counters.close_counter(small_hall, "1").clerk is None
    assert log_of(small_hall)[-1].kind == "counter_closed"
