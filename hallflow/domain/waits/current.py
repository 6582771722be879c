"""The current wait (ETA) of each customer: the predicted range, updated from the time of the forecast to this instant."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from hallflow.domain.floor import Floor
from hallflow.domain.plan import Plan
from hallflow.domain.routing import ahead_of
from hallflow.domain.ticket import Ticket
from hallflow.domain.waits.carried import carried, is_free, turns_before, turns_of
from hallflow.domain.waits.ranges import Minutes, WaitRange, outward
from hallflow.domain.waits.shown import promised, shown_to
from hallflow.domain.waits.steady import Shown

Outlook = Mapping[str, Any]
STALE_MINUTES = 20
"""An older outlook no longer describes the queue."""
NOT_AT_ONCE = 2
"""The least end of a range, in minutes, that is not read as "hardly any wait"."""


def next_wait(
    floor: Floor, plan: Plan, outlook: Outlook | None, service: str, tier: str, now: datetime
) -> WaitRange | None:
    """The wait of a customer who takes a number now; None when no counter is open for the service."""
    if not floor.open_count(service):
        return None
    return next_shown(floor, plan, service, next_predicted(floor, plan, outlook, service, tier, now))


def next_shown(floor: Floor, plan: Plan, service: str, predicted: Mapping[str, Minutes]) -> WaitRange:
    """The range to show for the next wait, from what `next_predicted` gave; a counter must be open for the service."""
    known = predicted.get("next")
    return outward(*known) if known else _by_hand(floor, plan, service, floor.waiting_count([service]))


def next_predicted(
    floor: Floor, plan: Plan, outlook: Outlook | None, service: str, tier: str, now: datetime
) -> dict[str, Minutes]:
    """The predictions of the next wait by source: `next` is calibrated, `foreseen` is the input of calibration, `twin` that of the
    correcting model."""
    ranges = _ranges(outlook, now) or {}
    known = {name: ranges.get(name, {}).get(service, {}).get(tier) for name in ("next", "foreseen", "twin")}
    if not any(known.values()):
        return {}
    turns = turns_before(floor, plan, service, tier, now)
    then = ranges.get("turns", {}).get(service, {}).get(tier, turns)
    minutes = plan.services[service].minutes
    return {name: carried(range_, then, turns, minutes) for name, range_ in known.items() if range_}


def ticket_wait(floor: Floor, plan: Plan, outlook: Outlook | None, ticket: Ticket, now: datetime) -> WaitRange | None:
    """The remaining wait of this ticket; None when no counter is open for it."""
    if not can_be_called(floor, ticket):
        return None
    shown = ticket_shown(outlook, ticket, now)
    if outlook is None or shown is None:
        return _by_hand(floor, plan, ticket.service, ahead_of(floor, plan, ticket, now))
    wait = shown.wait(now)
    if wait.high >= NOT_AT_ONCE or is_free(floor, ticket.service) or not ahead_of(floor, plan, ticket, now):
        return wait
    # passing time alone brings no turn: "hardly any wait" is shown only if the outlook, or the promise, predicted it
    predicted_at = max(datetime.fromisoformat(outlook["made_at"]), ticket.issued_at)
    return wait if shown.wait(predicted_at).high < NOT_AT_ONCE else WaitRange(wait.low, wait.likely, NOT_AT_ONCE)


def ticket_shown(outlook: Outlook | None, ticket: Ticket, now: datetime) -> Shown | None:
    """The span of clock time this ticket is shown; None without a recent outlook, or where it has moved in its line since."""
    if (ranges := _ranges(outlook, now)) is None:
        return None
    stored = ranges.get("shown", {}).get(ticket.number)
    # for a ticket issued after the outlook, the promise made at issue still holds
    return (shown_to(stored, ticket) if stored else None) or promised(ticket)


def can_be_called(floor: Floor, ticket: Ticket) -> bool:
    """Whether a counter that may call this ticket is open."""
    if ticket.wanted in floor.counters:
        return floor.counters[ticket.wanted].state == "open"
    return floor.open_count(ticket.service) > 0


def expected(outlook: Outlook | None, now: datetime) -> dict[str, datetime]:
    """By number: when each waiting customer is likely to be called, by the outlook."""
    if outlook is None or (ranges := _ranges(outlook, now)) is None:
        return {}
    made_at = datetime.fromisoformat(outlook["made_at"])
    return {number: made_at + timedelta(minutes=likely) for number, (_, likely, _) in ranges["tickets"].items()}


def _ranges(outlook: Outlook | None, now: datetime) -> Mapping[str, Any] | None:
    if outlook is None or "ranges" not in outlook:
        return None
    made_at = datetime.fromisoformat(outlook["made_at"])
    if now - made_at > timedelta(minutes=STALE_MINUTES):
        return None
    ranges: Mapping[str, Any] = outlook["ranges"]
    return ranges


def _by_hand(floor: Floor, plan: Plan, service: str, ahead: int) -> WaitRange:
    """A wide range from the plan's minutes, for the time before the first outlook."""
    likely = turns_of(floor, service, ahead) * plan.services[service].minutes
    return outward(likely * 0.5, likely, likely * 1.6 + 1)
