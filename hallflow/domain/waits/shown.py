"""The ETA shown to each waiting customer, from one forecast to the next: changed with hysteresis, and with the reason of a delay."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from hallflow.domain.floor import Floor
from hallflow.domain.plan import Plan
from hallflow.domain.routing import ahead_of
from hallflow.domain.ticket import Ticket
from hallflow.domain.waits.ranges import Minutes
from hallflow.domain.waits.steady import Shown, shown_from, steady


def show_all(
    floor: Floor, plan: Plan, before: Mapping[str, Any], predicted: Mapping[str, Minutes], now: datetime
) -> dict[str, dict[str, Any]]:
    """By number: what to show from now on. `before` is the result for the last outlook, `predicted` the present minutes (as
    `Outlook.tickets`); a ticket that has moved in its line since starts without a history."""
    shown = {}
    for number, minutes in predicted.items():
        ticket = floor.tickets.get(number)
        if ticket is not None and ticket.state == "waiting":
            shown[number] = _show(floor, plan, before.get(number), ticket, minutes, now)
    return shown


def _show(
    floor: Floor, plan: Plan, before: Mapping[str, Any] | None, ticket: Ticket, minutes: Minutes, now: datetime
) -> dict[str, Any]:
    ahead, opened = ahead_of(floor, plan, ticket, now), counters_for(floor, ticket)
    last = shown_to(before, ticket) if before else None
    least = before["ahead"] if before and last else ahead
    most = before["open"] if before and last else opened
    last = last or promised(ticket)
    if last is None:
        new = shown_from(minutes, now)
    else:
        why = "fewer_counters" if opened < most else "more_urgent" if ahead > least else "takes_longer"
        new = steady(last, minutes, now, why)
    is_later = last is None or new.high > last.high
    return {
        "since": (ticket.since or ticket.issued_at).timestamp(),
        "low": new.low.timestamp(),
        "likely": new.likely.timestamp(),
        "high": new.high.timestamp(),
        "reason": new.reason,
        "ahead": ahead if is_later else min(least, ahead),
        "open": opened if is_later else max(most, opened),
    }


def promised(ticket: Ticket) -> Shown | None:
    """The span shown at issue, while the promise holds."""
    if ticket.promise is None or ticket.promised_until is None:
        return None
    low, likely, high = ticket.promise
    return shown_from((low, likely, high), ticket.issued_at)


def shown_to(data: Mapping[str, Any], ticket: Ticket) -> Shown | None:
    """The span that an outlook stores for a ticket, unless the ticket has moved in its line since."""
    if data["since"] != (ticket.since or ticket.issued_at).timestamp():
        return None
    low, likely, high = (datetime.fromtimestamp(data[name], UTC) for name in ("low", "likely", "high"))
    return Shown(low, likely, high, data["reason"])


def counters_for(floor: Floor, ticket: Ticket) -> int:
    """How many open counters may call this ticket."""
    return sum(ticket.line[0] in counter.lines for counter in floor.open_counters())
