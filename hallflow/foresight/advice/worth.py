"""Value of a schedule by its simulation: shortfall or margin of the service levels, and what an additional counter achieves."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from hallflow.domain.plan import Plan, Tier
from hallflow.foresight.arrays import Floats
from hallflow.foresight.twin.futures import Future, spread
from hallflow.foresight.twin.whatif import difference


def worth(fewer: Future, more: Future, staff_minutes: float, each: float) -> float:
    """Value of an action: additional customers within goal, per customer that the extra staff time could serve.

    `staff_minutes` is that extra time and `each` the counter-minutes of a customer. 0 without extra time or arrivals.
    """
    if staff_minutes <= 0:
        return 0.0
    gained = float(more.within_goal.sum() - fewer.within_goal.sum()) / len(more.within_goal)
    return gained * each / staff_minutes


def shortfall(outcome: Future, plan: Plan) -> float:
    """Penalty for missed service levels: shortfall of each tier's share weighted by its customers, plus abandonment beyond the
    limit.
    """
    total = float(outcome.customers.sum())
    if total <= 0:
        return 0.0
    shortfall_by_tier = sum(
        n / total * max(tier.goal_share - share, 0.0) for tier, n, share in _service_levels(outcome, plan)
    )
    return shortfall_by_tier + max(float(outcome.abandoned.sum()) / total - plan.staffing.abandoned_at_most, 0.0)


def spare(outcome: Future, plan: Plan) -> float:
    """Smallest margin of a tier above its service level; negative where too many abandon or a level is missed."""
    total = float(outcome.customers.sum())
    if total <= 0:
        return 1.0
    margin = plan.staffing.abandoned_at_most - float(outcome.abandoned.sum()) / total
    room = 1.0 if margin >= 0 else margin
    return min([room, *(share - tier.goal_share for tier, _, share in _service_levels(outcome, plan))])


def _service_levels(outcome: Future, plan: Plan) -> Iterator[tuple[Tier, float, float]]:
    """Each tier with arrivals, their number, and its service level."""
    for key, tier in plan.tiers.items():
        mine = [own_tier == key for _, own_tier in outcome.lines]
        n = float(outcome.customers[:, mine].sum())
        if n > 0:
            yield tier, n, float(outcome.within_goal[:, mine].sum()) / n


def missed(outcome: Future, plan: Plan) -> dict[str, float]:
    """Service -> mean number of customers per replication who are not called within their goal."""
    late = dict.fromkeys(plan.services, 0.0)
    for i, (service, _) in enumerate(outcome.lines):
        if service in late:
            late[service] += float((outcome.customers[:, i] - outcome.within_goal[:, i]).mean())
    return late


def effect_data(base: Future, outcome: Future, *, paired: bool = False) -> dict[str, Any]:
    """Mean wait (minutes), service level and abandonment as 80 % intervals; with `paired`, the differences to `base`."""
    group = difference(base.of(), outcome.of()) if paired else outcome.of()
    return {
        "wait": _range(group.wait, 2),
        "within_goal": _range(group.within_goal, 4),
        "left": _range(group.abandoned, 4),
    }


def _range(values: Floats, digits: int) -> dict[str, float]:
    low, likely, high = spread(values) or (0.0, 0.0, 0.0)
    return {"low": round(low, digits), "likely": round(likely, digits), "high": round(high, digits)}


def mean_of(values: Floats) -> float:
    """Mean over the replications with a finite value; 0 without any."""
    known = values[np.isfinite(values)]
    return float(known.mean()) if len(known) else 0.0


def percent(values: Floats) -> int:
    """Mean in whole per cent."""
    return round(100 * mean_of(values))
