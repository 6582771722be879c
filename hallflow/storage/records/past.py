"""The archive of closed days: their tickets in a separate table, their visits as sums, in steps short enough for one turn."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Connection, Table, delete, func, insert, select

from hallflow.domain.past.sums import Cell, cells_from
from hallflow.storage.database.putting import put
from hallflow.storage.tables import day_sums, past_tickets, tickets, visits

ROWS = 100
"""The rows written in one turn, which takes about 10 ms on an idle machine."""
_T, _S, _V = tickets.c, day_sums.c, visits.c


def days_not_summed(connection: Connection, hall: str, before: date) -> list[date]:
    """The days before this one that have tickets or visits but no sums, in order."""
    days = {day for table in (tickets, visits) for day in _days(connection, table, hall, before)}
    done = set(connection.execute(select(_S.day).where(_S.hall == hall)).scalars())
    return sorted(days - done)


def _days(connection: Connection, table: Table, hall: str, before: date) -> Iterator[date]:
    """The distinct days of a table, each by one index lookup, however many rows it has."""
    day = date.min
    while True:
        query = select(func.min(table.c.day)).where(table.c.hall == hall, table.c.day > day, table.c.day < before)
        following = connection.execute(query).scalar_one()
        if following is None:
            return
        yield (day := following)


def keep_sums(connection: Connection, hall: str, day: date, cells: Sequence[Cell]) -> bool:
    """Store a day's sums, unless visits have been added since they were made; gives whether they were stored."""
    made_of = sum(cell.arrivals for cell in cells)
    query = select(func.count()).select_from(visits).where(_V.hall == hall, _V.day == day)
    if connection.execute(query).scalar_one() != made_of:
        return False
    sums = [cell.as_data() for cell in cells]
    put(connection, day_sums, {"hall": hall, "day": day, "visits": made_of, "cells": sums})
    return True


def drop_sums(connection: Connection, days: set[tuple[str, date]]) -> None:
    """Delete the sums of these (hall, day), whose visits have changed, so that they are made again."""
    for hall, day in days:
        connection.execute(delete(day_sums).where(_S.hall == hall, _S.day == day))


def sums_between(connection: Connection, hall: str, first: date, last: date) -> Iterator[tuple[date, list[Cell]]]:
    """The sums of these days, both included, in order; days without sums are left out."""
    query = select(_S.day, _S.cells).where(_S.hall == hall, _S.day >= first, _S.day <= last).order_by(_S.day)
    for row in connection.execution_options(yield_per=50).execute(query):
        yield row.day, list(cells_from(row.cells))


def move_some(connection: Connection, hall: str, before: date) -> int:
    """Archive a few tickets of the oldest day before this one, if its visits are stored; gives how many."""
    oldest = select(func.min(_T.day)).where(_T.hall == hall, _T.day < before)
    day = connection.execute(oldest).scalar_one()
    if day is None or not _is_summed(connection, hall, day):
        return 0
    numbers = select(_T.number).where(_T.hall == hall, _T.day == day).order_by(_T.number).limit(ROWS)
    last = connection.execute(numbers).scalars().all()[-1]
    these = (_T.hall == hall, _T.day == day, _T.number <= last)
    names = [column.name for column in tickets.c]
    moved: Any = select(*(_T[name] for name in names)).where(*these)
    connection.execute(insert(past_tickets).from_select(names, moved))
    return connection.execute(delete(tickets).where(*these)).rowcount


def _is_summed(connection: Connection, hall: str, day: date) -> bool:
    return connection.execute(select(_S.day).where(_S.hall == hall, _S.day == day)).one_or_none() is not None


def forget_some(connection: Connection, hall: str, before: date) -> int:
    """Delete a few tickets and visits of the days before this one; gives how many."""
    gone = 0
    for table in (tickets, past_tickets, visits):
        keys = list(table.primary_key)
        query = select(*keys).where(table.c.hall == hall, table.c.day < before).order_by(table.c.day).limit(ROWS)
        for row in connection.execute(query).all():
            connection.execute(delete(table).where(*(key == value for key, value in zip(keys, row, strict=True))))
            gone += 1
    return gone
