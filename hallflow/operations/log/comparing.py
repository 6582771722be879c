"""Consistency check of the tables (read model) against a replay of the log: tickets day by day, then the present counters."""

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
    """Compares the tables of one hall with its log while that is replayed."""

    def __init__(self, connection: Connection, hall: str, add: Add) -> None:
        self.tickets = 0
        self.days_forgotten = 0
        self._connection = connection
        self._hall = hall
        self._add = add
        self._kept = days_with_tickets(connection, hall)
        self._seen: set[date] = set()
        self._stars: dict[tuple[date, str], int] = {}
        """Ratings in the tables for which no event has come yet: a customer may rate a visit the day after."""

    def check_day(self, day: date, replayed: Mapping[str, tuple[Ticket, int]], seq: int) -> None:
        """Compare a day's tickets with those of the replay; `seq` is the day's last entry."""
        self._seen.add(day)
        if replayed and not any(kept <= day for kept in self._kept) and (self._kept or seq != self._last()):
            # no rows of this day or an earlier one are left: they were deleted when their retention time was over
            self.days_forgotten += 1
            return
        left = dict(replayed)
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
        self, day: date, number: str, service: str, row: Ticket, replayed: tuple[Ticket, int] | None, seq: int
    ) -> None:
        self.tickets += 1
        if replayed is None:
            self._add(seq, f"ticket {number} of {day} is among the tickets, and not in the log")
            return
        ticket, last = replayed
        if row == ticket and service == ticket.service:
            return
        if row.stars is not None and row == replace(ticket, stars=row.stars) and ticket.stars is None:
            self._stars[day, number] = row.stars
            return
        what = difference(row, ticket) or f"service is {service!r}, the log gives {ticket.service!r}"
        self._add(last, f"ticket {number} of {day} is another than in the log: {what}")

    def rated_later(self, day: date, number: str, stars: int, seq: int) -> None:
        """Take a rating of an earlier day's visit from the log."""
        known = self._stars.pop((day, number), None)
        if known is None:
            held = ledger.held_by_number(self._connection, self._hall, day, number)
            known = held.ticket.stars if held else stars
        if known != stars:
            self._add(
                seq, f"ticket {number} of {day} is another than in the log: stars is {known}, the log gives {stars}"
            )

    def check_counters(self, replayed: Mapping[str, Counter], seq: int) -> None:
        """Compare the present counters."""
        try:
            kept = ledger.counters_of(self._connection, self._hall)
        except UNREADABLE as fault:
            self._add(seq, f"the counters cannot be read: {fault}")
            return
        for key in sorted(replayed.keys() | kept.keys()):
            row, counter = kept.get(key), replayed.get(key)
            if row is None or counter is None:
                where = "in the log, and not in the table" if row is None else "in the table, and not in the log"
                self._add(seq, f"counter {key} is {where}")
            elif row != counter:
                self._add(seq, f"counter {key} is another than in the log: {difference(row, counter)}")

    def end(self, seq: int) -> None:
        """Report rows of the tables for which the log has no event."""
        for day in self._kept:
            if day not in self._seen:
                self._add(seq, f"there are tickets of {day}, which could not be replayed from the log")
        for (day, number), stars in self._stars.items():
            self._add(seq, f"ticket {number} of {day} has {stars} stars that the log does not tell of")


def difference(row: Any, replayed: Any) -> str:
    """The first field in which a row and its replayed value differ, with both values."""
    for name in (field.name for field in fields(row)):
        here, there = getattr(row, name), getattr(replayed, name)
        if here != there:
            return f"{name} is {_short(here)}, the log gives {_short(there)}"
    return ""


def _short(value: Any) -> str:
    said = repr(value)
    return said if len(said) <= LONGEST else f"{said[:LONGEST]}..."
