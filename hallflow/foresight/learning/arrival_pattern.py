"""The rhythm of arrivals as one value: an ordinary week, how busy the hall is of late, and how far a day may lie from both."""

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
"""Before there is a history the plan may be this far off, so that the first hours soon correct it."""

BACK_AND_FORTH = 3
"""The week is learned without the effects, and the effects against the week."""


@dataclass(frozen=True, slots=True)
class Rhythm:
    """When customers come; `Learned` says what its figures mean."""

    week: Mapping[str, Floats]
    level: float = 1.0
    busyness_cv: float = UNKNOWN_CV
    swing_cv: float = 0.0
    weekday_cv: tuple[float, ...] = (0.0,) * 7
    effects: Mapping[str, tuple[float, int]] = field(default_factory=dict)

    def as_learned(self) -> dict[str, Any]:
        """These figures as `Learned` keeps them."""
        kept = {each.name: getattr(self, each.name) for each in fields(self)}
        rounded = {
            key: tuple(tuple(round(float(x), 5) for x in day) for day in week) for key, week in self.week.items()
        }
        return {**kept, "week": rounded}


def learn_rhythm(counts: Floats, days: Sequence[date], plan: Plan) -> Rhythm:
    """What arrivals by (day, service, slot) tell of the days to come; the plan where there are none."""
    if not days:
        return Rhythm(planned_week(plan))
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
    return Rhythm(
        week,
        learn_level(week, usual_days, by_day.sum(axis=1)),
        round(sqrt(spread.busyness), 4),
        round(sqrt(spread.swing), 4),
        tuple(round(sqrt(v), 4) for v in weekday_variance(by_day, weekdays).tolist()),
        effects,
    )


def _ordinary(days: Sequence[date], plan: Plan) -> list[int]:
    """The days from which the week is learned: all, where too few are ordinary."""
    ordinary = [i for i, day in enumerate(days) if is_ordinary(plan.calendar, day)]
    return ordinary if len(ordinary) >= ORDINARY_DAYS else list(range(len(days)))


def _usual(week: Mapping[str, Floats], day: date, plan: Plan) -> Floats:
    """What is usual for the day by service, before its effects."""
    likes = weekdays_like(plan, day)
    return np.array([by_weekday[likes].sum() / len(likes) for by_weekday in week.values()])
