"""The live hall: its current floor, and the unit of work that is the only way to change it.

    with hall.change() as change:
        change.record("left", ticket="A001")

is the whole unit of work. The hall's turn is taken first, then the clock is read once, then the floor is brought up to the log's
seq (another process may have appended to it), and only then is anything decided. Recorded events are written to the log and the
tables in the same transaction; when the block raises, nothing has changed. Screens are notified after the commit.
"""

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from hallflow import once
from hallflow.domain.events import Event
from hallflow.domain.floor import Floor, empty_floor
from hallflow.domain.floor_events import evolve, replay
from hallflow.domain.plan import Plan
from hallflow.domain.refusals import Refused
from hallflow.domain.screens import ScreenSeen
from hallflow.domain.ticket import Ticket
from hallflow.storage.log import ledger
from hallflow.storage.log.ledger import Head, IssuedTicket
from hallflow.storage.records.advices import Today
from hallflow.storage.turns import Turn, Turns


class Ticks(Protocol):
    """A clock: the current moment, and how fast it runs."""

    pace: float

    def now(self) -> datetime:
        """The current moment, aware UTC."""


class Change:
    """The unit of work of one turn: events recorded on a draft of the floor, and written when the block succeeds."""

    def __init__(self, hall: "Hall", turn: Turn, head: Head, floor: Floor, now: datetime) -> None:
        self.hall = hall
        self.plan = hall.plan
        self.connection = turn.connection
        self.now = now
        self.floor = floor.draft()
        self._turn = turn
        self._before = floor
        self._head = head
        self._day_seq = head.day_seq
        self._events: list[Event] = []
        self._moved: dict[str, Ticket] = {}
        self._new: dict[str, tuple[str, str | None]] = {}
        self.hash = head.hash
        """The log's last hash; once this change is written, its own."""
        self.noted = False
        """Whether something besides events was written, which a retry must not repeat."""
        self.last: Ticket | None = None
        """The ticket changed last, in its new state."""

    def record(self, kind: str, ticket: str | None = None, counter: str | None = None, **data: Any) -> Ticket | None:
        """Record an event at this turn's moment; gives the ticket after it."""
        event = Event(self.floor.seq + 1, self.now, kind, ticket, counter, data)
        if kind == "day_opened":
            # the rows of the old day are written before the day, which is part of their key, changes
            self.write_so_far()
            self._day_seq = event.seq
        after = evolve(self.floor, event)
        self._events.append(event)
        if after is not None:
            self._moved[after.number] = self.last = after
        return after

    def move(self, kind: str, ticket: Ticket, counter: str | None = None, **data: Any) -> Ticket:
        """Record an event of a ticket, at its own counter by default; gives the ticket after it."""
        after = self.record(kind, ticket=ticket.number, counter=counter or ticket.counter, **data)
        if after is None:
            raise ValueError(f"{kind} moves no ticket")
        return after

    def issue(self, number: str, token: str, visit: str | None, **data: Any) -> Ticket:
        """Record a new ticket; its access token is stored in the table of tickets, never in the log."""
        self._new[number] = (token, visit)
        self.record("issued", ticket=number, **data)
        return self.floor.ticket(number)

    def rate(self, held: IssuedTicket, stars: int) -> Ticket:
        """Record a served customer's rating; the visit is over, so only its row and the day's tally change."""
        ticket = replace(held.ticket, stars=stars)
        self.record("rated", ticket=ticket.number, day=held.day.isoformat(), stars=stars)
        ledger.move_tickets(self.connection, self.hall.key, held.day, [ticket])
        self.last = ticket
        return ticket

    @property
    def happened(self) -> bool:
        """Whether anything was recorded."""
        return bool(self._events)

    def write(self) -> None:
        """Write log and tables; the turn's transaction commits them."""
        if not self._events:
            return
        connection, key = self.connection, self.hall.key
        self.hash = ledger.add_events(connection, key, self._events, self._head.hash)
        self.write_so_far()
        before, after = self._before.counters, self.floor.counters
        ledger.set_counters(connection, key, [c for k, c in after.items() if before.get(k) is not c])
        if gone := before.keys() - after.keys():
            ledger.drop_counters(connection, key, gone)
        after_all = Head(self.floor.seq, self.now, self.floor.day, self._day_seq, self.hash)
        self._turn.move_head(key, self._head, after_all)

    def write_so_far(self) -> None:
        """Write the tickets changed until now, for a step of the same turn that reads the tables."""
        key, day = self.hall.key, self.floor.day
        for number, (token, visit) in self._new.items():
            ledger.add_ticket(self.connection, IssuedTicket(key, day, token, self._moved.pop(number)), visit)
        ledger.move_tickets(self.connection, key, day, self._moved.values())
        self._new, self._moved = {}, {}


