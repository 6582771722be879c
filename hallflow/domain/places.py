"""A ticket's place in its line: the moment its wait counts from, after it was put back, came late or was sent on."""

from datetime import datetime, timedelta

from hallflow.domain.floor import Floor
from hallflow.domain.plan import Rules
from hallflow.domain.refusals import Refused
from hallflow.domain.ticket import Ticket


def late_place(floor: Floor, rules: Rules, ticket: Ticket) -> tuple[str, int]:
    """From when a late customer's wait counts, and how many were called meanwhile; refuses who comes too late."""
    calls = floor.calls.get(ticket.service, 0) - ticket.missed_mark
    if calls > rules.late_back:
        raise Refused("too_late", number=ticket.number, calls=calls)
    own_place = (ticket.since or ticket.issued_at).isoformat()
    return own_place if calls <= rules.late_next else put_back(floor, ticket, rules.requeue_places), calls


def put_back(floor: Floor, ticket: Ticket, places: int) -> str:
    """The moment from which a ticket counts once so many of its line stand before it."""
    mine = (*ticket.place, ticket.number)
    behind = [entry for entry in floor.lines.get(ticket.line, ()) if entry > mine and entry[2] != ticket.number]
    if not behind:
        return (ticket.since or ticket.issued_at).isoformat()
    last = behind[min(places, len(behind)) - 1]
    return (last[0] + timedelta(microseconds=1)).isoformat()


def credited(now: datetime, ticket: Ticket) -> str:
    """From when the next wait counts: what was already waited is not lost by being sent on."""
    waited = (ticket.now.called_at or now) - (ticket.since or ticket.issued_at)
    return (now - max(waited, timedelta())).isoformat()
