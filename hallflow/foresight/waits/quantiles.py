"""Empirical quantiles of simulated waits: from replications to the interval that a customer reads."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from hallflow.domain.waits.ranges import WaitRange, outward

SHARES = (0.1, 0.5, 0.9)
"""Levels of the quantiles: nominal coverage 80 %, and the median."""


def quantiles(minutes: NDArray[np.floating] | Sequence[float]) -> tuple[float, float, float]:
    """P10, P50 and P90 of waits in minutes, shape (replications,), rounded to a tenth. Raises IndexError for an empty array."""
    low, likely, high = np.quantile(np.asarray(minutes, dtype=float), SHARES)
    return (round(float(low), 1), round(float(likely), 1), round(float(high), 1))


def wait_range(minutes: NDArray[np.floating] | Sequence[float]) -> WaitRange:
    """The quantiles of these waits (replications,), rounded outward to sensible minutes."""
    return outward(*quantiles(minutes))
