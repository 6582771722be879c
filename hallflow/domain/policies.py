"""Scheduling policies (queue disciplines): each ranks a waiting customer at one instant; the smallest rank is called first.

First come; strict priority; n:1 ratio (Strict, with every n-th call given to the next tier); earliest due date; accumulating
priority (Kleinrock 1964; Stanford, Taylor & Ziedins 2014); generalised c-mu (van Mieghem 1995); attainment first.
Within one line (same service, same tier) every rank but attainment's follows the wait, so the front of the line stands for it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from hallflow.domain.events import Reason
from hallflow.domain.plan import Plan
from hallflow.domain.ticket import Ticket

Rank = tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Policy:
    """A ranking of waiting customers, and the reason code that explains a call by it."""

    key: str
    rank: Callable[[Ticket, datetime, Plan], Rank]
    why: Callable[[Ticket, datetime, Plan], Reason]


def _minutes(ticket: Ticket, now: datetime) -> int:
    return int(ticket.waited(now))


def _first_come(ticket: Ticket, now: datetime, plan: Plan) -> Rank:
    return (-ticket.waited(now),)


def _first_come_why(ticket: Ticket, now: datetime, plan: Plan) -> Reason:
    return Reason("first_come", {"waited": _minutes(ticket, now)})


def _strict(ticket: Ticket, now: datetime, plan: Plan) -> Rank:
    return (plan.tiers[ticket.tier].rank, -ticket.waited(now))


def _strict_why(ticket: Ticket, now: datetime, plan: Plan) -> Reason:
    return Reason("strict", {"tier": ticket.tier, "waited": _minutes(ticket, now)})


def _due(ticket: Ticket, now: datetime, plan: Plan) -> Rank:
    return (plan.tiers[ticket.tier].goal_minutes - ticket.waited(now), -ticket.waited(now))


def _due_why(ticket: Ticket, now: datetime, plan: Plan) -> Reason:
    return Reason("earliest_due", {"slack": int(_due(ticket, now, plan)[0]), "waited": _minutes(ticket, now)})


def _accumulating(ticket: Ticket, now: datetime, plan: Plan) -> Rank:
    return (-plan.tiers[ticket.tier].rate * ticket.waited(now), -ticket.waited(now))


def _accumulating_why(ticket: Ticket, now: datetime, plan: Plan) -> Reason:
    points = round(plan.tiers[ticket.tier].rate * ticket.waited(now))
    return Reason("accumulating", {"points": points, "waited": _minutes(ticket, now)})


def _cmu(ticket: Ticket, now: datetime, plan: Plan) -> Rank:
    """Cost grows with the square of the wait, so its slope is weight x wait; mu is one over the service's minutes."""
    service = plan.services.get(ticket.service)
    index = plan.tiers[ticket.tier].weight * ticket.waited(now) / (service.minutes if service else 1.0)
    return (-index, -ticket.waited(now))


def _cmu_why(ticket: Ticket, now: datetime, plan: Plan) -> Reason:
    return Reason("cmu", {"index": round(-_cmu(ticket, now, plan)[0], 1), "waited": _minutes(ticket, now)})


def _attainment(ticket: Ticket, now: datetime, plan: Plan) -> Rank:
    """Customers still within their goal by least slack; then the others by their wait."""
    slack = plan.tiers[ticket.tier].goal_minutes - ticket.waited(now)
    return (0.0, slack) if slack >= 0 else (1.0, -ticket.waited(now))


def _attainment_why(ticket: Ticket, now: datetime, plan: Plan) -> Reason:
    slack = plan.tiers[ticket.tier].goal_minutes - ticket.waited(now)
    waited = _minutes(ticket, now)
    return (
        Reason("slack", {"slack": int(slack), "waited": waited}) if slack >= 0 else Reason("rest", {"waited": waited})
    )


POLICIES: dict[str, Policy] = {
    policy.key: policy
    for policy in (
        Policy("first_come", _first_come, _first_come_why),
        Policy("strict", _strict, _strict_why),
        Policy("ratio", _strict, _strict_why),
        Policy("earliest_due", _due, _due_why),
        Policy("accumulating", _accumulating, _accumulating_why),
        Policy("cmu", _cmu, _cmu_why),
        Policy("attainment", _attainment, _attainment_why),
    )
}
