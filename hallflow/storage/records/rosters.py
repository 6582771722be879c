"""Stored rosters, one row a week of a hall, and requests for them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, delete, select, update

from hallflow.domain.plan import Plan
from hallflow.domain.roster.breaks import PlannedBreak, rests_of
from hallflow.domain.roster.seats import Spell, monday_of, seats_of
from hallflow.storage.database.putting import data_of, put
from hallflow.storage.worker_tables import rosters as table
from hallflow.storage.worker_tables import rosters_asked


def read(connection: Connection, hall: str, week: date) -> Mapping[str, Any] | None:
    """The roster of the week that begins on this Monday; None where there is none."""
    return data_of(connection, table, hall=hall, week=week)


def keep(connection: Connection, hall: str, week: date, at: datetime, data: Mapping[str, Any]) -> None:
    """Replace the roster of a week."""
    put(connection, table, {"hall": hall, "week": week, "at": at, "data": data})


@dataclass(frozen=True, slots=True)
class Asked:
    """A requested week."""

    hall: str
    week: date
    at: datetime
    days_known: int
    """How many of its days have a computed requirement."""
    failed: bool


def ask(connection: Connection, hall: str, week: date, at: datetime) -> None:
    """Request a week's roster from the worker; one that is being made is not restarted."""
    known = asked(connection, hall, week)
    if known is None or known.failed:
        row = {"hall": hall, "week": week, "at": at, "days_known": 0, "failed": False}
        put(connection, rosters_asked, row)


def asked(connection: Connection, hall: str, week: date) -> Asked | None:
    """The request for a week with its progress; None where there is none."""
    row = (
        connection.execute(select(rosters_asked).where(rosters_asked.c.hall == hall, rosters_asked.c.week == week))
        .mappings()
        .one_or_none()
    )
    return Asked(**row) if row else None


def longest_asked(connection: Connection) -> Asked | None:
    """The oldest request of all halls."""
    wanted = select(rosters_asked).where(~rosters_asked.c.failed).order_by(rosters_asked.c.at, rosters_asked.c.hall)
    row = connection.execute(wanted.limit(1)).mappings().one_or_none()
    return Asked(**row) if row else None


def note(connection: Connection, hall: str, week: date, **how: Any) -> None:
    """Store the progress of a request."""
    mine = (rosters_asked.c.hall == hall, rosters_asked.c.week == week)
    connection.execute(update(rosters_asked).where(*mine).values(**how))


def made(connection: Connection, hall: str, week: date) -> None:
    """Delete the request for a week, which is done."""
    connection.execute(delete(rosters_asked).where(rosters_asked.c.hall == hall, rosters_asked.c.week == week))


def seats_on(connection: Connection, plan: Plan, day: date) -> dict[str, list[Spell]]:
    """The staffed spans of a day's counters by the stored roster of its week; empty without one."""
    return seats_of(read(connection, plan.hall, monday_of(day)), day, plan.counters)


def rests_on(connection: Connection, plan: Plan, day: date) -> list[PlannedBreak]:
    """The breaks of a day that leave a counter unstaffed, by the stored roster of its week."""
    return list(rests_of(read(connection, plan.hall, monday_of(day)), day, plan))
