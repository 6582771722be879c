"""The ETA update between two runs of the model: a predicted wait adjusted to what has happened in the queue since.

The measure is the new customer's *turns* (position in queue over servers): the services that must end before their turn, divided by
the open counters. Only customers who would be called first count, so ten who leave an ordinary line bring a gold customer no
nearer. More turns add their minutes by the plan. Fewer turns scale the range down in proportion: as long as turns remain, part of
the wait remains, however wrong the plan's minutes are.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from hallflow.domain.floor import Floor
from hallflow.domain.plan import Plan
from hallflow.domain.routing import ahead_of_new
from hallflow.domain.waits.ranges import Minutes


def carried(known: Sequence[float], then: float, turns: float, minutes: float) -> Minutes:
    """A range (low, likely, high) predicted at `then` turns, updated to `turns` turns of so many minutes each."""
    low, likely, high = known
    if turns < then:
        share = turns / then
        return low * share, likely * share, high * share
    more = (turns - then) * minutes
    return low + more, likely + more, high + more


def turns_of(floor: Floor, service: str, ahead: int) -> float:
    """The services that must end before the turn of a customer with so many ahead, divided by the open counters."""
    # a service in progress counts half
    return (ahead + (0 if is_free(floor, service) else 0.5)) / max(floor.open_count(service), 1)


def turns_before(floor: Floor, plan: Plan, service: str, tier: str, now: datetime) -> float:
    """The turns before a customer of this tier who takes a number now."""
    return turns_of(floor, service, ahead_of_new(floor, plan, service, tier, now))


def all_turns(floor: Floor, plan: Plan, now: datetime) -> Mapping[str, Mapping[str, float]]:
    """By service and tier: the turns that an outlook stores, so that its ranges can be updated later."""
    return {
        service: {tier: turns_before(floor, plan, service, tier, now) for tier in plan.tiers}
        for service in plan.services
    }


def is_free(floor: Floor, service: str) -> bool:
    """Whether a counter open for this service is free."""
    return any(counter.ticket is None for counter in floor.open_counters(service))
