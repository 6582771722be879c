"""Displayed ranges of waits: rounded outwards, and never narrower than the prediction."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hallflow.domain.waits.ranges import outward, step

MINUTES = st.floats(0, 600, allow_nan=False)


@given(st.tuples(MINUTES, MINUTES, MINUTES).map(sorted))
def test_a_shown_range_is_never_narrower_than_what_is_known(minutes: list[float]) -> None:
    low, likely, high = minutes
    shown = outward(low, likely, high)
    assert shown.low <= low
    assert shown.high >= high
    assert shown.low <= shown.likely <= shown.high
    assert shown.low < shown.high
    assert shown.as_tuple() == (shown.low, shown.likely, shown.high)


@given(st.tuples(MINUTES, MINUTES, MINUTES).map(sorted))
def test_a_shown_range_is_in_sensible_minutes(minutes: list[float]) -> None:
    shown = outward(*minutes)
    for end in (shown.low, shown.high):
        assert end % (1 if end <= 5 else 5 if end <= 30 else 10) == 0, f"{end} is no round number of minutes"
    assert shown.low >= minutes[0] - step(minutes[0])
    assert shown.high <= max(minutes[2], 1, shown.low) + 10


@pytest.mark.parametrize(
    ("known", "shown"),
    [
        ((0, 0, 0), (0, 0, 1)),
        ((2.2, 3.4, 4.6), (2, 3, 5)),
        ((7, 9, 12), (5, 9, 15)),
        ((12, 14, 16), (10, 14, 20)),
        ((33, 41, 52), (30, 41, 60)),
        ((-3, 1, 2), (0, 1, 2)),
    ],
)
def test_small_examples(known: tuple[float, float, float], shown: tuple[int, int, int]) -> None:
    assert outward(*known).as_tuple() == shown
