"""The counters each day requires, as the worker has found them."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, delete, null, select

from hallflow.storage.database.putting import data_of, insert_into, put
from hallflow.storage.worker_tables import requirements as table


def read(connection: Connection, hall: str, day: date) -> Mapping[str, Any] | None:
    """What a day requires; None where that is not known yet."""
    return data_of(connection, table, hall=hall, day=day)


def since(connection: Connection, hall: str, first: date) -> dict[date, tuple[datetime, Mapping[str, Any] | None]]:
    """By day from this one on: when it was found or asked for, and what; None where it is only asked for."""
    rows = connection.execute(select(table).where(table.c.hall == hall, table.c.day >= first))
    return {row.day: (row.at, row.data) for row in rows}


def keep(connection: Connection, hall: str, day: date, at: datetime, data: Mapping[str, Any]) -> None:
    """Put what was found in place of the last."""
    put(connection, table, {"hall": hall, "day": day, "at": at, "data": data})


def ask(connection: Connection, hall: str, day: date, at: datetime) -> None:
    """Let the worker find out about a day that nobody has asked for before."""
    asked = insert_into(connection, table).values(hall=hall, day=day, at=at, data=null())
    connection.execute(asked.on_conflict_do_nothing())


def forget(connection: Connection, hall: str, before: date) -> int:
    """Days that are over need nobody."""
    return connection.execute(delete(table).where(table.c.hall == hall, table.c.day < before)).rowcount
