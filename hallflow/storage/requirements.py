"""The counters each day requires, as the worker has found them."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, delete, null, select
from sqlalchemy.dialects import postgresql, sqlite

from hallflow.storage.tables import requirements as table


def read(connection: Connection, hall: str, day: date) -> Mapping[str, Any] | None:
    """What a day requires; None where that is not known yet."""
    found: Mapping[str, Any] | None = connection.execute(
        select(table.c.data).where(table.c.hall == hall, table.c.day == day)
    ).scalar_one_or_none()
    return found


def since(connection: Connection, hall: str, first: date) -> dict[date, tuple[datetime, Mapping[str, Any] | None]]:
    """By day from this one on: when it was found or asked for, and what; None where it is only asked for."""
    rows = connection.execute(select(table).where(table.c.hall == hall, table.c.day >= first))
    return {row.day: (row.at, row.data) for row in rows}


def keep(connection: Connection, hall: str, day: date, at: datetime, data: Mapping[str, Any]) -> None:
    """Put what was found in place of the last."""
    statement = _insert(connection).values(hall=hall, day=day, at=at, data=data)
    changed = {"at": statement.excluded.at, "data": statement.excluded.data}
    connection.execute(statement.on_conflict_do_update(index_elements=["hall", "day"], set_=changed))


def ask(connection: Connection, hall: str, day: date, at: datetime) -> None:
    """Let the worker find out about a day that nobody has asked for before."""
    statement = _insert(connection).values(hall=hall, day=day, at=at, data=null())
    connection.execute(statement.on_conflict_do_nothing(index_elements=["hall", "day"]))


def forget(connection: Connection, hall: str, before: date) -> int:
    """Days that are over need nobody."""
    return connection.execute(delete(table).where(table.c.hall == hall, table.c.day < before)).rowcount


def _insert(connection: Connection) -> Any:
    return (postgresql if connection.dialect.name == "postgresql" else sqlite).insert(table)
