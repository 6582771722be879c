"""Arrival forecast: expected arrivals by quarter-hour of one day, updated during the day by what has come (gamma-Poisson updating).

Arrivals are doubly stochastic: a day's rate is its profile times its *busyness*, a gamma factor with mean one. After n arrivals
where e were expected its posterior is gamma again, with shape a + n and rate a + e for a = 1 / cv^2, and the count of any later
quarter-hour is negative binomial (Avramidis, Deslauriers & L'Ecuyer 2004; Ibrahim et al. 2016). Parts of a day also vary by
themselves, by the day's *swing*: its variance widens the forecast, and n and e are discounted by 1 / (1 + e * swing variance).
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
from hallflow.foresight.learning.special_days import DayEffect, effects_of, weekdays_like
from hallflow.foresight.learning.weekly_profile import slot_of

UNLIKELY = 10.0
"""Expected arrivals without a single one from which the hall is taken as not open yet; by chance that happens once in 22,000 times."""


@dataclass(frozen=True, slots=True)
class Busyness:
    """The day's load factor (busyness): gamma with this shape and rate; mean 1 before the day begins."""

    shape: float
    rate: float

    @property
    def mean(self) -> float:
        """Posterior mean of the factor."""
        return self.shape / self.rate

    def posterior(self, arrived: float, expected: float) -> "Busyness":
        """The posterior after `arrived` arrivals where `expected` were expected."""
        return Busyness(self.shape + arrived, self.rate + expected)

    def widened(self, variance: float) -> "Busyness":
        """The same mean with this variance added."""
        shape = 1 / (1 / self.shape + variance)
        return Busyness(shape, shape / self.mean)


@dataclass(frozen=True, slots=True)
class Expected:
    """Forecast of a count: its mean and 80 % prediction interval."""

    expected: float
    low: int
    high: int


@dataclass(frozen=True, slots=True)
class Quarter:
    """Forecast of one quarter-hour; `start` is aware, in UTC."""

    start: datetime
    total: Expected
    services: Mapping[str, Expected]
    arrived: int | None = None
    """Arrivals so far, once the quarter-hour has begun."""


@dataclass(frozen=True, slots=True)
class DayForecast:
    """Forecast of a hall's day in quarter-hours, from opening to closing."""

    day: date
    quarters: tuple[Quarter, ...]
    busyness: Busyness
    effects: tuple[DayEffect, ...] = ()
    """Calendar effects of the day, already part of its figures."""

    def expected(self, since: datetime | None = None) -> float:
        """Expected arrivals of the quarter-hours that begin at or after `since`, or of all."""
        return sum(q.total.expected for q in self.quarters if since is None or q.start >= since)


@dataclass(frozen=True, slots=True)
class ArrivalRates:
    """Arrival rates that a simulation draws from; minutes count from its first instant."""

    edges: Floats
    """Bounds of the spans in minutes from now, shape (spans + 1,), rising."""
    counts: Mapping[tuple[str, str], Floats]
    """(service, tier) -> expected arrivals in each span, shape (spans,)."""
    shape: float = np.inf
    """Shape of the gamma factor (mean 1) common to the arrivals of a replication; infinite for none."""


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
    """Forecast a day's arrivals by quarter-hour and service, with 80 % intervals.

    `arrived` are the day's counts by (epoch quarter-hour, service) as in the hall's tally; with `now` (aware) they update the
    rest of the day. Past quarter-hours keep what was expected of them before.
    """
    hours = _open_quarters(plan, day)
    swing = learned.swing_cv**2
    effects = effects_of(plan, learned.effects, day)
    shared = _prior(learned, weekdays_like(plan, day), effects)
    prior = shared.widened(swing)
    means = [
        _means(plan, learned, day, effects, start, share)
        for start, share in zip(hours.starts, hours.open_share, strict=True)
    ]
    came = _by_quarter(arrived or {})
    busyness = prior
    if now is not None:
        expected_by_quarter = [
            sum(mean.values()) * _share_over(start, now) for start, mean in zip(hours.starts, means, strict=True)
        ]
        past = [came.get(_epoch(start), 0) if start < now else 0 for start in hours.starts]
        n, expected = _so_far(past, expected_by_quarter)
        discount = 1 / (1 + expected * swing)
        busyness = shared.posterior(n * discount, expected * discount).widened(swing)
    quarters = []
    for start, mean in zip(hours.starts, means, strict=True):
        over = now is not None and start + QUARTER <= now
        law = prior if over else busyness
        services = {key: _expected(m * law.mean, law.shape) for key, m in mean.items()}
        begun = now is not None and start <= now
        total = _expected(sum(mean.values()) * law.mean, law.shape)
        quarters.append(Quarter(start, total, services, came.get(_epoch(start), 0) if begun else None))
    return DayForecast(day, tuple(quarters), busyness, effects)


