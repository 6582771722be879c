"""The rhythm of arrivals as one value: an ordinary week, how busy the hall is of late, and how far a day may lie from both."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from math import sqrt
from typing import Any

from hallflow.domain.plan import Plan
from hallflow.foresight.profile import Floats, learn_level, learn_week, planned_week, weekdays_of
from hallflow.foresight.weekdays import learn_spread, weekday_variance

UNKNOWN_CV = 0.3
"""Before there is a history the plan may be this far off, so that the first hours soon correct it."""


@dataclass(frozen=True, slots=True)
class Rhythm:
    """When customers come; `Learned` says what its figures mean."""

    week: Mapping[str, Floats]
    level: float = 1.0
    busyness_cv: float = UNKNOWN_CV
    swing_cv: float = 0.0
    weekday_cv: tuple[float, ...] = (0.0,) * 7

    def as_learned(self) -> dict[str, Any]:
        """These figures as `Learned` keeps them."""
        kept = {field.name: getattr(self, field.name) for field in fields(self)}
        rounded = {
            key: tuple(tuple(round(float(x), 5) for x in day) for day in week) for key, week in self.week.items()
        }
        return {**kept, "week": rounded}


def learn_rhythm(counts: Floats, days: Sequence[date], plan: Plan) -> Rhythm:
    """What arrivals by (day, service, slot) tell of the days to come; the plan where there are none."""
    if not days:
        return Rhythm(planned_week(plan))
    week, by_day, weekdays = learn_week(counts, days, plan), counts.sum(axis=1), weekdays_of(days)
    spread = learn_spread(by_day, days, weekdays)
    return Rhythm(
        week,
        learn_level(week, days, by_day.sum(axis=1)),
        round(sqrt(spread.busyness), 4),
        round(sqrt(spread.swing), 4),
        tuple(round(sqrt(v), 4) for v in weekday_variance(by_day, weekdays).tolist()),
    )
