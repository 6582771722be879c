"""How much longer a service lasts that has lasted so long already: the lognormal law beyond what has passed."""

from math import erfc, log, sqrt

import numpy as np
from numpy.typing import NDArray

from hallflow.foresight.learning.service_times import ServiceTime

# the standard normal's upper tail on a grid, rising in -log of the tail so that it can be inverted to its far end
_GRID = np.linspace(-6.0, 12.0, 1801)
_TAIL = np.array([-log(erfc(z / sqrt(2)) / 2) for z in _GRID])


def remaining_minutes(time: ServiceTime, elapsed: float, rng: np.random.Generator, plays: int) -> NDArray[np.float64]:
    """Draws of the minutes still to come after `elapsed` minutes, shape (plays,)."""
    if time.sigma == 0:
        return np.full(plays, max(time.mean - elapsed, 0.0))
    passed = -np.inf if elapsed <= 0 else (log(elapsed) - time.mu) / time.sigma
    spent = 0.0 if passed <= _GRID[0] else float(np.interp(passed, _GRID, _TAIL))
    reached = np.interp(spent + rng.standard_exponential(plays), _TAIL, _GRID)
    return np.asarray(np.maximum(np.exp(time.mu + time.sigma * reached) - max(elapsed, 0.0), 0.0))
