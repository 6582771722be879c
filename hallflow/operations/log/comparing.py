"""What the log gives beside what the tables hold: tickets day by day, and the counters as they stand."""

from collections.abc import Callable, Mapping
from dataclasses import fields, replace
from datetime import date
from typing import Any

from sqlalchemy import Connection

from hallflow.domain.counter import Counter
from hallflow.domain.ticket import Ticket
from hallflow.storage.log import ledger
from hallflow.storage.log.logbook import UNREADABLE, days_with_tickets, ticket_rows

LONGEST = 120
Add = Callable[[int, str], None]


class Comparison:
    """The tables of one hall, compared with its log as that is replayed."""

    def __init__(self, connection: Connection, hall: str, add: Add) -> None:
        self.tickets = 0
        self.days_forgotten = 0
        self._connection = connection
        self._hall = hall
        self._add = add
        self._kept = days_with_tickets(connection, hall)
        self._seen: set[date] = set()
        self._stars: dict[tuple[date, str], int] = {}
        """Ratings in the tables that the log must still tell of: a customer may rate a visit the day after."""

    def check_day(self, day: date, told: Mapping[str, tuple[Ticket, int]], seq: int) -> None:
        """Compare a day's tickets; `seq` is the day's last entry."""
        self._seen.add(day)
        if told and not any(kept <= day for kept in self._kept) and (self._kept or seq != self._last()):
            # nothing of this day or an earlier one is kept: it has been forgotten, as the hall promises
            self.days_forgotten += 1
            return
        left = dict(told)
        try:
            for number, service, ticket in ticket_rows(self._connection, self._hall, day):
                self._check_ticket(day, number, service, ticket, left.pop(number, None), seq)
        except UNREADABLE as fault:
            self._add(seq, f"the tickets of {day} cannot be read: {fault}")
            return
        for number, (_, last) in left.items():
            self._add(last, f"ticket {number} of {day} is in the log, and not among the tickets")

    def _last(self) -> int | None:
        head = ledger.head(self._connection, self._hall)
        return head.seq if head else None

    def _check_ticket(
        self, day: date, number: str, service: str, row: Ticket, told: tuple[Ticket, int] | None, seq: int
    ) -> None:
        self.tickets += 1
        if told is None:
            self._add(seq, f"ticket {number} of {day} is among the tickets, and not in the log")
            return
        ticket, last = told
        if row == ticket and service == ticket.service:
            return
        if row.stars is not None and row == replace(ticket, stars=row.stars) and ticket.stars is None:
            self._stars[day, number] = row.stars
            return
        what = difference(row, ticket) or f"service is {service!r}, the log gives {ticket.service!r}"
        self._add(last, f"ticket {number} of {day} is another than in the log: {what}")

    def rated_later(self, day: date, number: str, stars: int, seq: int) -> None:
        """A rating of an earlier day's visit."""
        known = self._stars.pop((day, number), None)
        if known is None:
            held = ledger.held_by_number(self._connection, self._hall, day, number)
            known = held.ticket.stars if held else stars
        if known != stars:
            self._add(
                seq, f"ticket {number} of {day} is another than in the log: stars is {known}, the log gives {stars}"
            )

    def check_counters(self, told: Mapping[str, Counter], seq: int) -> None:
        """Compare the counters as they stand."""
        try:
            kept = ledger.counters_of(self._connection, self._hall)
        except UNREADABLE as fault:
            self._add(seq, f"the counters cannot be read: {fault}")
            return
        for key in sorted(told.keys() | kept.keys()):
            row, counter = kept.get(key), told.get(key)
            if row is None or counter is None:
                where = "in the log, and not in the table" if row is None else "in the table, and not in the log"
                self._add(seq, f"counter {key} is {where}")
            elif row != counter:
                self._add(seq, f"counter {key} is another than in the log: {difference(row, counter)}")

    def end(self, seq: int) -> None:
        """Name what the tables hold and the log has not told of."""
        for day in self._kept:
            if day not in self._seen:
                self._add(seq, f"there are tickets of {day}, which could not be replayed from the log")
        for (day, number), stars in self._stars.items():
            self._add(seq, f"ticket {number} of {day} has {stars} stars that the log does not tell of")


def difference(row: Any, told: Any) -> str:
    """The first field in which two of a kind differ."""
    for name in (field.name for field in fields(row)):
        here, there = getattr(row, name), getattr(told, name)
        if here != there:
            return f"{name} is {_short(here)}, the log gives {_short(there)}"
    return ""


def _short(value: Any) -> str:
    said = repr(value)
    return said if len(said) <= LONGEST else f"{said[:LONGEST]}..."