def _prior(learned: Learned, weekdays: Sequence[int], effects: Sequence[DayEffect]) -> Busyness:
    """Prior of a day's busyness."""
    weekday = max(learned.weekday_cv[weekday] for weekday in weekdays)
    special = sum(effect.variance for effect in effects if not effect.kind.services)
    variance = learned.busyness_cv**2 + weekday**2 + special
    return Busyness(1 / variance, 1 / variance)


def arrival_rates(learned: Learned, ahead: DayForecast, now: datetime, horizon_minutes: float) -> ArrivalRates:
    """The forecast from `now` (aware) to the horizon as arrival rates, split by tier."""
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
    return ArrivalRates(np.array(edges), counts, ahead.busyness.shape)


def until_minutes(arrivals: ArrivalRates, minutes: float) -> ArrivalRates:
    """The arrival rates of the first so many minutes."""
    edges = arrivals.edges
    if edges[-1] <= minutes:
        return arrivals
    last = int(np.searchsorted(edges, minutes))
    part = np.ones(last)
    part[-1] = (minutes - edges[last - 1]) / (edges[last] - edges[last - 1])
    counts = {kind: expected[:last] * part for kind, expected in arrivals.counts.items()}
    return ArrivalRates(np.append(edges[:last], minutes), counts, arrivals.shape)


def _open_quarters(plan: Plan, day: date) -> _Day:
    """The quarter-hours that overlap with business hours, at most 96, and the share of each that is open."""
    hours = _Day()
    for opens, closes in sorted(plan.hours.spans(day)):
        begin, end = opens.timestamp(), closes.timestamp()
        start = begin // QUARTER_SECONDS * QUARTER_SECONDS
        while start < end and len(hours.starts) < 96:
            share = (min(end, start + QUARTER_SECONDS) - max(begin, start)) / QUARTER_SECONDS
            at = datetime.fromtimestamp(start, UTC)
            if hours.starts and hours.starts[-1] == at:
                hours.open_share[-1] += share
            else:
                hours.starts.append(at)
                hours.open_share.append(share)
            start += QUARTER_SECONDS
    return hours


def _means(
    plan: Plan, learned: Learned, day: date, effects: Sequence[DayEffect], start: datetime, share: float
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


def _share_over(start: datetime, now: datetime) -> float:
    """Share of the quarter-hour that is over."""
    return min(max((now - start) / QUARTER, 0.0), 1.0)


def _so_far(came: Sequence[int], expected_by_quarter: Sequence[float]) -> tuple[int, float]:
    """Arrivals and expected arrivals so far, without an initial span in which many were expected and none came: the hall was
    not open.
    """
    first = next((i for i, n in enumerate(came) if n), len(came))
    if sum(expected_by_quarter[:first]) < UNLIKELY:
        first = 0
    return sum(came[first:]), sum(expected_by_quarter[first:])


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
    """Quantiles (at levels `shares`) of a negative binomial count with this mean and variance mean + mean^2 / shape."""
    if mean <= 0:
        return 0, 0
    spread = sqrt(mean + mean**2 / shape)
    first = max(int(mean - 8 * spread), 0)
    k = np.arange(first + 1, ceil(mean + 10 * spread) + 2)
    steps = np.log((k - 1 + shape) / k) + np.log(mean / (mean + shape))
    weights = np.concatenate(([0.0], np.cumsum(steps)))
    probabilities = np.exp(weights - weights.max())
    cumulative = np.cumsum(probabilities / probabilities.sum())
    low, high = (first + int(np.searchsorted(cumulative, share)) for share in shares)
    return low, high


def busyness_points(shape: float, points: int = 7) -> Floats:
    """Equally likely values of a gamma factor with mean 1, shape (points,), by Wilson & Hilferty's cube-root approximation."""
    normal: Sequence[float] = [NormalDist().inv_cdf((i + 0.5) / points) for i in range(points)]
    cubes = (1 - 1 / (9 * shape) + np.array(normal) / (3 * sqrt(shape))) ** 3
    values = np.maximum(cubes, 0.05)
    return np.asarray(values / values.mean())
