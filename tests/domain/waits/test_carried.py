"""Propagating a predicted wait between two model runs: it follows the queue ahead of the customer."""

from hypothesis import given
from hypothesis import strategies as st

from hallflow.domain.waits.carried import carried, turns_before
from tests.makers import WEDNESDAY, a_floor, a_plan, join, summon

minutes = st.tuples(*[st.floats(0.01, 120)] * 3).map(lambda three: tuple(sorted(three)))
turns = st.floats(0.05, 50)


@given(minutes, turns, turns, st.floats(0.5, 30))
def test_as_long_as_there_are_turns_before_a_customer_a_wait_remains(known, then, now, each) -> None:
    low, likely, high = carried(known, then, now, each)
    assert 0 < low <= likely <= high
    assert (high < known[2]) <= (now < then)


def test_each_turn_more_adds_its_minutes_and_half_the_turns_are_half_the_wait() -> None:
    assert carried((4, 6, 9), 2, 3, 5) == (9, 11, 14)
    assert carried((4, 6, 9), 2, 1, 5) == (2, 3, 4.5)
    assert carried((4, 6, 9), 2, 0, 5) == (0, 0, 0)


def test_turns_are_shared_by_the_open_counters_and_half_of_one_is_under_way() -> None:
    floor, plan = a_floor(closed=["3"]), a_plan()
    assert turns_before(floor, plan, "bills", "standard", WEDNESDAY) == 0
    for counter in ("1", "2"):
        summon(floor, join(floor, "standard"), counter)
    assert turns_before(floor, plan, "bills", "standard", WEDNESDAY) == 0.25
    for _ in range(3):
        join(floor, "standard")
    assert turns_before(floor, plan, "bills", "standard", WEDNESDAY) == 1.75


def test_only_those_who_would_be_called_before_a_customer_are_turns_before_them() -> None:
    floor, plan = a_floor(closed=["2", "3"]), a_plan(policy="strict")
    summon(floor, join(floor, "standard"), "1")
    for _ in range(5):
        join(floor, "standard")
    join(floor, "gold")
    assert turns_before(floor, plan, "bills", "gold", WEDNESDAY) == 1.5
    assert turns_before(floor, plan, "bills", "standard", WEDNESDAY) == 6.5
