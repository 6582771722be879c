"""Stored wait models of each hall, trained nightly."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from hallflow.storage.database.putting import put
from hallflow.storage.worker_tables import models as table


def made_at(connection: Connection, hall: str) -> datetime | None:
    """When a hall's model was trained."""
    at: datetime | None = connection.execute(select(table.c.at).where(table.c.hall == hall)).scalar_one_or_none()
    return at


def read(connection: Connection, hall: str) -> tuple[datetime, Mapping[str, Any]] | None:
    """When a hall's model was trained, and its data."""
    row = connection.execute(select(table.c.at, table.c.data).where(table.c.hall == hall)).one_or_none()
    return (row.at, row.data) if row else None


def keep(connection: Connection, hall: str, at: datetime, data: Mapping[str, Any]) -> None:
    """Replace the hall's model."""
    put(connection, table, {"hall": hall, "at": at, "data": data})
