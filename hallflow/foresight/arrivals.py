"""Who will come: expected arrivals per quarter-hour of one day, corrected by what the day has brought so far.

A day's arrivals are its profile times its *busyness*, a gamma factor with mean one. After n arrivals where e were expected its
posterior is gamma again, with shape a + n and rate a + e for a = 1 / cv^2, and the rest of the day follows it; the count of any
quarter-hour is then negative binomial (Avramidis, Deslauriers & L'Ecuyer 2004; Ibrahim et al. 2016). The parts of a day also
differ by themselves, by its *swing*: it widens what is to come, and what has come is counted for less, as n / (1 + e * swing).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import lru_cache
from math import ceil, prod, sqrt
from statistics import NormalDist

import numpy as np

from hallflow.domain.plan import Plan
from hallflow.domain.quarters import QUARTER, QUARTER_SECONDS
from hallflow.foresight.arrays import Floats
from hallflow.foresight.learning.learned import Learned
from hallflow.foresight.learning.special_days import Effect, effects_of, weekdays_like
from hallflow.foresight.learning.weekly_profile import slot_of

UNLIKELY = 10.0
"""Nobody comes where so many are due once in 22,000 times."""


@dataclass(frozen=True, slots=True)
class Busyness:
    """How busy the day is against what was expected: gamma with this shape and rate; mean 1 before it has begun."""

    shape: float
    rate: float

    @property
    def mean(self) -> float:
        """The best guess of the factor."""
        return self.shape / self.rate

    def after(self, arrived: float, expected: float) -> "Busyness":
        """The posterior once so many came where so many were expected."""
        return Busyness(self.shape + arrived, self.rate + expected)

    def wider(self, variance: float) -> "Busyness":
        """The same mean, with this more variance of the factor."""
        shape = 1 / (1 / self.shape + variance)
        return Busyness(shape, shape / self.mean)


@dataclass(frozen=True, slots=True)
class Expected:
    """A count to come: its mean and the range that holds four times in five."""

    expected: float
    low: int
    high: int


@dataclass(frozen=True, slots=True)
class Quarter:
    """One quarter-hour of a day; `start` is aware, in UTC."""

    start: datetime
    total: Expected
    services: Mapping[str, Expected]
    arrived: int | None = None
    """Who has come in it, once it has begun."""


@dataclass(frozen=True, slots=True)
class DayForecast:
    """A hall's day in quarter-hours, from opening to closing."""

    day: date
    quarters: tuple[Quarter, ...]
    busyness: Busyness
    effects: tuple[Effect, ...] = ()
    """What is special of the day, and in its figures."""

    def expected(self, since: datetime | None = None) -> float:
        """Arrivals expected in the quarter-hours that begin at or after this moment, or in all."""
        return sum(q.total.expected for q in self.quarters if since is None or q.start >= since)


@dataclass(frozen=True, slots=True)
class Coming:
    """The arrivals that a play draws from. Minutes count from the play's first instant."""

    edges: Floats
    """Bounds of the spans, minutes from now, shape (spans + 1,), rising."""
    counts: Mapping[tuple[str, str], Floats]
    """Expected arrivals of (service, tier) in each span, shape (spans,)."""
    shape: float = np.inf
    """Shape of the gamma factor (mean 1) that all of one play's arrivals share; infinite: none."""


@dataclass(frozen=True, slots=True)
class _Day:
    starts: list[datetime] = field(default_factory=list)
    open_share: list[float] = field(default_factory=list)


def forecast(
    plan: Plan,
    learned: Learned,
    day: date,
    now: datetime | None = None,
    arrived: Mapping[tuple[int, str], int] | None = None,
) -> DayForecast:
    """Expected arrivals of a day by quarter-hour and service, with 80 % ranges.

    `arrived` are the day's counts by (epoch quarter-hour, service) as the hall's tally keeps them; with `now` they correct the
    rest of the day. Quarter-hours already past keep what had been expected of them.
    """
    hours = _open_quarters(plan, day)
    swing = learned.swing_cv**2
    effects = effects_of(plan, learned.effects, day)
    shared = _before(learned, weekdays_like(plan, day), effects)
    before = shared.wider(swing)
    means = [
        _means(plan, learned, day, effects, start, share)
        for start, share in zip(hours.starts, hours.open_share, strict=True)
    ]
    came = _by_quarter(arrived or {})
    busyness = before
    if now is not None:
        due = [sum(mean.values()) * _past(start, now) for start, mean in zip(hours.starts, means, strict=True)]
        past = [came.get(_epoch(start), 0) if start < now else 0 for start in hours.starts]
        n, expected = _so_far(past, due)
        counts = 1 / (1 + expected * swing)
        busyness = shared.after(n * counts, expected * counts).wider(swing)
    quarters = []
    for start, mean in zip(hours.starts, means, strict=True):
        over = now is not None and start + QUARTER <= now
        law = before if over else busyness
        services = {key: _expected(m * law.mean, law.shape) for key, m in mean.items()}
        begun = now is not None and start <= now
        total = _expected(sum(mean.values()) * law.mean, law.shape)
        quarters.append(Quarter(start, total, services, came.get(_epoch(start), 0) if begun else None))
    return DayForecast(day, tuple(quarters), busyness, effects)


