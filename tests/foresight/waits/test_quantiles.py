"""The range shown to customers covers the empirical quantiles of the replications."""

import numpy as np

from hallflow.foresight.waits.quantiles import wait_range


def test_a_shown_range_holds_what_was_played():
    rng = np.random.default_rng(1)
    for mean in (0.3, 2, 8, 25, 70):
        waits = rng.gamma(4, mean / 4, 500)
        shown = wait_range(waits)
        low, likely, high = np.quantile(waits, (0.1, 0.5, 0.9))
        assert shown.low <= low
        assert shown.high >= high
        assert shown.low <= shown.likely <= shown.high
        assert abs(shown.likely - likely) <= 0.5


def test_a_certain_wait_is_still_a_range():
    shown = wait_range([10.0] * 50)
    assert (shown.low, shown.likely, shown.high) == (10, 10, 15)
