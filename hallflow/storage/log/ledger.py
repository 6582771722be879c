"""The ledger of a hall: its event log, and the tables of its state that are written in the same transaction."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, bindparam, delete, func, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from hallflow.domain.counter import Counter
from hallflow.domain.events import Event
from hallflow.domain.ticket import Ticket
from hallflow.storage import tables
from hallflow.storage.database.prepared import Prepared
from hallflow.storage.log.chain import BEGINNING, link
from hallflow.storage.log.rows import counter_from, counter_row, event_row, ticket_from, ticket_row

_T, _P = tables.tickets.c, tables.past_tickets.c
_E = tables.events.c
_H = tables.halls.c
_HEAD = Prepared(lambda _: select(_H.seq, _H.at, _H.day, _H.day_seq, _H.hash).where(_H.key == bindparam("hall")))
_MOVE_HEAD = Prepared(
    lambda _: (
        update(tables.halls)
        .where(_H.key == bindparam("b_key"), _H.seq == bindparam("b_seq"))
        .values(
            seq=bindparam("seq"),
            at=bindparam("at"),
            day=bindparam("day"),
            day_seq=bindparam("day_seq"),
            hash=bindparam("hash"),
        )
    )
)
_ADD_EVENT = Prepared(lambda _: insert(tables.events))
_ADD_TICKET = Prepared(lambda _: insert(tables.tickets))
_MOVE_TICKET = Prepared(
    lambda _: (
        update(tables.tickets)
        .where(_T.hall == bindparam("b_hall"), _T.day == bindparam("b_day"), _T.number == bindparam("b_number"))
        .values({name: bindparam(name) for name in ("state", "tier", "service", "counter", "ended_at", "body")})
    )
)
_SET_COUNTER = Prepared(lambda dialect: _counter_upsert(dialect))
_EVENTS_AFTER = Prepared(
    lambda _: (
        select(_E.seq, _E.at, _E.kind, _E.ticket, _E.counter, _E.data)
        .where(_E.hall == bindparam("hall"), _E.seq > bindparam("after"), _E.seq <= bindparam("until"))
        .order_by(_E.seq)
    )
)
_BY_TOKEN = select(tables.tickets).where(_T.token == bindparam("token"))
_BY_PAST_TOKEN = select(tables.past_tickets).where(_P.token == bindparam("token"))
_BY_VISIT = select(tables.tickets).where(_T.hall == bindparam("hall"), _T.visit == bindparam("visit"))
_BY_NUMBER = select(tables.tickets).where(
    _T.hall == bindparam("hall"), _T.day == bindparam("day"), _T.number == bindparam("number")
)
_BY_PAST_NUMBER = select(tables.past_tickets).where(
    _P.hall == bindparam("hall"), _P.day == bindparam("day"), _P.number == bindparam("number")
)
ENDLESS = 2**31 - 1
"""The highest seq that an integer column can store."""


@dataclass(frozen=True, slots=True)
class Head:
    """The end of a hall's log."""

    seq: int
    at: datetime
    day: date
    day_seq: int
    """The seq of the event that opened the current day."""
    hash: str
    """The hash of the last entry."""


@dataclass(frozen=True, slots=True)
class IssuedTicket:
    """A stored ticket with the token that gives access to it."""

    hall: str
    day: date
    token: str
    ticket: Ticket


def head(connection: Connection, hall: str) -> Head | None:
    """The end of this hall's log; None before its first day."""
    row = _HEAD.row(connection, {"hall": hall})
    return Head(*row) if row else None


def heads(connection: Connection) -> dict[str, int]:
    """The last seq of each hall's log."""
    return {row.key: row.seq for row in connection.execute(select(tables.halls.c.key, tables.halls.c.seq))}


def begin(connection: Connection, hall: str, at: datetime, day: date) -> Head:
    """Start a hall's empty log."""
    connection.execute(insert(tables.halls).values(key=hall, seq=0, at=at, day=day, day_seq=0, hash=BEGINNING))
    return Head(0, at, day, 0, BEGINNING)


def move_head(connection: Connection, hall: str, before: Head, after: Head) -> None:
    """Advance the log's head; raises where it is not the one read before, because then two turns have overlapped."""
    values = {"b_key": hall, "b_seq": before.seq, "seq": after.seq, "at": after.at}
    values |= {"day": after.day, "day_seq": after.day_seq, "hash": after.hash}
    if _MOVE_HEAD.run(connection, values) != 1:
        raise RuntimeError(f"two changes of hall {hall} crossed at seq {before.seq}")


