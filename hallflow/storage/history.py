"""Past visits: what closed days and imported logs leave for forecasts and reports."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select
from sqlalchemy.dialects import postgresql, sqlite

from hallflow.domain.ticket import Ticket
from hallflow.domain.visit import Visit
from hallflow.storage.tables import visits

_V = visits.c
BATCH = 2000
_OUTCOMES = {"left": "abandoned", "expired": "missed"}


def add_day(connection: Connection, hall: str, day: date, tickets: Iterable[Ticket]) -> int:
    """Keep a closed day's tickets as visits, a row for each leg that was joined; writing a day again replaces it."""
    connection.execute(delete(visits).where(_V.hall == hall, _V.day == day))
    rows = [row for ticket in tickets for row in _rows(hall, day, ticket)]
    for start in range(0, len(rows), BATCH):
        connection.execute(insert(visits), rows[start : start + BATCH])
    return len(rows)


def _rows(hall: str, day: date, ticket: Ticket) -> Iterator[dict[str, Any]]:
    for index, leg in enumerate(ticket.legs):
        if leg.joined_at is None:
            continue
        served = leg.arrived_at is not None
        yield {
            "hall": hall,
            "issued_at": leg.joined_at,
            "number": ticket.number,
            "leg": index,
            "day": day,
            "service": leg.service,
            "tier": ticket.tier,
            "called_at": leg.called_at,
            "arrived_at": leg.arrived_at,
            "ended_at": leg.ended_at,
            "counter": leg.counter,
            "outcome": "served" if served else _OUTCOMES.get(ticket.state, "missed"),
            "prefilled": ticket.prefilled and index == ticket.leg,
        }


def add_visits(connection: Connection, found: Iterable[tuple[date, Visit]]) -> int:
    """Add imported visits with their hall's day; a visit already there is left as it is. How many were new."""
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    statement = dialect.insert(visits).on_conflict_do_nothing()
    new = 0
    batch: list[dict[str, Any]] = []
    for day, visit in found:
        batch.append(_visit_row(day, visit))
        if len(batch) == BATCH:
            new += max(connection.execute(statement, batch).rowcount, 0)
            batch = []
    if batch:
        new += max(connection.execute(statement, batch).rowcount, 0)
    return new


def _visit_row(day: date, visit: Visit) -> dict[str, Any]:
    return {
        "hall": visit.hall,
        "issued_at": visit.issued_at,
        "number": visit.number,
        "leg": 0,
        "day": day,
        "service": visit.service,
        "tier": visit.tier,
        "called_at": visit.called_at,
        "arrived_at": visit.arrived_at,
        "ended_at": visit.ended_at,
        "counter": visit.counter,
        "outcome": visit.outcome,
        "prefilled": visit.prefilled,
    }


def visits_between(connection: Connection, hall: str, first: date, last: date) -> Iterator[Visit]:
    """The visits of these days, both included, in the order of their issue."""
    found = connection.execution_options(yield_per=BATCH).execute(
        select(visits).where(_V.hall == hall, _V.day >= first, _V.day <= last).order_by(_V.issued_at, _V.number)
    )
    for row in found:
        yield Visit(
            row.hall,
            row.number,
            row.service,
            row.tier,
            row.issued_at,
            row.called_at,
            row.ended_at,
            row.counter,
            row.outcome,
            row.arrived_at,
            row.prefilled,
        )


def days_kept(connection: Connection, hall: str) -> tuple[int, date | None, date | None]:
    """How many days of history a hall has, the first and the last."""
    query = select(func.count(func.distinct(_V.day)), func.min(_V.day), func.max(_V.day)).where(_V.hall == hall)
    count, first, last = connection.execute(query).one()
    return count, first, last
