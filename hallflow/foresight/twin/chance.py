"""Everything random in a play, drawn beforehand from a generator of each line or counter (common random numbers).

Two stages set with equal seeds meet the same customers whatever the hall does, also where one of them has a counter more, so that
what differs between them is the hall.
"""

from zlib import crc32

import numpy as np

from hallflow.foresight.arrays import Floats, Singles
from hallflow.foresight.learning.patience import Patience
from hallflow.foresight.learning.service_times import ServiceTime

NEVER = 1e9
"""A time that does not come, in minutes."""
NO_SHOW = -1.0


def generator(seed: int, *what: str) -> np.random.Generator:
    """The generator of one line or counter."""
    return np.random.Generator(np.random.SFC64([seed, crc32("/".join(what).encode())]))


def busyness(shape: float, chance: np.random.Generator, plays: int) -> Floats:
    return chance.gamma(shape, 1 / shape, plays) if np.isfinite(shape) else np.ones(plays)


def arrival_minutes(expected: Floats | None, edges: Floats, factor: Floats, chance: np.random.Generator) -> Floats:
    """Arrival times of one line, (P, most), rising, NEVER past the last edge: a Poisson process run on the clock of its mean."""
    if expected is None:
        return np.zeros((len(factor), 0))
    reached = np.concatenate(([0.0], np.cumsum(expected)))
    busiest = float(reached[-1] * factor.max())
    clock, more = np.zeros((len(factor), 0)), int(busiest + 2 * busiest**0.5 + 2)
    # hardly any play needs many more than the busiest is expected to: so many as it takes
    while not clock.shape[1] or float(clock[:, -1].min()) < reached[-1]:
        gaps = chance.standard_exponential((len(factor), more))
        gaps /= factor[:, None]
        if clock.shape[1]:
            gaps[:, 0] += clock[:, -1]
        clock, more = np.hstack((clock, np.cumsum(gaps, axis=1))), int(busiest**0.5 + 2)
    clock = clock[:, : int((clock < reached[-1]).sum(axis=1).max())]
    # a span without arrivals has no inverse: a hair of slope picks its end
    rising = reached + np.arange(len(reached)) * 1e-12
    at = np.interp(clock, rising, edges)
    at[clock >= reached[-1]] = NEVER
    return at


def leaving_minutes(since: Floats, patience: Patience, chance: np.random.Generator) -> Singles:
    """When each gives up, given that they are still here at the play's first instant."""
    waited = np.maximum(-since[0], 0.0)
    leaves = patience.residual(waited, chance.standard_exponential(since.shape, np.float32))
    leaves += np.maximum(since, 0.0, dtype=np.float32, casting="same_kind")
    return leaves


def service_minutes(times: list[ServiceTime], no_show_share: float, chance: np.random.Generator, plays: int) -> Singles:
    busy = chance.standard_normal((plays, len(times)), np.float32)
    busy *= np.array([t.sigma for t in times], np.float32)
    busy += np.array([t.mu for t in times], np.float32)
    np.exp(busy, out=busy)
    if no_show_share > 0:
        busy[chance.random(busy.shape, np.float32) < no_show_share] = NO_SHOW
    return busy
