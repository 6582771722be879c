"""Stored arrival forecasts of each day as made at the time, with the actual arrivals."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, select, update

from hallflow.storage.database.putting import insert_into
from hallflow.storage.worker_tables import forecasts

_F = forecasts.c


def made_of(connection: Connection, hall: str, day: date) -> set[str]:
    """Which forecasts of a day are stored."""
    return set(connection.execute(select(_F.made).where(_F.hall == hall, _F.day == day)).scalars())


def keep(connection: Connection, hall: str, day: date, made: str, at: datetime, data: Mapping[str, Any]) -> None:
    """Store a forecast; an existing one is not changed."""
    statement = insert_into(connection, forecasts).values(hall=hall, day=day, made=made, at=at, data=data)
    connection.execute(statement.on_conflict_do_nothing())


def not_compared(connection: Connection, hall: str, before: date) -> Sequence[Row[Any]]:
    """The forecasts of days before this one without actual arrivals."""
    query = select(forecasts).where(_F.hall == hall, _F.day < before, _F.came.is_(None)).order_by(_F.day)
    return connection.execute(query).all()


def compare(connection: Connection, hall: str, day: date, made: str, came: Mapping[str, Any]) -> None:
    """Store the actual arrivals with a forecast."""
    connection.execute(update(forecasts).where(_F.hall == hall, _F.day == day, _F.made == made).values(came=came))


def compared(connection: Connection, hall: str, first: date, last: date) -> Sequence[Row[Any]]:
    """The forecasts of these days, both included, that have actual arrivals, in order."""
    known = (_F.day >= first, _F.day <= last, _F.came.is_not(None))
    return connection.execute(select(forecasts).where(_F.hall == hall, *known).order_by(_F.day)).all()


def forget(connection: Connection, hall: str, before: date) -> int:
    """Delete the forecasts of days before this one; gives how many."""
    return connection.execute(delete(forecasts).where(_F.hall == hall, _F.day < before)).rowcount
