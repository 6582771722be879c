"""Prediction intervals over replications have the promised coverage, also where many replications tie."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from hallflow.foresight.twin.futures import spread


def test_plays_that_differ_have_one_in_ten_beyond_either_end() -> None:
    assert spread(np.arange(101.0)) == (10.0, 50.0, 90.0)


def test_where_a_counter_often_helps_nobody_the_range_reaches_less_far_to_the_other_side() -> None:
    helped = np.concatenate([np.zeros(400), -np.linspace(0.01, 6.0, 600)])
    low, _, high = spread(helped) or (0.0, 0.0, 0.0)
    assert high == 0.0
    assert 0.79 <= np.mean((helped >= low) & (helped <= high)) <= 0.81


def test_where_nothing_changes_the_range_is_that() -> None:
    assert spread(np.zeros(50)) == (0.0, 0.0, 0.0)
    assert spread(np.array([])) is None
    assert spread(np.array([np.nan, 2.0])) == (2.0, 2.0, 2.0)


@given(st.lists(st.floats(0.01, 9.0), min_size=20, max_size=200, unique=True), st.integers(0, 150), st.booleans())
def test_a_range_holds_four_in_five_and_hardly_more(changes: list[float], unchanged: int, worse: bool) -> None:
    plays = np.array([0.0] * unchanged + changes) * (1.0 if worse else -1.0)
    low, likely, high = spread(plays) or (0.0, 0.0, 0.0)
    inside = float(np.mean((plays >= low) & (plays <= high)))
    assert low <= likely <= high
    assert inside >= 0.8 - 3 / len(plays)
    assert inside <= max(0.8 + 3 / len(plays), unchanged / len(plays))