class Hall:
    """A hall of this installation; `floor` is its last known state, safe to read from any thread."""

    def __init__(self, plan: Plan, turns: Turns, clock: Ticks) -> None:
        self.key = plan.hall
        self.plan = plan
        self.clock = clock
        self.outlook: Mapping[str, Any] | None = None
        """The worker's last outlook, as data."""
        self.outlook_version = 0
        self.advice = Today()
        """Today's advice."""
        self.screens: Sequence[ScreenSeen] = ()
        """The presence of screens and kiosks as last read for a manager's page."""
        self.heard_since = clock.now()
        """Since when this process has been able to see screens connect."""
        self.staff: Mapping[str, str] = {}
        """The names of the staff by their ids, which the log has instead of names."""
        self.on_change: Callable[[Hall], None] = lambda hall: None
        self._turns = turns
        self._publishing = threading.Lock()
        self.floor = empty_floor(plan, plan.hours.day_of(clock.now()))
        # the floor after the last turn, perhaps not durable yet; the next turn recognises it by the log's hash
        self._left: tuple[str, Floor] = ("", self.floor)

    @contextmanager
    def change(self) -> Iterator[Change]:
        """The unit of work: take the hall's turn, and write all that the block records, or nothing."""
        asked = once.present()
        try:
            with self._turns.turn(self.key) as turn:
                head = turn.head(self.key)
                floor = self._up_to(turn.connection, head)
                now = self.clock.now()
                if head is None:
                    head = ledger.begin(turn.connection, self.key, now, floor.day)
                # moments in the log must not decrease, even if the clock was set back
                change = Change(self, turn, head, floor, max(now, head.at))
                yield change
                with turn.writing():
                    change.write()
                    if asked is not None and (change.happened or change.noted):
                        number = change.last.number if change.last else None
                        asked.keep(turn.connection, change.floor.day, number, change.now)
                self._left = (change.hash, change.floor)
        except (Refused, IntegrityError):
            # perhaps because it is being asked again: only then is the question worth a query
            if asked is not None:
                with self.reading() as connection:
                    asked.done_before(connection)
            raise
        self._publish(change.floor)
        if change.happened:
            self.on_change(self)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A read-only connection."""
        with self._turns.engine.connect() as connection:
            yield connection

    def catch_up(self) -> bool:
        """Apply the events that other processes have written; gives whether there were any."""
        with self.reading() as connection:
            head = ledger.head(connection, self.key)
            if head is None or head.seq == self.floor.seq:
                return False
            floor = self._up_to(connection, head)
        return self._publish(floor)

    def _up_to(self, connection: Connection, head: Head | None) -> Floor:
        """The floor at the log's head: the known one, with the events of the log after it."""
        known = self.floor
        if head is None or head.seq == known.seq:
            return known
        left_at, left = self._left
        if head.hash == left_at:
            return left
        if head.seq < known.seq or head.day_seq > known.seq:
            # another day, or another database: a day begins on an empty floor, so its own events suffice
            known = replace(empty_floor(self.plan, head.day), seq=max(head.day_seq - 1, 0))
        return replay(known, ledger.events_after(connection, self.key, known.seq))

    def _publish(self, floor: Floor) -> bool:
        """Make a newer floor visible to readers; an older one, from a slower thread, is dropped."""
        with self._publishing:
            newer = floor.seq > self.floor.seq or floor.day > self.floor.day
            if newer:
                self.floor = floor
            return newer
