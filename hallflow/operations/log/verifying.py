"""Is the log whole, and do the tables say what it says? Read from the first entry to the last, day by day.

A day begins on an empty floor at its `day_opened`, so no more than one day is ever in memory, and a day that cannot be
replayed does not hide what is wrong with the next.
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
    """Something that is not as it was written; `seq` is the entry it shows at."""

    hall: str
    seq: int
    what: str
    where: str
    """log, or tables: where rows are not what replaying the log gives."""


@dataclass(slots=True)
class Verified:
    """What was found in one hall's log."""

    hall: str
    entries: int = 0
    days: int = 0
    tickets: int = 0
    """Ticket rows that were compared with the log."""
    days_forgotten: int = 0
    """Days of which the tables keep no tickets any more."""
    hash: str = BEGINNING
    """The hash of the last entry: whoever has noted it elsewhere sees whether the whole log was written anew."""
    flaws: list[Flaw] = field(default_factory=list)
    """The first of them by seq, those of the log itself before those of the tables: rows differ because entries do."""
    count: int = 0
    """How many there are."""

    def add(self, seq: int, what: str) -> None:
        """Note a flaw of the log."""
        self._add(Flaw(self.hall, seq, what, "log"))

    def add_row(self, seq: int, what: str) -> None:
        """Note a flaw of the tables."""
        self._add(Flaw(self.hall, seq, what, "tables"))

    def _add(self, flaw: Flaw) -> None:
        self.count += 1
        self.flaws = sorted([*self.flaws, flaw], key=lambda flaw: (flaw.where, flaw.seq))[:NAMED]

    @property
    def follow(self) -> int:
        """How many entries stand after the first flaw; the chain vouches for none of them."""
        return max(self.entries - self.flaws[0].seq, 0) if self.flaws else 0


def verify(connection: Connection, hall: str | None, progress: Progress) -> list[Verified]:
    """Check the log of one hall, or of all."""
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
        self.told = Verified(hall)
        self._connection = connection
        self._hall = hall
        self._seq, self._hash = 0, BEGINNING
        self._at: datetime | None = None
        self._floor: Floor | None = None
        """The hall as replayed so far; None from where it cannot be until the next day."""
        self._day_seq = 0
        self._tickets: dict[str, tuple[Ticket, int]] = {}
        """Every ticket of the day, and the entry that moved it last."""
        self._tables = Comparison(connection, hall, self.told.add_row)

    def see(self, entry: Entry) -> None:
        """Check an entry against the one before it, and let it happen."""
        self.told.entries += 1
        event = entry.event
        if event is None:
            self.told.add(entry.seq, "the entry cannot be read")
        elif entry.seq != self._seq + 1:
            self._missing(entry.seq)
        elif entry.hash != link(self._hash, self._hall, event):
            self.told.add(entry.seq, "its hash does not fit what it says and the entry before it")
        if event is not None and self._at is not None and event.at < self._at:
            self.told.add(entry.seq, "it is earlier than the entry before it")
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
            self.told.add(seq, "no log has an entry of this number")
            return
        first, last = self._seq + 1, seq - 1
        self.told.add(first, "the entry is missing" if first == last else f"the entries {first} to {last} are missing")

    def _lost(self, event: Event, why: str) -> None:
        self.told.add(event.seq, f"{event.kind} cannot have happened here: {why}")
        self._floor = None

    def _happen(self, event: Event) -> None:
        if event.kind == "day_opened":
            self._end_day()
            if self._floor is None:
                self._floor = Floor(self._hall, date.min, event.seq - 1)
            self._tickets, self._day_seq = {}, event.seq
            self.told.days += 1
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
        """Compare the log's end with the head and the tables; what was found."""
        told = self.told
        self._end_day()
        head = ledger.head(self._connection, self._hall)
        if head is None:
            told.add(self._seq, "the hall has no head, which says where its log ends")
        elif head.seq != self._seq:
            told.add(min(head.seq, self._seq) + 1, f"the log ends at {self._seq}, and its head says {head.seq}")
        elif (head.hash, head.at) != (self._hash, self._at or head.at):
            told.add(self._seq, "the hall's head does not carry the last entry's hash and moment")
        elif self._floor is not None:
            if (head.day, head.day_seq) != (self._floor.day, self._day_seq):
                told.add(self._seq, "the hall's head names another day than the log")
            self._tables.check_counters(self._floor.counters, self._seq)
        self._tables.end(self._seq)
        told.hash, told.tickets, told.days_forgotten = self._hash, self._tables.tickets, self._tables.days_forgotten
        return told
