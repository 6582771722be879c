"""What has held each hall's ranges to their promise so far."""

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
    """Put what was learned in place of the last."""
    put(connection, table, {"hall": hall, "at": at, "data": data})