def _before(learned: Learned, weekdays: Sequence[int], effects: Sequence[Effect]) -> Busyness:
    """What is known of a day's busyness before it begins."""
    weekday = max(learned.weekday_cv[weekday] for weekday in weekdays)
    special = sum(effect.variance for effect in effects if not effect.kind.services)
    variance = learned.busyness_cv**2 + weekday**2 + special
    return Busyness(1 / variance, 1 / variance)


def coming(learned: Learned, ahead: DayForecast, now: datetime, horizon_minutes: float) -> Coming:
    """What a play draws its arrivals from: the forecast from now on, split by tier, at most as far as the horizon."""
    edges: list[float] = [0.0]
    spans: list[tuple[Quarter | None, float]] = []
    for quarter in ahead.quarters:
        begin = (quarter.start - now).total_seconds() / 60
        until = min(begin + 15.0, horizon_minutes)
        if until <= max(begin, 0.0):
            continue
        if begin > edges[-1]:
            edges.append(begin)
            spans.append((None, 0.0))
        edges.append(until)
        spans.append((quarter, (until - max(begin, 0.0)) / 15.0))
    counts = {
        (service, tier): np.array([q.services[service].expected * part * share if q else 0.0 for q, part in spans])
        for service, mix in learned.tiers.items()
        for tier, share in mix.items()
    }
    return Coming(np.array(edges), counts, ahead.busyness.shape)


def until_minutes(arrivals: Coming, minutes: float) -> Coming:
    """The arrivals of the first so many minutes."""
    edges = arrivals.edges
    if edges[-1] <= minutes:
        return arrivals
    last = int(np.searchsorted(edges, minutes))
    part = np.ones(last)
    part[-1] = (minutes - edges[last - 1]) / (edges[last] - edges[last - 1])
    counts = {kind: expected[:last] * part for kind, expected in arrivals.counts.items()}
    return Coming(np.append(edges[:last], minutes), counts, arrivals.shape)


def _open_quarters(plan: Plan, day: date) -> _Day:
    """The day's quarter-hours that touch an open span, at most 24 hours of them, and the share of each that is open."""
    found = _Day()
    for opens, closes in sorted(plan.hours.spans(day)):
        begin, end = opens.timestamp(), closes.timestamp()
        start = begin // QUARTER_SECONDS * QUARTER_SECONDS
        while start < end and len(found.starts) < 96:
            share = (min(end, start + QUARTER_SECONDS) - max(begin, start)) / QUARTER_SECONDS
            at = datetime.fromtimestamp(start, UTC)
            if found.starts and found.starts[-1] == at:
                found.open_share[-1] += share
            else:
                found.starts.append(at)
                found.open_share.append(share)
            start += QUARTER_SECONDS
    return found


def _means(
    plan: Plan, learned: Learned, day: date, effects: Sequence[Effect], start: datetime, share: float
) -> dict[str, float]:
    slot, likes = slot_of(start, plan), weekdays_like(plan, day)
    return {
        key: sum(learned.week[key][weekday][slot] for weekday in likes)
        / len(likes)
        * prod(effect.of(key) for effect in effects)
        * learned.level
        * share
        for key in plan.services
        if key in learned.week
    }


def _past(start: datetime, now: datetime) -> float:
    """The share of the quarter-hour that is over."""
    return min(max((now - start) / QUARTER, 0.0), 1.0)


def _so_far(came: Sequence[int], due: Sequence[float]) -> tuple[int, float]:
    """Who came and who was due, but for a beginning in which many were due and nobody came: then the hall was not open."""
    first = next((i for i, n in enumerate(came) if n), len(came))
    if sum(due[:first]) < UNLIKELY:
        first = 0
    return sum(came[first:]), sum(due[first:])


def _epoch(start: datetime) -> int:
    return int(start.timestamp()) // QUARTER_SECONDS


def _by_quarter(arrived: Mapping[tuple[int, str], int]) -> dict[int, int]:
    totals: dict[int, int] = {}
    for (quarter, _), n in arrived.items():
        totals[quarter] = totals.get(quarter, 0) + n
    return totals


def _expected(mean: float, shape: float) -> Expected:
    low, high = count_range(round(mean, 4), round(shape, 2))
    return Expected(mean, low, high)


@lru_cache(maxsize=20000)
def count_range(mean: float, shape: float, shares: tuple[float, float] = (0.1, 0.9)) -> tuple[int, int]:
    """Quantiles of a negative binomial count with this mean and variance mean + mean^2 / shape."""
    if mean <= 0:
        return 0, 0
    spread = sqrt(mean + mean**2 / shape)
    first = max(int(mean - 8 * spread), 0)
    k = np.arange(first + 1, ceil(mean + 10 * spread) + 2)
    steps = np.log((k - 1 + shape) / k) + np.log(mean / (mean + shape))
    weights = np.concatenate(([0.0], np.cumsum(steps)))
    chances = np.exp(weights - weights.max())
    reached = np.cumsum(chances / chances.sum())
    low, high = (first + int(np.searchsorted(reached, share)) for share in shares)
    return low, high


def busyness_points(shape: float, points: int = 7) -> Floats:
    """Equally likely values of a gamma factor with mean 1 (Wilson & Hilferty's cube), shape (points,)."""
    normal: Sequence[float] = [NormalDist().inv_cdf((i + 0.5) / points) for i in range(points)]
    cubes = (1 - 1 / (9 * shape) + np.array(normal) / (3 * sqrt(shape))) ** 3
    values = np.maximum(cubes, 0.05)
    return np.asarray(values / values.mean())
