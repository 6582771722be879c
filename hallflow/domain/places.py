"""Queue position after a return or a transfer: from which moment the wait of a ticket put back, late or sent on counts."""

from datetime import datetime, timedelta

from hallflow.domain.floor import Floor
from hallflow.domain.plan import Rules
from hallflow.domain.refusals import Refused
from hallflow.domain.ticket import Ticket


def late_place(floor: Floor, rules: Rules, ticket: Ticket) -> tuple[str, int]:
    """From when a late customer's wait counts, and how many were called meanwhile; raises Refused for one who comes too late."""
    calls = floor.calls.get(ticket.service, 0) - ticket.missed_mark
    if calls > rules.late_back:
        raise Refused("too_late", number=ticket.number, calls=calls)
    own_place = (ticket.since or ticket.issued_at).isoformat()
    return own_place if calls <= rules.late_next else put_back(floor, ticket, rules.requeue_places), calls


def put_back(floor: Floor, ticket: Ticket, places: int) -> str:
    """The moment from which a ticket's wait counts, so that this many tickets of its line stand before it."""
    mine = (*ticket.place, ticket.number)
    behind = [entry for entry in floor.lines.get(ticket.line, ()) if entry > mine and entry[2] != ticket.number]
    if not behind:
        return (ticket.since or ticket.issued_at).isoformat()
    last = behind[min(places, len(behind)) - 1]
    return (last[0] + timedelta(microseconds=1)).isoformat()


def credited(now: datetime, ticket: Ticket) -> str:
    """From when the next wait counts: the time already waited is credited after a transfer."""
    waited = (ticket.now.called_at or now) - (ticket.since or ticket.issued_at)
    return (now - max(waited, timedelta())).isoformat()
