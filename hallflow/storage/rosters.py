"""The rosters that were made, a week of a hall each."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, select
from sqlalchemy.dialects import postgresql, sqlite

from hallflow.storage.tables import rosters as table


def read(connection: Connection, hall: str, week: date) -> Mapping[str, Any] | None:
    """The roster of the week that begins on this Monday; None where there is none."""
    data: Mapping[str, Any] | None = connection.execute(
        select(table.c.data).where(table.c.hall == hall, table.c.week == week)
    ).scalar_one_or_none()
    return data


def keep(connection: Connection, hall: str, week: date, at: datetime, data: Mapping[str, Any]) -> None:
    """Put a roster in place of the week's last."""
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    statement = dialect.insert(table).values(hall=hall, week=week, at=at, data=data)
    changed = {"at": statement.excluded.at, "data": statement.excluded.data}
    connection.execute(statement.on_conflict_do_update(index_elements=["hall", "week"], set_=changed))
