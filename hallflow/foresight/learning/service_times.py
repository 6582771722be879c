"""How long a service takes, learned from past visits and held towards the plan's minutes where there are few.

Service times are taken as lognormal (Brown et al. 2005 found them so in a bank), fitted by mean and variance because these
are what a queue feels. Where a log has no end of service, the gap between two calls stands in for it whenever the second
customer was already waiting: then the gap was work and not idleness.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from math import erfc, exp, log, sqrt

import numpy as np
from numpy.typing import NDArray

from hallflow.domain.past.visit import Visit
from hallflow.domain.plan import Plan
from hallflow.foresight.learning.speeds import Paces

# the standard normal's upper tail on a grid, rising in -log of the tail so that it can be inverted to its far end
_GRID = np.linspace(-6.0, 12.0, 1801)
_TAIL = np.array([-log(erfc(z / sqrt(2)) / 2) for z in _GRID])

USUAL_SIGMA = 0.6
"""Spread of the logarithm of service minutes before there is a history (coefficient of variation 0.66)."""
FEW = 10.0
"""So many visits weigh as much as the plan's minutes."""
FEW_SPREAD = 30.0
GAP_AT_MOST = 60.0
"""A longer gap between two calls was a break."""
READING_LASTS = 60.0


@dataclass(frozen=True, slots=True)
class ServiceTime:
    """Minutes at the counter: lognormal with this mean; sigma 0 means always the same."""

    mean: float
    sigma: float = USUAL_SIGMA
    count: int = 0

    @property
    def mu(self) -> float:
        """Mean of the logarithm of the minutes."""
        return log(self.mean) - self.sigma**2 / 2

    @property
    def median(self) -> float:
        """The minutes that half of the services stay under."""
        return exp(self.mu)


@dataclass(frozen=True, slots=True)
class Reading:
    """How many counters were open for a service at one moment: a row of counters.csv."""

    service: str
    at: datetime
    open: int


def learn_minutes(
    visits: Sequence[Visit],
    plan: Plan,
    walk_minutes: float,
    readings: Iterable[Reading] = (),
    paces: Paces | None = None,
) -> dict[str, ServiceTime]:
    """Every service's time at the counter (minutes): ends where known, else gaps between calls, else the plan's.

    With `paces` the time is that of an ordinary tier at an ordinary counter, and its spread what they do not explain.
    """
    paces = paces or Paces()
    seen: defaultdict[str, list[float]] = defaultdict(list)
    for visit in visits:
        minutes = minutes_at_counter(visit, walk_minutes)
        if minutes is not None:
            factor = paces.of(visit.service, visit.tier, visit.counter, visit.prefilled)
            seen[visit.service].append(minutes / factor)
    gaps = _gaps(visits, readings)
    return {
        key: _fit(seen[key] or [max(gap - walk_minutes, 0.1) for gap in gaps.get(key, ())], service.minutes)
        for key, service in plan.services.items()
    }


def minutes_at_counter(visit: Visit, walk_minutes: float) -> float | None:
    """From arrived to finished, as far as the visit tells; None where it does not."""
    if visit.outcome != "served" or visit.ended_at is None or visit.called_at is None:
        return None
    if visit.arrived_at is not None:
        minutes = (visit.ended_at - visit.arrived_at).total_seconds() / 60
    else:
        minutes = (visit.ended_at - visit.called_at).total_seconds() / 60 - walk_minutes
    return minutes if minutes > 0 else None


def _gaps(visits: Sequence[Visit], readings: Iterable[Reading]) -> dict[str, list[float]]:
    """Counter-minutes per call by service, from the calls of one counter, or of all with the count of those open."""
    opened: defaultdict[str, list[tuple[datetime, int]]] = defaultdict(list)
    for reading in readings:
        opened[reading.service].append((reading.at, reading.open))
    for series in opened.values():
        series.sort()
    queues: defaultdict[tuple[str, str | None], list[Visit]] = defaultdict(list)
    for visit in visits:
        if visit.called_at is not None and (visit.counter is not None or visit.service in opened):
            queues["" if visit.counter else visit.service, visit.counter].append(visit)
    gaps: defaultdict[str, list[float]] = defaultdict(list)
    for (_, counter), calls in queues.items():
        calls.sort(key=lambda v: v.called_at or v.issued_at)
        position = 0
        for before, after in pairwise(calls):
            if before.called_at is None or after.called_at is None or after.issued_at >= before.called_at:
                continue
            gap = (after.called_at - before.called_at).total_seconds() / 60
            if gap > GAP_AT_MOST:
                continue
            at_work = 1
            if counter is None:
                series = opened[before.service]
                while position + 1 < len(series) and series[position + 1][0] <= after.called_at:
                    position += 1
                at, count = series[position]
                if count < 1 or abs((after.called_at - at).total_seconds()) / 60 > READING_LASTS:
                    continue
                at_work = count
            gaps[before.service].append(gap * at_work)
    return dict(gaps)


def _fit(minutes: Sequence[float], planned: float) -> ServiceTime:
    """A lognormal by mean and variance; the highest hundredth is cut, for a clerk who forgot to finish."""
    n = len(minutes)
    if n == 0:
        return ServiceTime(planned)
    values = np.minimum(np.asarray(minutes), np.quantile(minutes, 0.99))
    mean = float(values.mean())
    variance = float(values.var(ddof=1)) if n > 1 else 0.0
    sigma2 = log(1 + variance / mean**2)
    sigma = sqrt((n * sigma2 + FEW_SPREAD * USUAL_SIGMA**2) / (n + FEW_SPREAD))
    return ServiceTime((n * mean + FEW * planned) / (n + FEW), min(max(sigma, 0.1), 1.2), n)


def remaining_minutes(time: ServiceTime, elapsed: float, rng: np.random.Generator, plays: int) -> NDArray[np.float64]:
    """Draws of the minutes still to come after `elapsed` minutes, shape (plays,)."""
    if time.sigma == 0:
        return np.full(plays, max(time.mean - elapsed, 0.0))
    passed = -np.inf if elapsed <= 0 else (log(elapsed) - time.mu) / time.sigma
    spent = 0.0 if passed <= _GRID[0] else float(np.interp(passed, _GRID, _TAIL))
    reached = np.interp(spent + rng.standard_exponential(plays), _TAIL, _GRID)
    return np.asarray(np.maximum(np.exp(time.mu + time.sigma * reached) - max(elapsed, 0.0), 0.0))
