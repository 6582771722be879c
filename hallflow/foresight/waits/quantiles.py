"""From many played waits to the range a customer reads."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from hallflow.domain.waits.ranges import WaitRange, outward

SHARES = (0.1, 0.5, 0.9)
"""Four waits in five end between the first and the last; half of them by the middle one."""


def quantiles(minutes: NDArray[np.floating] | Sequence[float]) -> tuple[float, float, float]:
    """P10, P50 and P90 of these waits (minutes >= 0, at least one, shape (plays,)), to a tenth of a minute."""
    low, likely, high = np.quantile(np.asarray(minutes, dtype=float), SHARES)
    return (round(float(low), 1), round(float(likely), 1), round(float(high), 1))


def wait_range(minutes: NDArray[np.floating] | Sequence[float]) -> WaitRange:
    """The quantiles of these waits, rounded outward to sensible minutes."""
    return outward(*quantiles(minutes))
