"""What has held each hall's ranges to their promise so far."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select
from sqlalchemy.dialects import postgresql, sqlite

from hallflow.storage.tables import calibrations as table


def read(connection: Connection, hall: str) -> Mapping[str, Any] | None:
    """A hall's calibration as data."""
    data: Mapping[str, Any] | None = connection.execute(
        select(table.c.data).where(table.c.hall == hall)
    ).scalar_one_or_none()
    return data


def keep(connection: Connection, hall: str, at: datetime, data: Mapping[str, Any]) -> None:
    """Put what was learned in place of the last."""
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    statement = dialect.insert(table).values(hall=hall, at=at, data=data)
    changed = {"at": statement.excluded.at, "data": statement.excluded.data}
    connection.execute(statement.on_conflict_do_update(index_elements=["hall"], set_=changed))
