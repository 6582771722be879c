"""How many counters the hall needs in every quarter-hour to keep its goal, and why.

The load that each quarter-hour carries (MOL) is spread over seven equally likely busynesses of the day, because a plan tuned on
the mean fails on the busy days; Erlang A says for each how many are called within the goal and how many give up. The fewest
counters are taken with which, over that mixture and weighted by customers, the goal's share is called in time and no more
give up than the hall allows. All counters are pooled here; the hall's skills enter as a floor (somebody for every service).
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
"""Fewer expected arrivals of a service in a quarter-hour ask for no counter of their own."""

STEP_QUARTERS = 2
"""No step of the advice is shorter."""
PATIENT = 1440.0
"""A mean patience past which nobody leaves within a day."""


@dataclass(frozen=True, slots=True)
class FormulaNeed:
    """The counters one quarter-hour asks for."""

    counters: int
    load: float
    """Counters' worth of work, erlangs."""
    minutes: float
    """Mean minutes one call keeps a counter, over the services that come."""
    because: str
    """What decides: `demand`, `cover` (every service somebody), `least` (the plan's minimum), `most` (all there are), `none`;
    and once the day was played, which promise one counter less would break: `abandoned`, `tier`, `guard` or `service`,
    with `beyond_` before it where that is broken whatever is opened."""
    whose: str | None = None
    """The tier or service whose promise that is."""
    groups: tuple[int, ...] = ()
    """So many of each group of counters; empty where that is not known."""
    lacking: tuple[str, ...] = ()
    """Services for which all the counters there are do not do."""


def requirement(
    plan: Plan, learned: Learned, ahead: DayForecast, in_hall: float = 0.0, first: int = 0
) -> list[FormulaNeed]:
    """One Need per quarter-hour of the forecast from index `first` on, when `in_hall` customers are already in the hall."""
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
    demanded = _enough(round(load, 2), round(mean, 1), patience, plan, tuple(points.tolist()))
    cover = _cover(plan, [key for key, n in zip(keys, expected, strict=True) if n >= DEMAND])
    least = min(rules.counters_at_least, most)
    counters = max(demanded or 0, cover, least)
    because = "demand" if counters == demanded else "cover" if counters == cover else "least"
    if demanded is None:
        counters, because = most, "most"
    return FormulaNeed(min(counters, most), load, mean, because)


def _enough(load: float, minutes: float, patience: float, plan: Plan, points: tuple[float, ...]) -> int | None:
    """The fewest counters that keep the goal and the limit on leaving; None when all of the hall's do not."""
    rules = plan.staffing
    if load <= 0.005:
        return 0
    for counters in range(max(ceil(load * 0.6), 1), len(plan.counters) + 1):
        within, abandoned = _quality(load, minutes, patience, counters, rules.goal_minutes, points)
        if within >= rules.goal_share and abandoned <= rules.abandoned_at_most:
            return counters
    return None


@lru_cache(maxsize=20000)
def _quality(
    load: float, minutes: float, patience: float, counters: int, goal: float, points: tuple[float, ...]
) -> tuple[float, float]:
    """The share called within the goal and the share that gives up, over days of all busynesses, by customer."""
    lines = [ErlangA(load * busy / minutes, minutes, patience, counters) for busy in points]
    weight = sum(points)
    within = sum(busy * line.within(goal) for busy, line in zip(points, lines, strict=True)) / weight
    abandoned = sum(busy * line.abandoned for busy, line in zip(points, lines, strict=True)) / weight
    return within, abandoned


def _cover(plan: Plan, services: Iterable[str]) -> int:
    """The counters with which every one of these services has somebody, taking the most useful counter first."""
    return _greedy(tuple(frozenset(c.services) for c in plan.counters.values()), frozenset(services))


@lru_cache(maxsize=4096)
def _greedy(offers: tuple[frozenset[str], ...], services: frozenset[str]) -> int:
    missing, used = services & frozenset().union(*offers), 0
    while missing:
        missing -= max(offers, key=lambda offer: len(offer & missing))
        used += 1
    return used


def practical(required: Sequence[int]) -> list[int]:
    """A staffing that people can follow, never below what is required: short dips are not closed for, every step lasts."""
    filled = [
        max(n, min(max(required[max(i - 2, 0) : i], default=0), max(required[i + 1 : i + 3], default=0)))
        for i, n in enumerate(required)
    ]
    advised: list[int] = []
    while len(advised) < len(filled):
        here = len(advised)
        step = filled[here : here + STEP_QUARTERS]
        # what is too short to be a step at the day's end stays with the one before
        level = max(step) if len(step) == STEP_QUARTERS else max(step + advised[-1:])
        advised += [level] * len(step)
        while len(advised) < len(filled) and filled[len(advised)] == level:
            advised.append(level)
    return advised
