"""Serialisation of tickets, counters and events into rows and back, without loss."""

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
    data = [leg.service, *map(_iso, moments), leg.counter, leg.outcome]
    while data[-1] is None:
        del data[-1]
    return data


def _leg_from(data: list[Any]) -> Leg:
    whole: list[Any] = [*data, *[None] * (7 - len(data))]
    service, joined, called, arrived, ended, counter, outcome = whole
    return Leg(service, _at(joined), _at(called), _at(arrived), _at(ended), counter, outcome)


def ticket_row(ticket: Ticket) -> dict[str, Any]:
    """The columns of a ticket's row that change with the ticket."""
    return {
        "state": ticket.state,
        "tier": ticket.tier,
        "service": ticket.service,
        "counter": ticket.counter,
        "ended_at": ticket.ended_at,
        "body": _ticket_body(ticket),
    }


PLAIN = {
    "leg": 0,
    "ordinal": 0,
    "wanted": None,
    "recalls": 0,
    "requeues": 0,
    "calls": 0,
    "missed_mark": 0,
    "aside_reason": None,
    "noted": False,
    "prefilled": False,
    "filled": 0,
    "form_saves": 0,
    "first_wait": None,
    "stars": None,
}
"""The usual values of a ticket's fields; only others are written, so that more tickets fit a page, which every change syncs."""


def _ticket_body(ticket: Ticket) -> dict[str, Any]:
    body = {name: value for name, usual in PLAIN.items() if (value := getattr(ticket, name)) != usual}
    body |= {"language": ticket.language, "legs": [_leg_data(leg) for leg in ticket.legs], "since": _iso(ticket.since)}
    if ticket.state_at != ticket.since:
        body["state_at"] = _iso(ticket.state_at)
    if ticket.promise:
        body["promise"] = ticket.promise
    if ticket.baselines:
        body["beside"] = ticket.baselines
    if ticket.predicted:
        body["foreseen"] = ticket.predicted
    if ticket.recovered_at:
        body["recovered_at"] = _iso(ticket.recovered_at)
    if ticket.reason:
        body["reason"] = dict(ticket.reason)
    return body


def ticket_from(row: Row[Any]) -> Ticket:
    """The ticket of a row."""
    body = row.body
    promise, baselines, since = body.get("promise"), body.get("beside"), _at(body["since"])
    predicted = body.get("foreseen")
    return Ticket(
        number=row.number,
        tier=row.tier,
        language=body["language"],
        issued_at=row.issued_at,
        legs=tuple(map(_leg_from, body["legs"])),
        state=row.state,
        since=since,
        counter=row.counter,
        state_at=_at(body["state_at"]) if "state_at" in body else since,
        ended_at=row.ended_at,
        promise=tuple(promise) if promise else None,
        baselines=tuple(baselines) if baselines else None,
        predicted=tuple(predicted) if predicted else None,
        recovered_at=_at(body.get("recovered_at")),
        reason=tuple(sorted(body.get("reason", {}).items())),
        **{name: body.get(name, usual) for name, usual in PLAIN.items()},
    )


def counter_row(hall: str, counter: Counter) -> dict[str, Any]:
    """A counter as a row."""
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
    """The counter of a row."""
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
