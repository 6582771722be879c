"""The state transition of a ticket (event sourcing): which of its fields each event changes."""

from dataclasses import replace
from datetime import datetime
from operator import attrgetter
from typing import Any

from hallflow.domain.events import Event
from hallflow.domain.ticket import Leg, Ticket

What = dict[str, Any]
"""The fields of a ticket that an event changes, with their new values."""


def issue(event: Event) -> Ticket:
    """The ticket that an `issued` event creates."""
    data = event.data
    first, *rest = data["services"]
    legs = (Leg(first, joined_at=event.at), *(Leg(service) for service in rest))
    promise, baselines, predicted = data.get("promise"), data.get("beside"), data.get("foreseen")
    return Ticket(
        number=str(event.ticket),
        tier=data["tier"],
        language=data["language"],
        issued_at=event.at,
        legs=legs,
        since=event.at,
        ordinal=event.seq,
        state_at=event.at,
        promise=(promise[0], promise[1], promise[2]) if promise else None,
        baselines=tuple(baselines) if baselines else None,
        predicted=(predicted[0], predicted[1], predicted[2]) if predicted else None,
    )


def moved(ticket: Ticket, event: Event) -> Ticket:
    """The ticket after this event."""
    state = ticket.check(event.kind)
    change = _CHANGES.get(event.kind)
    what = change(ticket, event) if change else {}
    if state != ticket.state:
        what |= {"state": state, "state_at": event.at}
    return _altered(ticket, what)


_VALUES = attrgetter(*Ticket.__slots__)
_PLACES = {name: place for place, name in enumerate(Ticket.__slots__)}


def _altered(ticket: Ticket, what: What) -> Ticket:
    """The ticket with these fields changed; dataclasses.replace takes three times as long, and a replay makes thousands."""
    values = list(_VALUES(ticket))
    for name, value in what.items():
        values[_PLACES[name]] = value
    return Ticket(*values)


def _with_leg(ticket: Ticket, **what: Any) -> tuple[Leg, ...]:
    legs = list(ticket.legs)
    legs[ticket.leg] = replace(legs[ticket.leg], **what)
    return tuple(legs)


def _called(ticket: Ticket, event: Event) -> What:
    return _summoned(ticket, event) | {"legs": _with_leg(ticket, called_at=event.at, counter=event.counter)}


def _started(ticket: Ticket, event: Event) -> What:
    legs = _with_leg(ticket, called_at=event.at, counter=event.counter, arrived_at=event.at)
    return _summoned(ticket, event) | {"legs": legs}


def _summoned(ticket: Ticket, event: Event) -> What:
    is_bound = ticket.promised_until is not None
    return {
        "first_wait": round((event.at - ticket.issued_at).total_seconds() / 60, 2) if is_bound else ticket.first_wait,
        "counter": event.counter,
        "recalls": 0,
        "calls": ticket.calls + 1,
        "reason": tuple(sorted(event.data["reason"].items())),
    }


def _recalled(ticket: Ticket, event: Event) -> What:
    return {"recalls": ticket.recalls + 1}


def _arrived(ticket: Ticket, event: Event) -> What:
    return {"legs": _with_leg(ticket, arrived_at=event.at)}


def _missed(ticket: Ticket, event: Event) -> What:
    return {"counter": None, "missed_mark": event.data["mark"]}


def _back_in_line(ticket: Ticket, event: Event) -> What:
    return {
        "legs": _with_leg(ticket, called_at=None, arrived_at=None, counter=None),
        "counter": None,
        "since": datetime.fromisoformat(event.data["since"]),
        "ordinal": event.seq,
        "requeues": ticket.requeues + (event.kind == "requeued"),
    }


def _deferred(ticket: Ticket, event: Event) -> What:
    return {"since": datetime.fromisoformat(event.data["since"]), "ordinal": event.seq}


def _rerouted(ticket: Ticket, event: Event) -> What:
    return {"wanted": None}


def _recovery_opened(ticket: Ticket, event: Event) -> What:
    return {"recovered_at": event.at}


def _parked(ticket: Ticket, event: Event) -> What:
    return {"counter": None, "aside_reason": event.data.get("reason")}


def _resumed(ticket: Ticket, event: Event) -> What:
    arrived = ticket.now.arrived_at or event.at
    called = ticket.now.called_at or event.at
    return {
        "legs": _with_leg(ticket, called_at=called, arrived_at=arrived, counter=event.counter),
        "counter": event.counter,
    }


def _transferred(ticket: Ticket, event: Event) -> What:
    ended = _with_leg(ticket, ended_at=event.at, outcome="transferred")
    done, to_come = ended[: ticket.leg + 1], ended[ticket.leg + 1 :]
    leg = Leg(event.data["service"], joined_at=event.at)
    return {"legs": (*done, leg, *to_come), "wanted": event.data.get("wanted")} | _join(ticket, event)


def _leg_finished(ticket: Ticket, event: Event) -> What:
    legs = list(_with_leg(ticket, ended_at=event.at, outcome=event.data.get("outcome")))
    legs[ticket.leg + 1] = replace(legs[ticket.leg + 1], joined_at=event.at)
    return {"legs": tuple(legs), "wanted": None} | _join(ticket, event)


def _join(ticket: Ticket, event: Event) -> What:
    return {
        "leg": ticket.leg + 1,
        "counter": None,
        "since": datetime.fromisoformat(event.data["since"]),
        "ordinal": event.seq,
        "recalls": 0,
        "noted": bool(event.data.get("noted")),
        "prefilled": False,
        "filled": 0,
    }


def _service_added(ticket: Ticket, event: Event) -> What:
    return {"legs": (*ticket.legs, Leg(event.data["service"]))}


def _ended(ticket: Ticket, event: Event) -> What:
    return {
        "legs": _with_leg(ticket, ended_at=event.at, outcome=event.data.get("outcome", event.kind)),
        "ended_at": event.at,
    }


def _prefilled(ticket: Ticket, event: Event) -> What:
    data = event.data
    return {"prefilled": data["accepted"], "filled": data["filled"], "form_saves": ticket.form_saves + 1}


def _rated(ticket: Ticket, event: Event) -> What:
    return {"stars": event.data["stars"]}


_CHANGES = {
    "called": _called,
    "recalled": _recalled,
    "arrived": _arrived,
    "started": _started,
    "missed": _missed,
    "requeued": _back_in_line,
    "returned": _back_in_line,
    "deferred": _deferred,
    "rerouted": _rerouted,
    "recovery_opened": _recovery_opened,
    "parked": _parked,
    "resumed": _resumed,
    "transferred": _transferred,
    "leg_finished": _leg_finished,
    "service_added": _service_added,
    "finished": _ended,
    "left": _ended,
    "expired": _ended,
    "prefilled": _prefilled,
    "rated": _rated,
}
