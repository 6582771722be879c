"""What was expected of each day, as it was foretold then, and what came."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, select, update

from hallflow.storage.database.putting import insert_into
from hallflow.storage.worker_tables import forecasts

_F = forecasts.c


def made_of(connection: Connection, hall: str, day: date) -> set[str]:
    """Which forecasts of a day are kept."""
    return set(connection.execute(select(_F.made).where(_F.hall == hall, _F.day == day)).scalars())


def keep(connection: Connection, hall: str, day: date, made: str, at: datetime, data: Mapping[str, Any]) -> None:
    """Keep a forecast; one that is kept already stays as it was made."""
    kept = insert_into(connection, forecasts).values(hall=hall, day=day, made=made, at=at, data=data)
    connection.execute(kept.on_conflict_do_nothing())


def not_compared(connection: Connection, hall: str, before: date) -> Sequence[Row[Any]]:
    """The forecasts of days before this one that have not been held against what came."""
    query = select(forecasts).where(_F.hall == hall, _F.day < before, _F.came.is_(None)).order_by(_F.day)
    return connection.execute(query).all()


def compare(connection: Connection, hall: str, day: date, made: str, came: Mapping[str, Any]) -> None:
    """Note what came."""
    connection.execute(update(forecasts).where(_F.hall == hall, _F.day == day, _F.made == made).values(came=came))


def compared(connection: Connection, hall: str, first: date, last: date) -> Sequence[Row[Any]]:
    """The forecasts of these days, both included, that have been held against what came; in order."""
    known = (_F.day >= first, _F.day <= last, _F.came.is_not(None))
    return connection.execute(select(forecasts).where(_F.hall == hall, *known).order_by(_F.day)).all()


def forget(connection: Connection, hall: str, before: date) -> int:
    """Delete those of the days before this one; how many."""
    return connection.execute(delete(forecasts).where(_F.hall == hall, _F.day < before)).rowcount
