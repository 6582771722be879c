"""The event log as stored: entries with their hashes, read in batches, for verification and replay."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, func, select

from hallflow.domain.events import Event
from hallflow.domain.ticket import Ticket
from hallflow.storage import tables
from hallflow.storage.log.rows import event_from, ticket_from

_E = tables.events.c
_TICKETS = (tables.tickets, tables.past_tickets)
STRETCH = 2000
LOWEST = -(2**31)
_MINE = (_E.hall == bindparam("hall"), _E.seq > bindparam("after"))
_STRETCH = select(tables.events).where(*_MINE).order_by(_E.seq).limit(STRETCH)
_SEQS = select(_E.seq).where(*_MINE).order_by(_E.seq).limit(STRETCH)
_ENTRY = select(tables.events).where(_E.hall == bindparam("hall"), _E.seq == bindparam("seq"))
_NEXT = select(_E.seq, _E.at).where(_E.hall == bindparam("hall"), _E.seq >= bindparam("seq")).order_by(_E.seq).limit(1)
_OPENED = (
    select(_E.seq, _E.data)
    .where(_E.hall == bindparam("hall"), _E.seq >= bindparam("seq"), _E.kind == "day_opened")
    .order_by(_E.seq)
)
_LAST = (
    select(_E.seq, _E.at)
    .where(_E.hall == bindparam("hall"), _E.seq >= bindparam("first"), _E.seq <= bindparam("last"))
    .where(_E.at < bindparam("before"))
    .order_by(_E.seq.desc())
    .limit(1)
)
UNREADABLE = (ValueError, TypeError, KeyError, IndexError, AttributeError)
"""The errors that reading a row with wrong contents raises."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry with its hash; `event` is None where the row cannot be read."""

    seq: int
    event: Event | None
    hash: str


def entries(connection: Connection, hall: str, after: int = LOWEST) -> Iterator[Entry]:
    """The entries after this seq, in order; at most one batch is in memory."""
    while True:
        values = {"hall": hall, "after": after}
        try:
            batch = [_entry(row) for row in connection.execute(_STRETCH, values)]
        except UNREADABLE:
            batch = [_read(connection, hall, seq) for seq in connection.execute(_SEQS, values).scalars()]
        if not batch:
            return
        yield from batch
        after = batch[-1].seq


def _entry(row: Row[Any]) -> Entry:
    return Entry(row.seq, event_from(row), row.hash)


def _read(connection: Connection, hall: str, seq: int) -> Entry:
    try:
        return _entry(connection.execute(_ENTRY, {"hall": hall, "seq": seq}).one())
    except UNREADABLE:
        return Entry(seq, None, "")


def day_seq(connection: Connection, hall: str, day: date, not_before: datetime) -> int | None:
    """The seq of the entry that opened this day, at or after `not_before`; None where there is none."""
    first = _first_since(connection, hall, not_before)
    for row in connection.execute(_OPENED.limit(8), {"hall": hall, "seq": first}):
        if row.data["day"] == day.isoformat():
            return int(row.seq)
    return None


def days_opened(connection: Connection, hall: str, after: int, not_before: datetime) -> list[tuple[date, int]]:
    """(day, the seq that opened it) of every day opened after this seq, at or after `not_before`, in order."""
    first = max(after + 1, _first_since(connection, hall, not_before))
    rows = connection.execute(_OPENED, {"hall": hall, "seq": first})
    return [(date.fromisoformat(row.data["day"]), int(row.seq)) for row in rows]


def span(
    connection: Connection, hall: str, first: int, last: int, before: datetime
) -> tuple[datetime, datetime] | None:
    """The moments of the first and the last of these entries that happened before `before`; None where none did."""
    opening = connection.execute(_NEXT, {"hall": hall, "seq": first}).one_or_none()
    latest = connection.execute(_LAST, {"hall": hall, "first": first, "last": last, "before": before}).one_or_none()
    return (opening.at, latest.at) if opening is not None and latest is not None else None


def _first_since(connection: Connection, hall: str, moment: datetime) -> int:
    """The first seq at or after a moment, by binary search, because the log has no index on time."""
    low, high = 1, connection.execute(select(func.max(_E.seq)).where(_E.hall == hall)).scalar_one() or 0
    while low < high:
        middle = (low + high) // 2
        entry = connection.execute(_NEXT, {"hall": hall, "seq": middle}).one()
        if entry.at < moment:
            low = middle + 1
        else:
            high = middle
    return low


def halls_known(connection: Connection) -> list[str]:
    """Every hall that any table has."""
    columns = (tables.halls.c.key, _E.hall, *(table.c.hall for table in _TICKETS), tables.counters.c.hall)
    return sorted({hall for column in columns for hall in connection.execute(select(column).distinct()).scalars()})


def days_with_tickets(connection: Connection, hall: str) -> list[date]:
    """The days whose tickets have not been deleted, in order."""
    queries = (select(table.c.day).where(table.c.hall == hall).distinct() for table in _TICKETS)
    return sorted({day for query in queries for day in connection.execute(query).scalars()})


def ticket_rows(connection: Connection, hall: str, day: date) -> Iterator[tuple[str, str, Ticket]]:
    """(number, the row's service, ticket) of every stored ticket of a day."""
    for table in _TICKETS:
        query = select(table).where(table.c.hall == hall, table.c.day == day).execution_options(yield_per=STRETCH)
        for row in connection.execute(query):
            yield row.number, row.service, ticket_from(row)
