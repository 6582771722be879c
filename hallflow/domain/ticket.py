"""A customer's ticket and the one table by which it moves."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from hallflow.domain.events import Event
from hallflow.domain.refusals import Refused

MOVES: dict[str, dict[str, str]] = {
    "booked": {"checked_in": "waiting", "prefilled": "booked", "left": "left", "expired": "expired"},
    "waiting": {
        "prefilled": "waiting",
        "called": "called",
        "started": "serving",
        "deferred": "waiting",
        "rerouted": "waiting",
        "recovery_opened": "waiting",
        "transferred": "waiting",
        "left": "left",
        "expired": "expired",
    },
    "called": {
        "prefilled": "called",
        "recalled": "called",
        "arrived": "serving",
        "missed": "missed",
        "requeued": "waiting",
        "transferred": "waiting",
        "left": "left",
        "expired": "expired",
    },
    "serving": {
        "prefilled": "serving",
        "service_added": "serving",
        "parked": "parked",
        "transferred": "waiting",
        "leg_finished": "waiting",
        "finished": "served",
        "expired": "expired",
    },
    "parked": {"prefilled": "parked", "resumed": "serving", "left": "left", "expired": "expired"},
    "missed": {
        "prefilled": "missed",
        "returned": "waiting",
        "resumed": "serving",
        "left": "left",
        "expired": "expired",
    },
    "served": {"rated": "served"},
    "left": {},
    "expired": {},
}
ENDED = frozenset({"served", "left", "expired"})


@dataclass(frozen=True, slots=True)
class Leg:
    """One wait and one service within a ticket's visit."""

    service: str
    joined_at: datetime | None = None
    called_at: datetime | None = None
    arrived_at: datetime | None = None
    ended_at: datetime | None = None
    counter: str | None = None
    outcome: str | None = None


@dataclass(frozen=True, slots=True)
class Ticket:
    """What the customer holds: a number of the day, its tier and its legs."""

    number: str
    tier: str
    language: str
    issued_at: datetime
    legs: tuple[Leg, ...]
    leg: int = 0
    state: str = "waiting"
    since: datetime | None = None
    """From when this wait counts: waits already endured are credited after a transfer."""
    ordinal: int = 0
    """The seq at which it joined its line: breaks ties of `since`."""
    counter: str | None = None
    """Where it is called or served."""
    wanted: str | None = None
    """The one counter it waits for, after a transfer to a counter."""
    recalls: int = 0
    requeues: int = 0
    calls: int = 0
    missed_mark: int = 0
    """Calls of its service made when it was missed: tells how late it comes."""
    state_at: datetime | None = None
    ended_at: datetime | None = None
    aside_reason: str | None = None
    """Why it was parked: a reason's key, never free text about a person."""
    noted: bool = False
    """Whether the clerk who sent it on left a note; the note itself is kept sealed, outside the log."""
    prefilled: bool = False
    """Whether the form of this leg is complete."""
    filled: int = 0
    """How many of its questions have an answer."""
    form_saves: int = 0
    """How often it was saved: tells screens that answers have changed."""
    promise: tuple[int, int, int] | None = None
    """The wait shown at issue: low, likely, high minutes."""
    beside: tuple[float | None, ...] | None = None
    """What simpler estimators said at issue: people ahead, then typical, LES and queue over throughput in minutes."""
    foreseen: tuple[float, float, float] | None = None
    """The promise before it was calibrated and rounded."""
    first_wait: float | None = None
    """Minutes from issue to the first call, where the promise still bound the hall by then."""
    recovered_at: datetime | None = None
    """When the hall apologised for a promise long broken."""
    reason: tuple[tuple[str, Any], ...] = ()
    """Why it was called when it was."""
    stars: int | None = None

    @property
    def service(self) -> str:
        """What this customer is here for now."""
        return self.legs[self.leg].service

    @property
    def now(self) -> Leg:
        """The leg in hand."""
        return self.legs[self.leg]

    @property
    def place(self) -> tuple[datetime, int]:
        """Its place in a line: earlier is nearer the front."""
        return (self.since or self.issued_at, self.ordinal)

    @property
    def line(self) -> tuple[str, str]:
        """The line it stands in: those of one service (or one wanted counter) and one tier."""
        return (f"@{self.wanted}" if self.wanted else self.service, self.tier)

    def waited(self, now: datetime) -> float:
        """Minutes that count as waited until now."""
        return (now - (self.since or self.issued_at)).total_seconds() / 60

    @property
    def promised_until(self) -> datetime | None:
        """Until when it is to be called by the range shown at issue; None once called, sent on or put back at its wish."""
        if self.promise is None or self.leg or self.calls or self.since not in (None, self.issued_at):
            return None
        return self.issued_at + timedelta(minutes=self.promise[2])

    def check(self, kind: str) -> str:
        """The state this event leads to; refuses what the table does not allow."""
        to = MOVES[self.state].get(kind)
        if to is None:
            raise Refused("not_now", number=self.number, state=self.state, verb=kind)
        return to


