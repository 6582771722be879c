"""The advice a hall was given: each row one advice, from being proposed to its measured effect."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, func, insert, select, update

from hallflow.storage.tables import advice as table

OPEN = ("proposed", "accepted")


@dataclass(frozen=True, slots=True)
class Kept:
    """One advice as it stands."""

    hall: str
    id: int
    day: date
    state: str
    """`proposed`, `accepted` (asked of a clerk, or waiting for a counter to be free), `done`, `declined`, `lapsed`."""
    made_at: datetime
    starts_at: datetime
    ends_at: datetime
    data: Mapping[str, Any]

    def now(self, state: str | None = None, **data: Any) -> "Kept":
        """The same advice with another state or more to tell."""
        return replace(self, state=state or self.state, data={**self.data, **data})


def version(connection: Connection, hall: str, day: date) -> int:
    """Rises with every change of the day's advice."""
    asked = select(func.max(table.c.version)).where(table.c.hall == hall, table.c.day == day)
    return connection.execute(asked).scalar_one() or 0


def of_day(connection: Connection, hall: str, day: date) -> list[Kept]:
    """The day's advice, newest first."""
    asked = select(table).where(table.c.hall == hall, table.c.day == day).order_by(table.c.id.desc())
    return [
        Kept(row.hall, row.id, row.day, row.state, row.made_at, row.starts_at, row.ends_at, row.data)
        for row in connection.execute(asked)
    ]


def add(connection: Connection, hall: str, day: date, made_at: datetime, starts_at: datetime, ends_at: datetime, data: Mapping[str, Any]) -> Kept:  # fmt: skip
    """Propose something; within the hall's turn, so that ids and versions have no rivals."""
    last = connection.execute(select(func.max(table.c.id)).where(table.c.hall == hall)).scalar_one() or 0
    kept = Kept(hall, last + 1, day, "proposed", made_at, starts_at, ends_at, data)
    connection.execute(insert(table).values(**_row(kept), version=version(connection, hall, day) + 1))
    return kept


def keep(connection: Connection, kept: Kept) -> None:
    """Write how an advice stands now."""
    changed = _row(kept) | {"version": version(connection, kept.hall, kept.day) + 1}
    connection.execute(update(table).where(table.c.hall == kept.hall, table.c.id == kept.id).values(**changed))


def _row(kept: Kept) -> dict[str, Any]:
    return {
        "hall": kept.hall,
        "id": kept.id,
        "day": kept.day,
        "state": kept.state,
        "made_at": kept.made_at,
        "starts_at": kept.starts_at,
        "ends_at": kept.ends_at,
        "data": dict(kept.data),
    }
