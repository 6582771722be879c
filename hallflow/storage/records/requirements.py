"""Stored staffing requirements of each day, and requests for them."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, delete, null, select

from hallflow.storage.database.putting import data_of, insert_into, put
from hallflow.storage.worker_tables import requirements as table


def read(connection: Connection, hall: str, day: date) -> Mapping[str, Any] | None:
    """The requirement of a day; None where it has not been computed."""
    return data_of(connection, table, hall=hall, day=day)


def since(connection: Connection, hall: str, first: date) -> dict[date, tuple[datetime, Mapping[str, Any] | None]]:
    """By day from this one on: when the requirement was computed or requested, and its data; None for a mere request."""
    rows = connection.execute(select(table).where(table.c.hall == hall, table.c.day >= first))
    return {row.day: (row.at, row.data) for row in rows}


def keep(connection: Connection, hall: str, day: date, at: datetime, data: Mapping[str, Any]) -> None:
    """Replace the requirement of a day."""
    put(connection, table, {"hall": hall, "day": day, "at": at, "data": data})


def ask(connection: Connection, hall: str, day: date, at: datetime) -> None:
    """Request a day's requirement from the worker, unless the day has one or a request."""
    asked = insert_into(connection, table).values(hall=hall, day=day, at=at, data=null())
    connection.execute(asked.on_conflict_do_nothing())


def forget(connection: Connection, hall: str, before: date) -> int:
    """Delete the requirements of past days."""
    return connection.execute(delete(table).where(table.c.hall == hall, table.c.day < before)).rowcount
