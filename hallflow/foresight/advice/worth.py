"""What an opening of the counters is worth, as its plays show it: by how much goals are missed or kept, and what a counter brings."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from hallflow.domain.plan import Plan, Tier
from hallflow.foresight.arrays import Floats
from hallflow.foresight.twin.futures import Future, spread
from hallflow.foresight.twin.whatif import difference


def worth(fewer: Future, more: Future, staff_minutes: float, each: float) -> float:
    """Customers within their goal whom `more` brings, of those who could be served in its staff-minutes at so many minutes each.

    0 where it costs nobody's time, or nobody comes.
    """
    if staff_minutes <= 0:
        return 0.0
    brought = float(more.within_goal.sum() - fewer.within_goal.sum()) / len(more.within_goal)
    return brought * each / staff_minutes


def shortfall(ran: Future, plan: Plan) -> float:
    """By how much goals are missed, by customer: the tiers' shares within their goals, and the share that leaves."""
    total = float(ran.customers.sum())
    if total <= 0:
        return 0.0
    short = sum(n / total * max(tier.goal_share - share, 0.0) for tier, n, share in _kept(ran, plan))
    return short + max(float(ran.abandoned.sum()) / total - plan.staffing.abandoned_at_most, 0.0)


def spare(ran: Future, plan: Plan) -> float:
    """By how much the tier that is nearest to missing its goal keeps it; less than nothing where too many leave."""
    total = float(ran.customers.sum())
    if total <= 0:
        return 1.0
    stay = plan.staffing.abandoned_at_most - float(ran.abandoned.sum()) / total
    room = 1.0 if stay >= 0 else stay
    return min([room, *(share - tier.goal_share for tier, _, share in _kept(ran, plan))])


def _kept(ran: Future, plan: Plan) -> Iterator[tuple[Tier, float, float]]:
    """Each tier of which somebody comes, with how many do and their share within its goal."""
    for key, tier in plan.tiers.items():
        mine = [rank == key for _, rank in ran.lines]
        n = float(ran.customers[:, mine].sum())
        if n > 0:
            yield tier, n, float(ran.within_goal[:, mine].sum()) / n


def missed(ran: Future, plan: Plan) -> dict[str, float]:
    """Customers of each service, in a play's mean, who are not called within their goal."""
    found = dict.fromkeys(plan.services, 0.0)
    for i, (service, _) in enumerate(ran.lines):
        if service in found:
            found[service] += float((ran.customers[:, i] - ran.within_goal[:, i]).mean())
    return found


def told(base: Future, ran: Future, *, paired: bool = False) -> dict[str, Any]:
    """Mean wait (minutes), share within goal and share that leaves as ranges; with `paired`, what `ran` changes against `base`."""
    group = difference(base.of(), ran.of()) if paired else ran.of()
    return {
        "wait": _range(group.wait, 2),
        "within_goal": _range(group.within_goal, 4),
        "left": _range(group.abandoned, 4),
    }


def _range(values: Floats, digits: int) -> dict[str, float]:
    low, likely, high = spread(values) or (0.0, 0.0, 0.0)
    return {"low": round(low, digits), "likely": round(likely, digits), "high": round(high, digits)}


def mean_of(values: Floats) -> float:
    """Over the plays that have a value; 0 where none has."""
    known = values[np.isfinite(values)]
    return float(known.mean()) if len(known) else 0.0


def percent(values: Floats) -> int:
    """The mean as a whole per cent."""
    return round(100 * mean_of(values))
