"""Hysteresis of the displayed range: it stays while it is right, and never stays to the customer's disadvantage."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from hallflow.domain.waits.ranges import WaitRange
from hallflow.domain.waits.shown import show_all
from hallflow.domain.waits.steady import shown_from, steady
from tests.makers import WEDNESDAY, a_floor, a_plan, tell

minutes = st.tuples(*[st.floats(0, 120)] * 3).map(lambda three: tuple(sorted(three)))


def test_time_alone_counts_the_minutes_down_and_leaves_the_clock_times() -> None:
    shown = shown_from((10, 12, 15), WEDNESDAY)
    later = WEDNESDAY + timedelta(minutes=4)
    assert shown.wait(WEDNESDAY) == WaitRange(10, 12, 15)
    assert shown.wait(later) == WaitRange(6, 8, 11)
    assert steady(shown, (6, 8, 11), later, "takes_longer").high == shown.high


def test_a_little_later_moves_nothing() -> None:
    shown = shown_from((10, 12, 15), WEDNESDAY)
    held = steady(shown, (10, 14, 19), WEDNESDAY, "takes_longer")
    assert (held.low, held.high, held.reason) == (shown.low, shown.high, None)


def test_an_end_that_will_more_likely_be_passed_than_kept_moves_with_its_reason() -> None:
    shown = shown_from((10, 12, 15), WEDNESDAY)
    moved = steady(shown, (14, 18, 23), WEDNESDAY, "fewer_counters")
    assert moved.wait(WEDNESDAY) == WaitRange(10, 18, 25)
    assert moved.reason == "fewer_counters"


def test_an_end_that_has_passed_always_moves() -> None:
    shown = shown_from((1, 2, 4), WEDNESDAY)
    late = WEDNESDAY + timedelta(minutes=6)
    assert steady(shown, (0, 1, 3), late, "takes_longer").high > late


def test_sooner_is_told_at_once() -> None:
    shown = shown_from((10, 12, 15), WEDNESDAY)
    assert steady(shown, (2, 11, 15), WEDNESDAY, "takes_longer").wait(WEDNESDAY).low == 2
    assert steady(shown, (1, 3, 4), WEDNESDAY, "takes_longer").wait(WEDNESDAY) == WaitRange(1, 3, 4)


@given(minutes, minutes, st.floats(0, 60))
def test_whatever_is_foreseen_the_likely_call_lies_within_what_is_shown(first, then, passed) -> None:  # type: ignore[no-untyped-def]
    now = WEDNESDAY + timedelta(minutes=passed)
    before = shown_from(first, WEDNESDAY)
    after = steady(before, then, now, "takes_longer")
    assert after.low <= after.high
    assert after.high > now or then[1] <= (before.high - now).total_seconds() / 60
    assert after.low <= now + timedelta(minutes=then[1]) or after.low <= now
    assert now + timedelta(minutes=then[1]) <= max(after.high, now + timedelta(minutes=1))
    assert after.reason is None or after.high > before.high


def test_the_reason_is_what_changed_since_the_customer_was_last_told() -> None:
    plan = a_plan()
    floor = a_floor(("standard", 1), ("standard", 0), plan=plan)
    foreseen = {"A001": (2.0, 3.0, 4.0), "A002": (5.0, 7.0, 9.0)}
    first = show_all(floor, plan, {}, foreseen, WEDNESDAY)
    assert {shown["reason"] for shown in first.values()} == {None}
    worse = {"A001": (4.0, 6.0, 9.0), "A002": (12.0, 15.0, 19.0)}
    slow = show_all(floor, plan, first, worse, WEDNESDAY)
    assert {shown["reason"] for shown in slow.values()} == {"takes_longer"}
    tell(floor, "counter_closed", WEDNESDAY, counter="2")
    closed = show_all(floor, plan, first, worse, WEDNESDAY)
    assert {shown["reason"] for shown in closed.values()} == {"fewer_counters"}
    again = show_all(floor, plan, closed, worse, WEDNESDAY)
    assert again == closed


def test_whoever_lets_others_first_is_shown_a_new_range() -> None:
    plan = a_plan()
    floor = a_floor(("standard", 1), ("standard", 0), plan=plan)
    first = show_all(floor, plan, {}, {"A001": (2.0, 3.0, 4.0)}, WEDNESDAY)
    tell(floor, "deferred", WEDNESDAY, "A001", since=WEDNESDAY.isoformat(), places=1)
    moved = show_all(floor, plan, first, {"A001": (12.0, 13.0, 14.0)}, WEDNESDAY)
    assert moved["A001"]["reason"] is None
    assert moved["A001"]["high"] > first["A001"]["high"]
