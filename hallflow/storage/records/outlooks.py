"""Stored outlooks (intraday forecasts) and fitted parameters of each hall."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from hallflow.storage.database.putting import data_of, put
from hallflow.storage.worker_tables import learned
from hallflow.storage.worker_tables import outlooks as table


def versions(connection: Connection) -> dict[str, int]:
    """The version of each hall's last outlook."""
    return {row.hall: row.version for row in connection.execute(select(table.c.hall, table.c.version))}


def read(connection: Connection, hall: str) -> tuple[int, Mapping[str, Any] | None]:
    """A hall's last outlook and its version."""
    row = connection.execute(select(table).where(table.c.hall == hall)).one_or_none()
    return (row.version, row.data) if row else (0, None)


def keep(connection: Connection, hall: str, at: datetime, data: Mapping[str, Any]) -> None:
    """Replace the hall's outlook."""
    row = {"hall": hall, "version": 1, "at": at, "data": data}
    put(connection, table, row, version=table.c.version + 1)


def read_learned(connection: Connection, hall: str) -> Mapping[str, Any] | None:
    """The parameters last fitted to a hall's history."""
    return data_of(connection, learned, hall=hall)


def keep_learned(connection: Connection, hall: str, at: datetime, data: Mapping[str, Any]) -> None:
    """Replace the hall's fitted parameters."""
    put(connection, learned, {"hall": hall, "at": at, "data": data})
