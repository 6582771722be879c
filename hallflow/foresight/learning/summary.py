"""Summary of the fitted parameters, in the figures that a manager would ask for."""

from collections.abc import Mapping
from math import exp
from typing import Any

from hallflow.domain.plan import Plan
from hallflow.foresight.learning.learned import Learned, fitted, from_plan
from hallflow.foresight.learning.service_times import ServiceTime

STAYS = (5, 10, 20, 40)
"""Minutes of waiting at which the survival function of patience is given."""


def summarise(learned: Learned, plan: Plan) -> dict[str, Any]:
    """The parameters as plain JSON. Minutes are service times without the walk."""
    learned, planned = fitted(learned, plan), from_plan(plan)
    weekday = [sum(sum(week[day]) for week in learned.week.values()) * learned.level for day in range(7)]
    return {
        "hall": plan.hall,
        "history_days": learned.history_days,
        "services": {
            key: {
                "minutes": round(time.mean, 1),
                "planned": planned.times[key].mean,
                "four_in_five_under": round(_under(time), 1),
                "visits": time.count,
                "tiers": _minutes(time, learned.paces.tier.get(key, {})),
                "counters": _minutes(time, learned.paces.counter.get(key, {})),
                "prefilled": _minutes(time, learned.paces.prefilled.get(key, {})),
            }
            for key, time in learned.times.items()
            if key in plan.services
        },
        "walk_minutes": round(learned.walk_minutes, 2),
        "no_show_share": round(learned.no_show_share, 3),
        "no_show_minutes": round(learned.no_show_minutes, 1),
        "patience_minutes": round(learned.patience_minutes, 1),
        "still_waiting": {str(minutes): round(learned.patience.survival(minutes), 3) for minutes in STAYS},
        "arrivals_by_weekday": [round(n, 1) for n in weekday],
        "day_to_day": round(learned.busyness_cv, 2),
    }


def _minutes(time: ServiceTime, factors: Mapping[str, float]) -> dict[str, float]:
    return {key: round(time.mean * factor, 1) for key, factor in sorted(factors.items())}


def _under(time: ServiceTime) -> float:
    """80th percentile of the service time, in minutes."""
    return time.median * exp(0.8416 * time.sigma)
