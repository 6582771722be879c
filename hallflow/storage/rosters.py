"""The rosters that were made, a week of a hall each."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection

from hallflow.storage.putting import data_of, put
from hallflow.storage.tables import rosters as table


def read(connection: Connection, hall: str, week: date) -> Mapping[str, Any] | None:
    """The roster of the week that begins on this Monday; None where there is none."""
    return data_of(connection, table, hall=hall, week=week)


def keep(connection: Connection, hall: str, week: date, at: datetime, data: Mapping[str, Any]) -> None:
    """Put a roster in place of the week's last."""
    put(connection, table, {"hall": hall, "week": week, "at": at, "data": data})
