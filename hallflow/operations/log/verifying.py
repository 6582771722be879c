"""Integrity verification of the event log: its hash chain, its replay, and the tables compared with it, day by day.

A day begins on an empty floor at its `day_opened`, so at most one day is in memory, and a day that cannot be replayed does not hide
the faults of the next.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from sqlalchemy import Connection

from hallflow.domain.events import Event
from hallflow.domain.floor import Floor
from hallflow.domain.floor_events import evolve
from hallflow.domain.refusals import Refused
from hallflow.domain.ticket import Ticket
from hallflow.operations.log.comparing import Comparison
from hallflow.storage.log import ledger
from hallflow.storage.log.chain import BEGINNING, link
from hallflow.storage.log.logbook import UNREADABLE, Entry, entries, halls_known

Progress = Callable[[int], None]
TELL_EVERY = 1000
NAMED = 50


@dataclass(frozen=True, slots=True)
class Flaw:
    """An integrity fault; `seq` is the entry at which it appears."""

    hall: str
    seq: int
    what: str
    where: str
    """log, or tables where a row differs from the replay of the log."""


@dataclass(slots=True)
class Verified:
    """The result of verifying one hall's log."""

    hall: str
    entries: int = 0
    days: int = 0
    tickets: int = 0
    """Ticket rows compared with the log."""
    days_forgotten: int = 0
    """Days whose tickets have been deleted from the tables."""
    hash: str = BEGINNING
    """The hash of the last entry: a copy noted elsewhere shows whether the whole log has been rewritten."""
    flaws: list[Flaw] = field(default_factory=list)
    """The first flaws by seq, those of the log before those of the tables, because wrong entries cause wrong rows."""
    count: int = 0
    """How many flaws there are in all."""

    def add(self, seq: int, what: str) -> None:
        """Add a flaw of the log."""
        self._add(Flaw(self.hall, seq, what, "log"))

    def add_row(self, seq: int, what: str) -> None:
        """Add a flaw of the tables."""
        self._add(Flaw(self.hall, seq, what, "tables"))

    def _add(self, flaw: Flaw) -> None:
        self.count += 1
        self.flaws = sorted([*self.flaws, flaw], key=lambda flaw: (flaw.where, flaw.seq))[:NAMED]

    @property
    def follow(self) -> int:
        """How many entries follow the first flaw; the hash chain proves none of them."""
        return max(self.entries - self.flaws[0].seq, 0) if self.flaws else 0


def verify(connection: Connection, hall: str | None, progress: Progress) -> list[Verified]:
    """Verify the log of one hall, or of all."""
    told, done = [], 0
    for key in [hall] if hall else halls_known(connection):
        check = _Check(connection, key)
        for entry in entries(connection, key):
            check.see(entry)
            done += 1
            if done % TELL_EVERY == 0:
                progress(done)
        told.append(check.end())
    progress(done)
    return told


class _Check:
    """One pass over the log of one hall."""

    def __init__(self, connection: Connection, hall: str) -> None:
        self.result = Verified(hall)
        self._connection = connection
        self._hall = hall
        self._seq, self._hash = 0, BEGINNING
        self._at: datetime | None = None
        self._floor: Floor | None = None
        """The floor as replayed so far; None after an entry that cannot be replayed, until the next day."""
        self._day_seq = 0
        self._tickets: dict[str, tuple[Ticket, int]] = {}
        """Every ticket of the day, and the seq of its last event."""
        self._tables = Comparison(connection, hall, self.result.add_row)

    def see(self, entry: Entry) -> None:
        """Check an entry against the one before it, and replay it."""
        self.result.entries += 1
        event = entry.event
        if event is None:
            self.result.add(entry.seq, "the entry cannot be read")
        elif entry.seq != self._seq + 1:
            self._missing(entry.seq)
        elif entry.hash != link(self._hash, self._hall, event):
            self.result.add(entry.seq, "its hash does not fit what it says and the entry before it")
        if event is not None and self._at is not None and event.at < self._at:
            self.result.add(entry.seq, "it is earlier than the entry before it")
        self._seq, self._hash = entry.seq, entry.hash
        if event is None:
            self._floor = None
            return
        self._at = event.at
        try:
            self._happen(event)
        except Refused as refused:
            self._lost(event, str(refused))
        except UNREADABLE as fault:
            self._lost(event, f"{type(fault).__name__}: {fault}")

    def _missing(self, seq: int) -> None:
        self._floor = None
        if seq <= self._seq:
            self.result.add(seq, "no log has an entry of this number")
            return
        first, last = self._seq + 1, seq - 1
        self.result.add(
            first, "the entry is missing" if first == last else f"the entries {first} to {last} are missing"
        )

    def _lost(self, event: Event, why: str) -> None:
        self.result.add(event.seq, f"{event.kind} cannot have happened here: {why}")
        self._floor = None

    def _happen(self, event: Event) -> None:
        if event.kind == "day_opened":
            self._end_day()
            if self._floor is None:
                self._floor = Floor(self._hall, date.min, event.seq - 1)
            self._tickets, self._day_seq = {}, event.seq
            self.result.days += 1
        if self._floor is None:
            return
        moved = evolve(self._floor, event)
        if event.kind == "rated":
            self._rated(self._floor.day, event)
        elif moved is not None:
            self._tickets[moved.number] = (moved, event.seq)

    def _rated(self, today: date, event: Event) -> None:
        number, stars = str(event.ticket), event.data["stars"]
        if event.data["day"] != today.isoformat():
            self._tables.rated_later(date.fromisoformat(event.data["day"]), number, stars, event.seq)
            return
        ticket, _ = self._tickets[number]
        self._tickets[number] = (replace(ticket, stars=stars), event.seq)

    def _end_day(self) -> None:
        if self._floor is not None and self._day_seq:
            self._tables.check_day(self._floor.day, self._tickets, self._seq)

    def end(self) -> Verified:
        """Compare the log's end with its head and the tables, and give the result."""
        result = self.result
        self._end_day()
        head = ledger.head(self._connection, self._hall)
        if head is None:
            result.add(self._seq, "the hall has no head, which says where its log ends")
        elif head.seq != self._seq:
            result.add(min(head.seq, self._seq) + 1, f"the log ends at {self._seq}, and its head says {head.seq}")
        elif (head.hash, head.at) != (self._hash, self._at or head.at):
            result.add(self._seq, "the hall's head does not carry the last entry's hash and moment")
        elif self._floor is not None:
            if (head.day, head.day_seq) != (self._floor.day, self._day_seq):
                result.add(self._seq, "the hall's head names another day than the log")
            self._tables.check_counters(self._floor.counters, self._seq)
        self._tables.end(self._seq)
        result.hash, result.tickets, result.days_forgotten = (
            self._hash,
            self._tables.tickets,
            self._tables.days_forgotten,
        )
        return result
