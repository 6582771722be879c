"""Service times: lognormal, estimated from past visits and shrunk towards the plan's mean where there are few.

Lognormal service times follow Brown et al. 2005 (a bank's call centre). They are fitted by mean and variance, the moments
that a queue depends on. Where a log has no end of service, the gap between two consecutive calls of a busy counter replaces
it: a gap is counted only if the second customer was already waiting, for then the counter was never idle.
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
from hallflow.foresight.learning.speeds import TimeFactors

# -log of the standard normal's upper tail on a grid; it rises with z, so that it can be inverted far into the tail
_GRID = np.linspace(-6.0, 12.0, 1801)
_TAIL = np.array([-log(erfc(z / sqrt(2)) / 2) for z in _GRID])

USUAL_SIGMA = 0.6
"""Standard deviation of log service time before there is a history (coefficient of variation 0.66)."""
FEW = 10.0
"""Prior weight: the plan's mean counts as much as this many visits."""
FEW_SPREAD = 30.0
GAP_AT_MOST = 60.0
"""Minutes; a longer gap between two calls was a break."""
READING_LASTS = 60.0


@dataclass(frozen=True, slots=True)
class ServiceTime:
    """Lognormal service time with this mean in minutes; sigma 0 means that it is constant."""

    mean: float
    sigma: float = USUAL_SIGMA
    count: int = 0

    @property
    def mu(self) -> float:
        """Mean of log service time."""
        return log(self.mean) - self.sigma**2 / 2

    @property
    def median(self) -> float:
        """Median service time in minutes."""
        return exp(self.mu)


@dataclass(frozen=True, slots=True)
class Reading:
    """How many counters were open for a service at one moment: a row of counters.csv."""

    service: str
    at: datetime
    open: int


def learn_service_times(
    visits: Sequence[Visit],
    plan: Plan,
    walk_minutes: float,
    readings: Iterable[Reading] = (),
    factors: TimeFactors | None = None,
) -> dict[str, ServiceTime]:
    """Fit every service's time (minutes): from ends of service where recorded, else from gaps between calls, else the
    plan's mean.

    With `factors` the result is for a customer and counter of factor 1, and its spread is what the factors leave
    unexplained.
    """
    factors = factors or TimeFactors()
    samples: defaultdict[str, list[float]] = defaultdict(list)
    for visit in visits:
        minutes = service_minutes(visit, walk_minutes)
        if minutes is not None:
            factor = factors.of(visit.service, visit.tier, visit.counter, visit.prefilled)
            samples[visit.service].append(minutes / factor)
    gaps = _gaps(visits, readings)
    return {
        key: _fit(samples[key] or [max(gap - walk_minutes, 0.1) for gap in gaps.get(key, ())], service.minutes)
        for key, service in plan.services.items()
    }


def service_minutes(visit: Visit, walk_minutes: float) -> float | None:
    """Service time of a visit in minutes, from arrival at the counter to the end; None where the visit does not record it."""
    if visit.outcome != "served" or visit.ended_at is None or visit.called_at is None:
        return None
    if visit.arrived_at is not None:
        minutes = (visit.ended_at - visit.arrived_at).total_seconds() / 60
    else:
        minutes = (visit.ended_at - visit.called_at).total_seconds() / 60 - walk_minutes
    return minutes if minutes > 0 else None


def _gaps(visits: Sequence[Visit], readings: Iterable[Reading]) -> dict[str, list[float]]:
    """Counter-minutes per call by service: gaps between a counter's calls, or between all calls times the number of open
    counters.
    """
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
    """Lognormal by mean and variance; values above the 99th percentile are capped, for services that were never ended in
    the log.
    """
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
    """Draw residual service times (minutes) of a service begun `elapsed` minutes ago, shape (plays,): one for each
    replication.

    The lognormal is conditioned on exceeding `elapsed`, by inversion of its upper tail.
    """
    if time.sigma == 0:
        return np.full(plays, max(time.mean - elapsed, 0.0))
    passed = -np.inf if elapsed <= 0 else (log(elapsed) - time.mu) / time.sigma
    spent = 0.0 if passed <= _GRID[0] else float(np.interp(passed, _GRID, _TAIL))
    reached = np.interp(spent + rng.standard_exponential(plays), _TAIL, _GRID)
    return np.asarray(np.maximum(np.exp(time.mu + time.sigma * reached) - max(elapsed, 0.0), 0.0))
