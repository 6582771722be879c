"""Stored advice (staffing recommendations) of each hall: one row an advice, from proposal to measured effect."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select, tuple_, update

from hallflow.storage.worker_tables import advice as table


@dataclass(frozen=True, slots=True)
class AdviceRow:
    """One advice in its present state."""

    hall: str
    id: int
    day: date
    state: str
    """`proposed`, `accepted` (asked of a clerk, or waiting for a counter to be free), `done`, `declined`, `lapsed`."""
    made_at: datetime
    starts_at: datetime
    ends_at: datetime
    data: Mapping[str, Any]

    def now(self, state: str | None = None, **data: Any) -> "AdviceRow":
        """The same advice with another state or further data."""
        return replace(self, state=state or self.state, data={**self.data, **data})


@dataclass(frozen=True)
class Today:
    """The advice of a hall's day."""

    version: int = 0
    """Increases with every change of the day's advice."""
    given: Sequence[AdviceRow] = ()
    """Newest first."""

    @cached_property
    def asked(self) -> Mapping[str, AdviceRow]:
        """By counter: the advice last accepted and not yet carried out."""
        return {row.data["counter"]: row for row in reversed(self.given) if row.state == "accepted"}


def versions(connection: Connection, days: Mapping[str, date]) -> dict[str, int]:
    """The version of each hall's advice of its day; halls without advice are left out."""
    hall_day = tuple_(table.c.hall, table.c.day)
    asked = select(table.c.hall, func.max(table.c.version)).where(hall_day.in_(days.items())).group_by(table.c.hall)
    return {row[0]: row[1] for row in connection.execute(asked)}


def today(connection: Connection, hall: str, day: date) -> Today:
    """The day's advice."""
    asked = select(table).where(table.c.hall == hall, table.c.day == day).order_by(table.c.id.desc())
    rows = connection.execute(asked).all()
    return Today(max((row.version for row in rows), default=0), tuple(map(_kept, rows)))


def find(connection: Connection, hall: str, day: date, number: int) -> AdviceRow | None:
    """The advice of the day with this number."""
    asked = select(table).where(table.c.hall == hall, table.c.id == number, table.c.day == day)
    row = connection.execute(asked).one_or_none()
    return _kept(row) if row else None


def add(connection: Connection, hall: str, day: date, made_at: datetime, starts_at: datetime, ends_at: datetime, data: Mapping[str, Any]) -> AdviceRow:  # fmt: skip
    """Store a new proposal; needs the hall's turn, so that ids and versions are unique."""
    last = connection.execute(select(func.max(table.c.id)).where(table.c.hall == hall)).scalar_one() or 0
    row = AdviceRow(hall, last + 1, day, "proposed", made_at, starts_at, ends_at, data)
    connection.execute(insert(table).values(**_row(row), version=_next_version(connection, row)))
    return row


def keep(connection: Connection, row: AdviceRow) -> None:
    """Store an advice's new state."""
    changed = _row(row) | {"version": _next_version(connection, row)}
    connection.execute(update(table).where(table.c.hall == row.hall, table.c.id == row.id).values(**changed))


def _next_version(connection: Connection, row: AdviceRow) -> int:
    return versions(connection, {row.hall: row.day}).get(row.hall, 0) + 1


def _kept(row: Row[Any]) -> AdviceRow:
    return AdviceRow(row.hall, row.id, row.day, row.state, row.made_at, row.starts_at, row.ends_at, row.data)


def _row(row: AdviceRow) -> dict[str, Any]:
    return {
        "hall": row.hall,
        "id": row.id,
        "day": row.day,
        "state": row.state,
        "made_at": row.made_at,
        "starts_at": row.starts_at,
        "ends_at": row.ends_at,
        "data": dict(row.data),
    }
