"""A customer's ticket and the one table by which it moves."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

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
    """What others said at issue: people ahead; typical, LES, queue over throughput (minutes); the twin's low, likely, high."""
    foreseen: tuple[float, float, float] | None = None
    """The promise before it was calibrated and rounded, by whoever foresees this hall's waits."""
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
