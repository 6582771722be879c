"""Arrival process parameters: seasonal weekly profile, current level, variance between days, and calendar effects."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date
from math import sqrt
from typing import Any

import numpy as np

from hallflow.domain.plan import Plan
from hallflow.foresight.arrays import Floats
from hallflow.foresight.learning.special_days import ORDINARY_DAYS, is_ordinary, learn_effects, weekdays_like
from hallflow.foresight.learning.weekday_spread import learn_spread, weekday_variance
from hallflow.foresight.learning.weekly_profile import learn_level, learn_week, planned_week, weekdays_of

UNKNOWN_CV = 0.3
"""Day-to-day coefficient of variation before there is a history: wide, so that the first hours of the day soon correct the
plan.
"""

BACK_AND_FORTH = 3
"""Alternations between estimating the weekly profile without the calendar effects and estimating these against the profile."""


@dataclass(frozen=True, slots=True)
class ArrivalPattern:
    """Parameters of a doubly stochastic (gamma-mixed) arrival process; the fields are explained in `Learned`."""

    week: Mapping[str, Floats]
    level: float = 1.0
    busyness_cv: float = UNKNOWN_CV
    swing_cv: float = 0.0
    weekday_cv: tuple[float, ...] = (0.0,) * 7
    effects: Mapping[str, tuple[float, int]] = field(default_factory=dict)

    def as_learned(self) -> dict[str, Any]:
        """These parameters as keyword arguments of `Learned`, the weekly profile rounded to five decimals."""
        parameters = {each.name: getattr(self, each.name) for each in fields(self)}
        rounded = {
            key: tuple(tuple(round(float(x), 5) for x in day) for day in week) for key, week in self.week.items()
        }
        return {**parameters, "week": rounded}


def learn_arrival_pattern(counts: Floats, days: Sequence[date], plan: Plan) -> ArrivalPattern:
    """Estimate the arrival process from counts, shape (days, services, 96 quarter-hours); the plan's arrivals where there
    are no days.

    `days` are the dates of the rows, oldest first. The weekly profile is learned from ordinary days alone, where there are
    enough.
    """
    if not days:
        return ArrivalPattern(planned_week(plan))
    effects: dict[str, tuple[float, int]] = {}
    ordinary, plain = _ordinary(days, plan), counts
    for _ in range(BACK_AND_FORTH):
        week = learn_week(plain[ordinary], [days[i] for i in ordinary], plan)
        usual = np.stack([_usual(week, day, plan) for day in days])
        effects, factors = learn_effects(counts.sum(axis=2), usual, days, plan)
        if not effects:
            break
        plain = counts / factors[:, :, None]
    usual_days, by_day = [days[i] for i in ordinary], plain[ordinary].sum(axis=1)
    weekdays = weekdays_of(usual_days)
    spread = learn_spread(by_day, usual_days, weekdays)
    return ArrivalPattern(
        week,
        learn_level(week, usual_days, by_day.sum(axis=1)),
        round(sqrt(spread.busyness), 4),
        round(sqrt(spread.swing), 4),
        tuple(round(sqrt(v), 4) for v in weekday_variance(by_day, weekdays).tolist()),
        effects,
    )


def _ordinary(days: Sequence[date], plan: Plan) -> list[int]:
    """Indices of the days that the weekly profile is learned from: ordinary days, or all where too few are ordinary."""
    ordinary = [i for i, day in enumerate(days) if is_ordinary(plan.calendar, day)]
    return ordinary if len(ordinary) >= ORDINARY_DAYS else list(range(len(days)))


def _usual(week: Mapping[str, Floats], day: date, plan: Plan) -> Floats:
    """Expected arrivals of the day by service from its weekday alone, before calendar effects, shape (services,)."""
    likes = weekdays_like(plan, day)
    return np.array([by_weekday[likes].sum() / len(likes) for by_weekday in week.values()])
