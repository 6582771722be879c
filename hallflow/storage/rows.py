"""Tickets, counters and events as rows, and back, without loss."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Row

from hallflow.domain.counter import Counter
from hallflow.domain.events import Event
from hallflow.domain.ticket import Leg, Ticket


def _iso(at: datetime | None) -> str | None:
    return at.astimezone(UTC).isoformat() if at else None


def _at(iso: str | None) -> datetime | None:
    return datetime.fromisoformat(iso) if iso else None


def event_row(hall: str, event: Event) -> dict[str, Any]:
    """An event as a row of the log."""
    return {
        "hall": hall,
        "seq": event.seq,
        "at": event.at,
        "kind": event.kind,
        "ticket": event.ticket,
        "counter": event.counter,
        "data": event.data,
    }


def event_from(row: Row[Any]) -> Event:
    """A row of the log as an event."""
    return Event(row.seq, row.at, row.kind, row.ticket, row.counter, row.data)


def _leg_data(leg: Leg) -> list[Any]:
    moments = (leg.joined_at, leg.called_at, leg.arrived_at, leg.ended_at)
    return [leg.service, *map(_iso, moments), leg.counter, leg.outcome]


def _leg_from(data: list[Any]) -> Leg:
    return Leg(data[0], _at(data[1]), _at(data[2]), _at(data[3]), _at(data[4]), data[5], data[6])


def ticket_row(ticket: Ticket) -> dict[str, Any]:
    """What changes of a ticket's row when the ticket changes."""
    return {
        "state": ticket.state,
        "tier": ticket.tier,
        "service": ticket.service,
        "counter": ticket.counter,
        "ended_at": ticket.ended_at,
        "body": {
            "language": ticket.language,
            "legs": [_leg_data(leg) for leg in ticket.legs],
            "leg": ticket.leg,
            "since": _iso(ticket.since),
            "ordinal": ticket.ordinal,
            "wanted": ticket.wanted,
            "recalls": ticket.recalls,
            "requeues": ticket.requeues,
            "calls": ticket.calls,
            "missed_mark": ticket.missed_mark,
            "state_at": _iso(ticket.state_at),
            "aside_reason": ticket.aside_reason,
            "noted": ticket.noted,
            "prefilled": ticket.prefilled,
            "filled": ticket.filled,
            "form_saves": ticket.form_saves,
            "promise": ticket.promise,
            "beside": ticket.beside,
            "first_wait": ticket.first_wait,
            "recovered_at": _iso(ticket.recovered_at),
            "reason": dict(ticket.reason),
            "stars": ticket.stars,
        },
    }


def ticket_from(row: Row[Any]) -> Ticket:
    """The ticket a row holds."""
    body = row.body
    promise, beside = body["promise"], body.get("beside")
    return Ticket(
        number=row.number,
        tier=row.tier,
        language=body["language"],
        issued_at=row.issued_at,
        legs=tuple(map(_leg_from, body["legs"])),
        leg=body["leg"],
        state=row.state,
        since=_at(body["since"]),
        ordinal=body["ordinal"],
        counter=row.counter,
        wanted=body["wanted"],
        recalls=body["recalls"],
        requeues=body["requeues"],
        calls=body["calls"],
        missed_mark=body["missed_mark"],
        state_at=_at(body["state_at"]),
        ended_at=row.ended_at,
        aside_reason=body["aside_reason"],
        noted=body["noted"],
        prefilled=body["prefilled"],
        filled=body["filled"],
        form_saves=body["form_saves"],
        promise=tuple(promise) if promise else None,
        beside=tuple(beside) if beside else None,
        first_wait=body.get("first_wait"),
        recovered_at=_at(body.get("recovered_at")),
        reason=tuple(sorted(body["reason"].items())),
        stars=body["stars"],
    )


def counter_row(hall: str, counter: Counter) -> dict[str, Any]:
    """A counter as its row."""
    return {
        "hall": hall,
        "key": counter.key,
        "state": counter.state,
        "since": counter.since,
        "clerk": counter.clerk,
        "reason": counter.reason,
        "back_at": counter.back_at,
        "services": list(counter.services),
        "ticket": counter.ticket,
        "free_since": counter.free_since,
    }


def counter_from(row: Row[Any]) -> Counter:
    """The counter a row holds."""
    return Counter(
        row.key,
        tuple(row.services),
        row.state,
        row.since,
        row.clerk,
        row.reason,
        row.back_at,
        row.ticket,
        row.free_since,
    )