def add_events(connection: Connection, hall: str, events: Iterable[Event], before: str) -> str:
    """Append events to the log, each chained to the one before it; gives the last hash."""
    rows = []
    for event in events:
        before = link(before, hall, event)
        rows.append(event_row(hall, event) | {"hash": before})
    _ADD_EVENT.put(connection, *rows)
    return before


def events_after(connection: Connection, hall: str, after: int, limit: int | None = None) -> Iterator[Event]:
    """The events after this seq, in order."""
    # seqs have no gaps, so this many events end here
    until = after + limit if limit else ENDLESS
    for seq, at, kind, ticket, counter, data in _EVENTS_AFTER.rows(
        connection, {"hall": hall, "after": after, "until": until}
    ):
        yield Event(seq, at, kind, ticket, counter, data)


def add_ticket(connection: Connection, held: IssuedTicket, visit: str | None) -> None:
    """Store a new ticket; raises IntegrityError for a visit, number or token that exists already."""
    key = {"hall": held.hall, "day": held.day, "number": held.ticket.number}
    proof = {"token": held.token, "visit": visit, "issued_at": held.ticket.issued_at}
    _ADD_TICKET.put(connection, key | proof | ticket_row(held.ticket))


def move_tickets(connection: Connection, hall: str, day: date, moved: Iterable[Ticket]) -> None:
    """Store the new state of these tickets."""
    rows = [{"b_hall": hall, "b_day": day, "b_number": ticket.number} | ticket_row(ticket) for ticket in moved]
    if rows:
        _MOVE_TICKET.put(connection, *rows)


def set_counters(connection: Connection, hall: str, changed: Iterable[Counter]) -> None:
    """Store the new state of these counters."""
    rows = [counter_row(hall, counter) for counter in changed]
    if rows:
        _SET_COUNTER.put(connection, *rows)


def _counter_upsert(dialect: str) -> Any:
    statement = (postgresql if dialect == "postgresql" else sqlite).insert(tables.counters)
    columns = ("state", "since", "clerk", "reason", "back_at", "services", "ticket", "free_since")
    changed = {name: statement.excluded[name] for name in columns}
    return statement.on_conflict_do_update(index_elements=["hall", "key"], set_=changed)


def drop_counters(connection: Connection, hall: str, keys: Iterable[str]) -> None:
    """Delete counters that the plan no longer has."""
    table = tables.counters
    connection.execute(delete(table).where(table.c.hall == hall, table.c.key.in_(list(keys))))


def held_by_token(connection: Connection, token: str) -> IssuedTicket | None:
    """The ticket that this access token opens."""
    known = {"token": token}
    return _held(connection, _BY_TOKEN, known) or _held(connection, _BY_PAST_TOKEN, known)


def held_by_visit(connection: Connection, hall: str, visit: str) -> IssuedTicket | None:
    """The ticket already issued to this visit to the kiosk."""
    return _held(connection, _BY_VISIT, {"hall": hall, "visit": visit})


def held_by_number(connection: Connection, hall: str, day: date, number: str) -> IssuedTicket | None:
    """The ticket of this number and day."""
    known = {"hall": hall, "day": day, "number": number}
    return _held(connection, _BY_NUMBER, known) or _held(connection, _BY_PAST_NUMBER, known)


def _held(connection: Connection, statement: Any, values: Mapping[str, Any]) -> IssuedTicket | None:
    row = connection.execute(statement, values).one_or_none()
    return IssuedTicket(row.hall, row.day, row.token, ticket_from(row)) if row else None


def tickets_of(connection: Connection, hall: str, day: date) -> list[IssuedTicket]:
    """Every ticket of a day, current or archived."""
    found = [
        row
        for table in (tables.tickets, tables.past_tickets)
        for row in connection.execute(select(table).where(table.c.hall == hall, table.c.day == day))
    ]
    held = [IssuedTicket(row.hall, row.day, row.token, ticket_from(row)) for row in found]
    return sorted(held, key=lambda each: each.ticket.issued_at)


def tickets_named(connection: Connection, hall: str, day: date, numbers: Iterable[str]) -> list[Ticket]:
    """The tickets of a day with these numbers."""
    query = select(tables.tickets).where(_T.hall == hall, _T.day == day, _T.number.in_(list(numbers)))
    return [ticket_from(row) for row in connection.execute(query)]


def counters_of(connection: Connection, hall: str) -> dict[str, Counter]:
    """The state of the counters in the tables."""
    rows = connection.execute(select(tables.counters).where(tables.counters.c.hall == hall))
    return {row.key: counter_from(row) for row in rows}


def count_events(connection: Connection, hall: str) -> int:
    """How many entries the log of a hall has."""
    return connection.execute(select(func.count()).select_from(tables.events).where(_E.hall == hall)).scalar_one()
