"""Stored conformal calibration of each hall's wait ranges."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from hallflow.storage.database.putting import data_of, put
from hallflow.storage.worker_tables import calibrations as table


def read(connection: Connection, hall: str) -> Mapping[str, Any] | None:
    """A hall's calibration as data."""
    return data_of(connection, table, hall=hall)


def keep(connection: Connection, hall: str, at: datetime, data: Mapping[str, Any]) -> None:
    """Replace the hall's calibration."""
    put(connection, table, {"hall": hall, "at": at, "data": data})
