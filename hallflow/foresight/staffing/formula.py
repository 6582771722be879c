"""Staffing requirement by formula: the fewest counters of each quarter-hour whose Erlang A service level and abandonment are met.

The modified offered load (MOL) of each quarter-hour is spread over seven equally likely values of the day's busyness, because a
plan tuned to the mean fails on busy days. The fewest counters are taken for which, averaged over these by customers, the
service level is met and no more abandon than the hall allows. All counters are pooled; skills enter as a lower bound (one
counter for every service).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import ceil

import numpy as np

from hallflow.domain.plan import Plan
from hallflow.foresight.arrays import Floats
from hallflow.foresight.arrivals import DayForecast, busyness_points
from hallflow.foresight.learning.learned import Learned
from hallflow.foresight.staffing.erlang import ErlangA, carried_load

DEMAND = 0.05
"""Expected arrivals of a service in a quarter-hour below which it needs no counter of its own."""

STEP_QUARTERS = 2
"""Shortest step of a practical staffing, in quarter-hours."""
PATIENT = 1440.0
"""Minutes; with a longer mean patience nobody leaves within a day."""


@dataclass(frozen=True, slots=True)
class FormulaNeed:
    """The counters that one quarter-hour requires."""

    counters: int
    load: float
    """Offered load in erlangs."""
    occupied_minutes: float
    """Mean minutes a call occupies a counter, over the services that come."""
    because: str
    """The binding constraint: `demand`, `cover` (a counter for every service), `least` (the plan's minimum), `most` (all there
    are), `none`; after simulation, the one that a counter less would violate: `abandoned`, `tier`, `guard` or `service`, with
    `beyond_` before it if that is violated with all counters open.
    """
    whose: str | None = None
    """The tier or service of that constraint."""
    groups: tuple[int, ...] = ()
    """Counters of each skill group; empty where unknown."""
    lacking: tuple[str, ...] = ()
    """Services for which even all counters are too few."""


def requirement(
    plan: Plan, learned: Learned, ahead: DayForecast, in_hall: float = 0.0, first: int = 0
) -> list[FormulaNeed]:
    """The required counters of each quarter-hour from index `first` on, with `in_hall` customers already in the hall."""
    quarters = ahead.quarters[first:]
    keys = [key for key in plan.services if plan.counters_for(key)]
    if not quarters or not keys:
        return [FormulaNeed(0, 0.0, 0.0, "none") for _ in quarters]
    minutes = np.array([learned.occupied_minutes(key) for key in keys])
    expected = np.array([[q.services[key].expected if key in q.services else 0.0 for key in keys] for q in quarters])
    share = expected[0] / expected[0].sum() if expected[0].sum() > 0 else np.full(len(keys), 1 / len(keys))
    loads = np.stack(
        [carried_load(expected[:, i], minutes[i], start=in_hall * share[i]) for i in range(len(keys))], axis=1
    )
    points = busyness_points(ahead.busyness.shape)
    return [_need(plan, learned, row, keys, minutes, came, points) for row, came in zip(loads, expected, strict=True)]


def _need(
    plan: Plan, learned: Learned, loads: Floats, keys: Sequence[str], minutes: Floats, expected: Floats, points: Floats
) -> FormulaNeed:
    rules, most = plan.staffing, len(plan.counters)
    load = float(loads.sum())
    flow = float((loads / minutes).sum())
    mean = load / flow if flow > 0 else float(minutes.mean())
    patience = min(round(learned.patience_minutes, 1), PATIENT)
    by_demand = _fewest(round(load, 2), round(mean, 1), patience, plan, tuple(points.tolist()))
    cover = _cover(plan, [key for key, n in zip(keys, expected, strict=True) if n >= DEMAND])
    least = min(rules.counters_at_least, most)
    counters = max(by_demand or 0, cover, least)
    because = "demand" if counters == by_demand else "cover" if counters == cover else "least"
    if by_demand is None:
        counters, because = most, "most"
    return FormulaNeed(min(counters, most), load, mean, because)


def _fewest(load: float, minutes: float, patience: float, plan: Plan, points: tuple[float, ...]) -> int | None:
    """The fewest counters that meet service level and abandonment limit; None if all of the hall's do not."""
    rules = plan.staffing
    if load <= 0.005:
        return 0
    for counters in range(max(ceil(load * 0.6), 1), len(plan.counters) + 1):
        service_level, abandoned = _quality(load, minutes, patience, counters, rules.goal_minutes, points)
        if service_level >= rules.goal_share and abandoned <= rules.abandoned_at_most:
            return counters
    return None


@lru_cache(maxsize=20000)
def _quality(
    load: float, minutes: float, patience: float, counters: int, goal: float, points: tuple[float, ...]
) -> tuple[float, float]:
    """Service level and abandonment probability, averaged over the values of busyness, weighted by customers."""
    lines = [ErlangA(load * busy / minutes, minutes, patience, counters) for busy in points]
    weight = sum(points)
    service_level = sum(busy * line.service_level(goal) for busy, line in zip(points, lines, strict=True)) / weight
    abandoned = sum(busy * line.abandoned for busy, line in zip(points, lines, strict=True)) / weight
    return service_level, abandoned


def _cover(plan: Plan, services: Iterable[str]) -> int:
    """Counters to offer every one of these services, by greedy set cover."""
    return _set_cover(tuple(frozenset(c.services) for c in plan.counters.values()), frozenset(services))


@lru_cache(maxsize=4096)
def _set_cover(offers: tuple[frozenset[str], ...], services: frozenset[str]) -> int:
    missing, used = services & frozenset().union(*offers), 0
    while missing:
        missing -= max(offers, key=lambda offer: len(offer & missing))
        used += 1
    return used


def practical(required: Sequence[int]) -> list[int]:
    """A staffing with steps of at least STEP_QUARTERS and without short dips, never below `required`."""
    filled = [
        max(n, min(max(required[max(i - 2, 0) : i], default=0), max(required[i + 1 : i + 3], default=0)))
        for i, n in enumerate(required)
    ]
    advised: list[int] = []
    while len(advised) < len(filled):
        here = len(advised)
        step = filled[here : here + STEP_QUARTERS]
        # a remainder at the day's end that is too short for a step of its own is joined to the last one
        level = max(step) if len(step) == STEP_QUARTERS else max(step + advised[-1:])
        advised += [level] * len(step)
        while len(advised) < len(filled) and filled[len(advised)] == level:
            advised.append(level)
    return advised
