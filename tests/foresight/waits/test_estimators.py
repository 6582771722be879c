"""The benchmark estimators, compared with values calculated by hand."""

import pytest

from hallflow.foresight.waits.estimators import (
    AT_MOST,
    ESTIMATORS,
    LES_LASTS,
    USUAL_MINUTES,
    counters_open,
    fluid,
    last_called,
    minutes_per_call,
    throughput,
    typical,
)
from hallflow.foresight.waits.stream import DAY, FEW_CALLS, Stream
from tests.foresight.waits.test_stream import MORNING, a_stream


def waiting(stream: Stream, people: int, at: float = MORNING) -> Stream:
    for n in range(people):
        stream.issued(f"w{n} {at}", "bills", "gold", at, 0.0)
    return stream


@pytest.mark.parametrize("name", ESTIMATORS)
def test_where_nothing_is_known_each_says_something_that_can_be(name: str) -> None:
    stream = a_stream()
    for people in (0, 1, 30):
        assert 0 <= ESTIMATORS[name](stream, "bills", "gold", MORNING) <= AT_MOST
        waiting(stream, people, MORNING + people)


def test_typical_is_people_by_minutes_by_counters() -> None:
    stream = waiting(a_stream(), 4)
    assert typical(stream, "bills", "gold", MORNING) == 4 * USUAL_MINUTES
    stream.opened("bills", MORNING, 3)
    assert typical(stream, "bills", "gold", MORNING) == pytest.approx(4 * USUAL_MINUTES / 3)


def test_minutes_of_a_call_are_held_towards_the_halls_where_few_were_seen() -> None:
    stream = a_stream()
    queue = stream.queues["bills"]
    assert minutes_per_call(stream, queue) == USUAL_MINUTES
    queue.work, queue.worked = 100.0, 10
    usual = (100 + 5 * USUAL_MINUTES) / 15
    assert minutes_per_call(stream, queue) == pytest.approx((100 + FEW_CALLS * usual) / (10 + FEW_CALLS))
    queue.work, queue.worked = 100_000.0, 10_000
    assert minutes_per_call(stream, queue) == pytest.approx(10, abs=0.05)


def test_counters_are_those_seen_then_those_that_call_then_one() -> None:
    stream = a_stream()
    queue = stream.queues["bills"]
    assert counters_open(stream, queue, MORNING) == 1
    waiting(stream, 2)
    for n in range(2):
        stream.called(f"w{n} {MORNING}", MORNING + 1, f"{n}")
    assert counters_open(stream, queue, MORNING + 2) == 2
    stream.opened("bills", MORNING + 2, 5)
    assert counters_open(stream, queue, MORNING + 3) == 5
    stream.opened("bills", MORNING + 3, 0)
    assert counters_open(stream, queue, MORNING + 4) == 1


def test_les_is_of_the_same_queue_and_tier_and_not_of_long_ago() -> None:
    stream = a_stream()
    stream.issued("0", "bills", "gold", MORNING, 0.0)
    stream.called("0", MORNING + 13)
    assert last_called(stream, "bills", "gold", MORNING + 20) == 13
    assert last_called(stream, "bills", "standard", MORNING + 20) == 0
    assert last_called(stream, "sim", "gold", MORNING + 20) == 0
    assert last_called(stream, "bills", "gold", MORNING + 13 + LES_LASTS) == 0


def test_throughput_follows_the_calls_of_the_last_hour() -> None:
    slow, fast = a_stream(), a_stream()
    for stream, gap in ((slow, 12), (fast, 3)):
        for n in range(60 // gap):
            at = MORNING + n * gap
            stream.issued(f"{n}", "bills", "gold", at, 0.0)
            stream.called(f"{n}", at + 1)
        waiting(stream, 6, MORNING + 60)
    assert throughput(slow, "bills", "gold", MORNING + 60) > 2 * throughput(fast, "bills", "gold", MORNING + 60)


def test_the_fluid_flows_off_at_the_calls_of_usual_days() -> None:
    stream = a_stream()
    for n in range(60):
        # two calls a minute-and-a-half apart all morning, nobody having waited long
        at = MORNING + 2 * n
        stream.issued(f"{n}", "bills", "gold", at, 0.0)
        stream.called(f"{n}", at + 1)
    today = MORNING + DAY
    stream.turn_to(today, 0.0)
    waiting(stream, 10, today)
    alone, ten = (fluid(stream, service, "gold", today) for service in ("sim", "bills"))
    assert alone == typical(stream, "sim", "gold", today)
    assert 15 < ten < 60, "ten and a half before, a call every two minutes, at a pace that has not begun yet"
