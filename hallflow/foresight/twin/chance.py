"""Common random numbers: all random variates of a simulation, drawn beforehand by one generator for each line and counter.

Two scenarios with equal seeds get the same customers, also if one of them has a counter more. What differs between their
results is then the effect of the scenario.
"""

from zlib import crc32

import numpy as np

from hallflow.foresight.arrays import Floats, Singles
from hallflow.foresight.learning.patience import Patience
from hallflow.foresight.learning.service_times import ServiceTime

NEVER = 1e9
"""A time beyond every horizon, in minutes."""
NO_SHOW = -1.0


def generator(seed: int, *name: str) -> np.random.Generator:
    """Random number stream of one line or counter."""
    return np.random.Generator(np.random.SFC64([seed, crc32("/".join(name).encode())]))


def draw_busyness(shape: float, rng: np.random.Generator, plays: int) -> Floats:
    """Day-to-day load factors, (plays,): gamma of this shape with mean 1, or all 1 for an infinite shape."""
    return rng.gamma(shape, 1 / shape, plays) if np.isfinite(shape) else np.ones(plays)


def draw_arrivals(expected: Floats | None, edges: Floats, factor: Floats, rng: np.random.Generator) -> Floats:
    """Arrival times of one line in minutes, (plays, most arrivals), rising; NEVER past the last edge.

    A Poisson process with rate `expected` (arrivals in each span between `edges`) times `factor` (plays,), by inversion of its
    mean.
    """
    if expected is None:
        return np.zeros((len(factor), 0))
    cumulative = np.concatenate(([0.0], np.cumsum(expected)))
    busiest = float(cumulative[-1] * factor.max())
    clock, more = np.zeros((len(factor), 0)), int(busiest + 2 * busiest**0.5 + 2)
    # few replications need many more arrivals than the busiest expects; draw until the last has enough
    while not clock.shape[1] or float(clock[:, -1].min()) < cumulative[-1]:
        gaps = rng.standard_exponential((len(factor), more))
        gaps /= factor[:, None]
        if clock.shape[1]:
            gaps[:, 0] += clock[:, -1]
        clock, more = np.hstack((clock, np.cumsum(gaps, axis=1))), int(busiest**0.5 + 2)
    clock = clock[:, : int((clock < cumulative[-1]).sum(axis=1).max())]
    # a span without arrivals has no inverse; a negligible slope makes its end the inverse
    rising = cumulative + np.arange(len(cumulative)) * 1e-12
    at = np.interp(clock, rising, edges)
    at[clock >= cumulative[-1]] = NEVER
    return at


def draw_abandonment(since: Floats, patience: Patience, rng: np.random.Generator) -> Singles:
    """Abandonment times in minutes, shape of `since` (plays, customers), given that nobody has left by minute 0."""
    waited = np.maximum(-since[0], 0.0)
    leaves = patience.residual(waited, rng.standard_exponential(since.shape, np.float32))
    leaves += np.maximum(since, 0.0, dtype=np.float32, casting="same_kind")
    return leaves


def draw_service_minutes(
    times: list[ServiceTime], no_show_share: float, rng: np.random.Generator, plays: int
) -> Singles:
    """Lognormal service times in minutes, (plays, customers); NO_SHOW for customers who will not come when called."""
    minutes = rng.standard_normal((plays, len(times)), np.float32)
    minutes *= np.array([t.sigma for t in times], np.float32)
    minutes += np.array([t.mu for t in times], np.float32)
    np.exp(minutes, out=minutes)
    if no_show_share > 0:
        minutes[rng.random(minutes.shape, np.float32) < no_show_share] = NO_SHOW
    return minutes