def issue(event: Event) -> Ticket:
    """The ticket that an `issued` event brings into the hall."""
    data = event.data
    first, *rest = data["services"]
    legs = (Leg(first, joined_at=event.at), *(Leg(service) for service in rest))
    promise, beside, foreseen = data.get("promise"), data.get("beside"), data.get("foreseen")
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
        beside=tuple(beside) if beside else None,
        foreseen=(foreseen[0], foreseen[1], foreseen[2]) if foreseen else None,
    )


def moved(ticket: Ticket, event: Event) -> Ticket:
    """The ticket after this event of its life."""
    state = ticket.check(event.kind)
    after = replace(ticket, state=state, state_at=event.at if state != ticket.state else ticket.state_at)
    change = _CHANGES.get(event.kind)
    return change(after, event) if change else after


def _with_leg(ticket: Ticket, **what: Any) -> tuple[Leg, ...]:
    legs = list(ticket.legs)
    legs[ticket.leg] = replace(legs[ticket.leg], **what)
    return tuple(legs)


def _called(ticket: Ticket, event: Event) -> Ticket:
    kept = ticket.promised_until is not None
    return replace(
        ticket,
        first_wait=round((event.at - ticket.issued_at).total_seconds() / 60, 2) if kept else ticket.first_wait,
        legs=_with_leg(ticket, called_at=event.at, counter=event.counter),
        counter=event.counter,
        recalls=0,
        calls=ticket.calls + 1,
        reason=tuple(sorted(event.data["reason"].items())),
    )


def _recalled(ticket: Ticket, event: Event) -> Ticket:
    return replace(ticket, recalls=ticket.recalls + 1)


def _arrived(ticket: Ticket, event: Event) -> Ticket:
    return replace(ticket, legs=_with_leg(ticket, arrived_at=event.at))


def _started(ticket: Ticket, event: Event) -> Ticket:
    return _arrived(_called(ticket, event), event)


def _missed(ticket: Ticket, event: Event) -> Ticket:
    return replace(ticket, counter=None, missed_mark=event.data["mark"])


def _back_in_line(ticket: Ticket, event: Event) -> Ticket:
    return replace(
        ticket,
        legs=_with_leg(ticket, called_at=None, arrived_at=None, counter=None),
        counter=None,
        since=datetime.fromisoformat(event.data["since"]),
        ordinal=event.seq,
        requeues=ticket.requeues + (event.kind == "requeued"),
    )


def _deferred(ticket: Ticket, event: Event) -> Ticket:
    return replace(ticket, since=datetime.fromisoformat(event.data["since"]), ordinal=event.seq)


def _rerouted(ticket: Ticket, event: Event) -> Ticket:
    return replace(ticket, wanted=None)


def _recovery_opened(ticket: Ticket, event: Event) -> Ticket:
    return replace(ticket, recovered_at=event.at)


def _parked(ticket: Ticket, event: Event) -> Ticket:
    return replace(ticket, counter=None, aside_reason=event.data.get("reason"))


def _resumed(ticket: Ticket, event: Event) -> Ticket:
    arrived = ticket.now.arrived_at or event.at
    called = ticket.now.called_at or event.at
    return replace(
        ticket,
        legs=_with_leg(ticket, called_at=called, arrived_at=arrived, counter=event.counter),
        counter=event.counter,
    )


def _transferred(ticket: Ticket, event: Event) -> Ticket:
    ended = _with_leg(ticket, ended_at=event.at, outcome="transferred")
    done, to_come = ended[: ticket.leg + 1], ended[ticket.leg + 1 :]
    leg = Leg(event.data["service"], joined_at=event.at)
    return _join(replace(ticket, legs=(*done, leg, *to_come), wanted=event.data.get("wanted")), event)


def _leg_finished(ticket: Ticket, event: Event) -> Ticket:
    legs = list(_with_leg(ticket, ended_at=event.at, outcome=event.data.get("outcome")))
    legs[ticket.leg + 1] = replace(legs[ticket.leg + 1], joined_at=event.at)
    return _join(replace(ticket, legs=tuple(legs), wanted=None), event)


def _join(ticket: Ticket, event: Event) -> Ticket:
    return replace(
        ticket,
        leg=ticket.leg + 1,
        counter=None,
        since=datetime.fromisoformat(event.data["since"]),
        ordinal=event.seq,
        recalls=0,
        noted=bool(event.data.get("noted")),
        prefilled=False,
        filled=0,
    )


def _service_added(ticket: Ticket, event: Event) -> Ticket:
    return replace(ticket, legs=(*ticket.legs, Leg(event.data["service"])))


def _ended(ticket: Ticket, event: Event) -> Ticket:
    return replace(
        ticket,
        legs=_with_leg(ticket, ended_at=event.at, outcome=event.data.get("outcome", event.kind)),
        ended_at=event.at,
    )


def _prefilled(ticket: Ticket, event: Event) -> Ticket:
    data = event.data
    return replace(ticket, prefilled=data["accepted"], filled=data["filled"], form_saves=ticket.form_saves + 1)


def _rated(ticket: Ticket, event: Event) -> Ticket:
    return replace(ticket, stars=event.data["stars"])


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
