"""From many played waits to the range a customer reads."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from hallflow.domain.ranges import WaitRange, outward

SHARES = (0.1, 0.5, 0.9)
"""Four waits in five end between the first and the last; half of them by the middle one."""


def wait_range(minutes: NDArray[np.floating] | Sequence[float]) -> WaitRange:
    """P10, P50 and P90 of these waits (minutes >= 0, at least one, shape (plays,)), rounded outward to sensible minutes."""
    low, likely, high = np.quantile(np.asarray(minutes, dtype=float), SHARES)
    return outward(float(low), float(likely), float(high))
