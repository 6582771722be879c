"""The wait each customer is shown: the outlook's range, carried from when it was drawn to this instant."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from hallflow.domain.floor import Floor
from hallflow.domain.plan import Plan
from hallflow.domain.ranges import WaitRange, outward
from hallflow.domain.routing import ahead_of
from hallflow.domain.showing import promised, shown_to
from hallflow.domain.steady import Shown
from hallflow.domain.ticket import Ticket

Outlook = Mapping[str, Any]
Minutes = tuple[float, float, float]
STALE_MINUTES = 20
"""An outlook older than this tells nothing of the queue any more."""


def next_wait(
    floor: Floor, plan: Plan, outlook: Outlook | None, service: str, tier: str, now: datetime
) -> WaitRange | None:
    """The wait of a customer who takes a number now; None when no counter is open for the service."""
    if not floor.open_count(service):
        return None
    known = _next(floor, plan, outlook, "next", service, tier, now)
    return outward(*known) if known else _by_hand(floor, plan, service, floor.waiting_count([service]))


def next_foreseen(
    floor: Floor, plan: Plan, outlook: Outlook | None, service: str, tier: str, now: datetime
) -> Minutes | None:
    """The next wait as it was foreseen, before calibration: what calibration learns from."""
    return _next(floor, plan, outlook, "foreseen", service, tier, now)


def next_twin(
    floor: Floor, plan: Plan, outlook: Outlook | None, service: str, tier: str, now: datetime
) -> Minutes | None:
    """What the twin alone says of the next wait: what the model that corrects it learns from."""
    return _next(floor, plan, outlook, "twin", service, tier, now)


def _next(
    floor: Floor, plan: Plan, outlook: Outlook | None, which: str, service: str, tier: str, now: datetime
) -> Minutes | None:
    if (ranges := _ranges(outlook, now)) is None:
        return None
    known = ranges.get(which, {}).get(service, {}).get(tier)
    if known is None:
        return None
    # those who came or went since the outlook was drawn move the range by their share of the work
    waiting = floor.waiting_count([service])
    moved = (waiting - ranges["waiting"].get(service, waiting)) * _minutes_each(floor, plan, service)
    low, likely, high = (max(minutes + moved, 0.0) for minutes in known)
    return low, likely, high


def ticket_wait(floor: Floor, plan: Plan, outlook: Outlook | None, ticket: Ticket, now: datetime) -> WaitRange | None:
    """The rest of this ticket's wait; None when no counter is open for it."""
    if not can_be_called(floor, ticket):
        return None
    shown = ticket_shown(outlook, ticket, now)
    if shown is not None:
        return shown.wait(now)
    return _by_hand(floor, plan, ticket.service, ahead_of(floor, plan, ticket, now))


def ticket_shown(outlook: Outlook | None, ticket: Ticket, now: datetime) -> Shown | None:
    """The span of time this ticket is shown; None before an outlook has seen it where it stands now."""
    if (ranges := _ranges(outlook, now)) is None:
        return None
    kept = ranges.get("shown", {}).get(ticket.number)
    # taken after the outlook was drawn: what was promised then still holds
    return (shown_to(kept, ticket) if kept else None) or promised(ticket)


def can_be_called(floor: Floor, ticket: Ticket) -> bool:
    """Whether a counter that may call this ticket is open."""
    if ticket.wanted in floor.counters:
        return floor.counters[ticket.wanted].state == "open"
    return floor.open_count(ticket.service) > 0


def expected(outlook: Outlook | None, now: datetime) -> dict[str, datetime]:
    """By number: when each waiting customer is likely to be called, as the outlook has it."""
    if outlook is None or (ranges := _ranges(outlook, now)) is None:
        return {}
    made_at = datetime.fromisoformat(outlook["made_at"])
    return {number: made_at + timedelta(minutes=likely) for number, (_, likely, _) in ranges["tickets"].items()}


def as_data(wait: WaitRange | None, now: datetime) -> dict[str, Any] | None:
    """A wait as screens take it, with the clock times it means."""
    if wait is None:
        return None
    return {
        "low": wait.low,
        "likely": wait.likely,
        "high": wait.high,
        "from": (now + timedelta(minutes=wait.low)).isoformat(),
        "until": (now + timedelta(minutes=wait.high)).isoformat(),
    }


def promise_data(promise: Sequence[int] | None, since: datetime) -> dict[str, Any] | None:
    """The wait that was shown when the number was issued."""
    return as_data(WaitRange(promise[0], promise[1], promise[2]), since) if promise else None


def _ranges(outlook: Outlook | None, now: datetime) -> Mapping[str, Any] | None:
    if outlook is None or "ranges" not in outlook:
        return None
    made_at = datetime.fromisoformat(outlook["made_at"])
    if now - made_at > timedelta(minutes=STALE_MINUTES):
        return None
    ranges: Mapping[str, Any] = outlook["ranges"]
    return ranges


def _minutes_each(floor: Floor, plan: Plan, service: str) -> float:
    return plan.services[service].minutes / max(floor.open_count(service), 1)


def _by_hand(floor: Floor, plan: Plan, service: str, ahead: int) -> WaitRange:
    """Before the first outlook: the plan's minutes, widely."""
    free = any(c.ticket is None for c in floor.open_counters(service))
    likely = (ahead + (0 if free else 0.5)) * _minutes_each(floor, plan, service)
    return outward(likely * 0.5, likely, likely * 1.6 + 1)
