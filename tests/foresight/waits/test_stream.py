"""The feature stream reflects past events only, and forgets them at the end of the day."""

from math import isnan

import pytest

from hallflow.foresight.waits.queues import READING_LASTS, SLOT
from hallflow.foresight.waits.stream import ACTIVE, DAY, KEPT, Stream

MORNING = 20_000 * DAY + 9 * 60.0
"""Nine o'clock of some day, in a hall without an offset."""


def a_stream() -> Stream:
    stream = Stream()
    stream.turn_to(MORNING, 0.0)
    return stream


def test_a_customer_waits_is_called_and_tells_how_long() -> None:
    stream = a_stream()
    for n in range(3):
        stream.issued(f"{n}", "bills", "gold", MORNING + n, 0.0)
    assert [person.ahead for person in stream.queues["bills"].people.values()] == [0, 1, 2]
    assert stream.called("0", MORNING + 10, "1") == 10
    assert stream.called("0", MORNING + 11, "1") is None, "nobody is called twice"
    assert stream.called("nobody", MORNING + 11) is None
    assert list(stream.hall.people) == ["1", "2"]
    assert stream.queues["bills"].last["gold"] == stream.queues["bills"].last[""] == (MORNING + 10, 10)
    assert stream.tiers["gold"].since(MORNING + 10) == 1


def test_who_leaves_is_counted_and_waits_no_more() -> None:
    stream = a_stream()
    stream.issued("0", "bills", "gold", MORNING, 0.0)
    stream.left("0", MORNING + 5)
    stream.left("0", MORNING + 6)
    assert not stream.hall.people
    assert not stream.queues["bills"].people
    assert stream.queues["bills"].leaves.since(MORNING) == stream.hall.leaves.since(MORNING) == 1


def test_a_counter_is_active_while_it_serves_and_for_a_while_after() -> None:
    stream = a_stream()
    stream.issued("0", "bills", "gold", MORNING, 0.0)
    stream.called("0", MORNING + 1, "1")
    assert stream.counters_active(MORNING + 1 + 3 * ACTIVE) == 1, "it serves still"
    stream.ended("0", MORNING + 100)
    assert stream.counters_active(MORNING + 100 + ACTIVE - 1) == 1
    assert stream.counters_active(MORNING + 100 + ACTIVE) == 0
    stream.ended("0", MORNING + 200)
    assert stream.active["1"] == MORNING + 100, "a service ends once"


def test_minutes_between_two_calls_are_work_only_while_somebody_waited() -> None:
    stream = a_stream()
    stream.opened("bills", MORNING, 3)
    for key, issued, called in (("0", 0, 1), ("1", 0.5, 5), ("2", 8, 9)):
        stream.issued(key, "bills", "gold", MORNING + issued, 0.0)
        stream.called(key, MORNING + called)
    queue = stream.queues["bills"]
    assert (queue.gaps, queue.work, queue.worked) == (4, 12, 1), "the third came to an idle hall"


def test_a_reading_ages_and_can_be_looked_back_for() -> None:
    stream = a_stream()
    queue = stream.queues["bills"]
    assert queue.open_now(MORNING) is None
    stream.opened("bills", MORNING, 2)
    stream.opened("bills", MORNING + 30, 4, waiting=7.0)
    assert queue.open_now(MORNING + 31) == 4
    assert queue.open_before(MORNING + 31, 60) == 3
    assert queue.open_now(MORNING + 30 + READING_LASTS) is None
    assert queue.reading_before(MORNING + 31) == (MORNING + 30, 4, 7.0)
    when, opened, waiting = queue.reading_before(MORNING + 31, 15) or (0, 0, 0.0)
    assert (when, opened, isnan(waiting)) == (MORNING, 2, True)
    assert queue.reading_before(MORNING + 31, 45) is None


def test_sums_of_a_day_are_known_from_the_next_day_on_and_nobody_waits_overnight() -> None:
    stream = a_stream()
    slot = int(MORNING % DAY) // SLOT
    stream.issued("0", "bills", "gold", MORNING, 0.0)
    stream.issued("left behind", "bills", "gold", MORNING, 0.0)
    stream.called("0", MORNING + 12)
    queue = stream.queues["bills"]
    assert queue.days == 0
    assert not queue.came_by_slot.any()
    stream.turn_to(MORNING + DAY, 0.0)
    assert queue.days == 1
    assert (queue.came_by_slot[slot], queue.called_by_slot[slot], queue.waited_by_slot[slot]) == (2, 1, 12)
    assert (queue.served_by_slot[slot], queue.stood_by_slot[slot]) == (1, 1)
    assert not stream.hall.people
    assert (queue.today, queue.arrived_today) == (0, 0)


def test_midnight_is_the_halls_own_and_ends_no_wait_that_is_young() -> None:
    stream = Stream()
    before = 20_000 * DAY - 8 * 60 - 10.0
    stream.issued("0", "bills", "gold", before, 480.0)
    stream.turn_to(before + 20, 480.0)
    assert stream.queues["bills"].days == 1, "ten to twelve at Shanghai, and ten past"
    assert list(stream.hall.people) == ["0"]
    stream.turn_to(before + 20 + DAY, 480.0)
    assert not stream.hall.people
    assert DAY > KEPT


def test_moments_that_are_forgotten_leave_the_last_and_the_sums() -> None:
    stream = a_stream()
    for n in range(5):
        stream.issued(f"{n}", "bills", "gold", MORNING + n, 0.0)
        stream.called(f"{n}", MORNING + n + 0.5)
    stream.turn_to(MORNING + DAY, 0.0)
    stream.forget_moments()
    assert stream.queues["bills"].calls.at == [MORNING + 4.5]
    assert stream.queues["bills"].came_by_slot.sum() == pytest.approx(5)
