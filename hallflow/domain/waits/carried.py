"""A foreseen wait carried to this instant: what has happened in the queue since it was foreseen moves it.

The measure is the newcomer's *turns*: how many services must end before it is their turn, shared by the counters that are open.
Only who would be called before them counts, so ten who leave an ordinary line bring a gold customer no nearer. More turns add
their minutes by the plan. Fewer take away their share of the range and never more: as long as there are turns before a customer,
something of the wait remains, however wrong the plan's minutes are.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from hallflow.domain.floor import Floor
from hallflow.domain.plan import Plan
from hallflow.domain.routing import ahead_of_new
from hallflow.domain.waits.ranges import Minutes


def carried(known: Sequence[float], then: float, turns: float, minutes: float) -> Minutes:
    """This range (low, likely, high), foreseen when there were `then` turns, now that there are `turns` of so many minutes."""
    low, likely, high = known
    if turns < then:
        share = turns / then
        return low * share, likely * share, high * share
    more = (turns - then) * minutes
    return low + more, likely + more, high + more


def turns_of(floor: Floor, service: str, ahead: int) -> float:
    """Services that must end before the turn of whoever has so many ahead, shared by the counters open for it."""
    # of the services under way half is over
    return (ahead + (0 if is_free(floor, service) else 0.5)) / max(floor.open_count(service), 1)


def turns_before(floor: Floor, plan: Plan, service: str, tier: str, now: datetime) -> float:
    """The same for a customer of this tier who takes a number now."""
    return turns_of(floor, service, ahead_of_new(floor, plan, service, tier, now))


def all_turns(floor: Floor, plan: Plan, now: datetime) -> Mapping[str, Mapping[str, float]]:
    """By service and tier: what an outlook keeps, so that its ranges can be carried on."""
    return {
        service: {tier: turns_before(floor, plan, service, tier, now) for tier in plan.tiers}
        for service in plan.services
    }


def is_free(floor: Floor, service: str) -> bool:
    """Whether a counter open for this service has nobody."""
    return any(counter.ticket is None for counter in floor.open_counters(service))
