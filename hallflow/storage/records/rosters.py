"""The rosters that were made, a week of a hall each, and those that are asked for."""

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
    """Put a roster in place of the week's last."""
    put(connection, table, {"hall": hall, "week": week, "at": at, "data": data})


@dataclass(frozen=True, slots=True)
class Asked:
    """A week that somebody waits for."""

    hall: str
    week: date
    at: datetime
    days_known: int
    """Of so many of its days it is known what they require."""
    failed: bool


def ask(connection: Connection, hall: str, week: date, at: datetime) -> None:
    """Put a week down for the worker; one that is being made already goes on."""
    known = asked(connection, hall, week)
    if known is None or known.failed:
        row = {"hall": hall, "week": week, "at": at, "days_known": 0, "failed": False}
        put(connection, rosters_asked, row)


def asked(connection: Connection, hall: str, week: date) -> Asked | None:
    """How far a week has come that is asked for; None where it is not, or made."""
    row = (
        connection.execute(select(rosters_asked).where(rosters_asked.c.hall == hall, rosters_asked.c.week == week))
        .mappings()
        .one_or_none()
    )
    return Asked(**row) if row else None


def longest_asked(connection: Connection) -> Asked | None:
    """The week of whatever hall that was asked for first."""
    wanted = select(rosters_asked).where(~rosters_asked.c.failed).order_by(rosters_asked.c.at, rosters_asked.c.hall)
    row = connection.execute(wanted.limit(1)).mappings().one_or_none()
    return Asked(**row) if row else None


def note(connection: Connection, hall: str, week: date, **how: Any) -> None:
    """Note how far it has come."""
    mine = (rosters_asked.c.hall == hall, rosters_asked.c.week == week)
    connection.execute(update(rosters_asked).where(*mine).values(**how))


def made(connection: Connection, hall: str, week: date) -> None:
    """Nobody waits for it any more."""
    connection.execute(delete(rosters_asked).where(rosters_asked.c.hall == hall, rosters_asked.c.week == week))


def seats_on(connection: Connection, plan: Plan, day: date) -> dict[str, list[Spell]]:
    """Who is to sit where when on a day, by the roster of its week; nothing where none is kept."""
    return seats_of(read(connection, plan.hall, monday_of(day)), day, plan.counters)


def rests_on(connection: Connection, plan: Plan, day: date) -> list[PlannedBreak]:
    """The breaks of a day that leave a counter empty, by the roster of its week."""
    return list(rests_of(read(connection, plan.hall, monday_of(day)), day, plan))
