"""A customer's ticket (one visit), and the state machine by which it moves: `MOVES`."""

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
    """One stage of a visit: one wait and one service."""

    service: str
    joined_at: datetime | None = None
    called_at: datetime | None = None
    arrived_at: datetime | None = None
    ended_at: datetime | None = None
    counter: str | None = None
    outcome: str | None = None


@dataclass(frozen=True, slots=True)
class Ticket:
    """One customer's visit: a number of the day, its tier and its legs."""

    number: str
    tier: str
    language: str
    issued_at: datetime
    legs: tuple[Leg, ...]
    leg: int = 0
    state: str = "waiting"
    since: datetime | None = None
    """From when this wait counts: earlier waits are credited after a transfer."""
    ordinal: int = 0
    """The seq at which it joined its line; breaks ties of `since`."""
    counter: str | None = None
    """The counter to which it is called or at which it is served."""
    wanted: str | None = None
    """The one counter it waits for, after a transfer to a counter."""
    recalls: int = 0
    requeues: int = 0
    calls: int = 0
    missed_mark: int = 0
    """How many calls of its service had been made when it was missed: the calls since then measure how late it returns."""
    state_at: datetime | None = None
    ended_at: datetime | None = None
    aside_reason: str | None = None
    """Why it was parked: a reason's key, never free text about a person."""
    noted: bool = False
    """Whether the clerk who transferred it left a note; the note itself is stored encrypted, outside the log."""
    prefilled: bool = False
    """Whether the form of this leg is complete."""
    filled: int = 0
    """How many questions of the form have an answer."""
    form_saves: int = 0
    """How often the form was saved: by this number screens notice changed answers."""
    promise: tuple[int, int, int] | None = None
    """The quoted wait: low, likely, high minutes as shown at issue."""
    baselines: tuple[float | None, ...] | None = None
    """Benchmark predictions at issue: customers ahead; typical, LES, queue over throughput (minutes); the twin's low, likely, high."""
    predicted: tuple[float, float, float] | None = None
    """The predicted range behind the promise, before calibration and rounding."""
    first_wait: float | None = None
    """Minutes from issue to the first call, if the promise still held then."""
    recovered_at: datetime | None = None
    """When the hall apologised for a promise broken by far (service recovery)."""
    reason: tuple[tuple[str, Any], ...] = ()
    """The reason of its last call."""
    stars: int | None = None

    @property
    def service(self) -> str:
        """The service of the current leg."""
        return self.legs[self.leg].service

    @property
    def now(self) -> Leg:
        """The current leg."""
        return self.legs[self.leg]

    @property
    def place(self) -> tuple[datetime, int]:
        """Its place in a line, as a sort key: the smallest is the front."""
        return (self.since or self.issued_at, self.ordinal)

    @property
    def line(self) -> tuple[str, str]:
        """The line (FIFO class queue) it stands in: one service, or one wanted counter, and one tier."""
        return (f"@{self.wanted}" if self.wanted else self.service, self.tier)

    def waited(self, now: datetime) -> float:
        """The waiting time until now in minutes, with credited waits."""
        return (now - (self.since or self.issued_at)).total_seconds() / 60

    @property
    def promised_until(self) -> datetime | None:
        """The end of the range promised at issue; None once the ticket was called, transferred or deferred."""
        if self.promise is None or self.leg or self.calls or self.since not in (None, self.issued_at):
            return None
        return self.issued_at + timedelta(minutes=self.promise[2])

    def check(self, kind: str) -> str:
        """The state this event leads to; raises Refused for an event that the table of moves does not allow."""
        to = MOVES[self.state].get(kind)
        if to is None:
            raise Refused("not_now", number=self.number, state=self.state, verb=kind)
        return to
