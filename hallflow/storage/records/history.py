"""The stored history: visits of closed days and of imported logs, from which forecasts and reports are made."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from itertools import islice
from typing import Any

from sqlalchemy import Connection, Row, Table, delete, func, select

from hallflow.domain.past.visit import Visit
from hallflow.domain.ticket import Ticket
from hallflow.storage.database.putting import insert_into
from hallflow.storage.tables import readings, visits

_V, _R = visits.c, readings.c
BATCH = 2000
SIMULATED = "sim-"
"""The prefix of the numbers of a demo's simulated visits."""
_UNPROMISED: dict[str, float | None] = dict.fromkeys(
    ("low", "likely", "high", "first_wait", "ahead", "typical", "les", "queue", "twin_low", "twin_likely", "twin_high")
)
_OUTCOMES = {"left": "abandoned", "expired": "missed"}


def add_day(connection: Connection, hall: str, day: date, tickets: Iterable[Ticket]) -> int:
    """Store tickets of a closed day as visits, a row for each leg that was joined; gives how many are new."""
    return _add_new(connection, visits, (row for ticket in tickets for row in _rows(hall, day, ticket)))


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
            **(_promised(ticket) if index == 0 else _UNPROMISED),
        }


def _promised(ticket: Ticket) -> dict[str, float | None]:
    """The promise and the predictions at issue, which belong to the visit's first wait."""
    if ticket.promise is None:
        return _UNPROMISED
    shown = (*ticket.promise, ticket.first_wait, *(ticket.baselines or ()))
    # older tickets have no prediction of the twin
    return _UNPROMISED | dict(zip(_UNPROMISED, shown, strict=False))


def add_visits(connection: Connection, imported: Iterable[tuple[date, Visit]]) -> int:
    """Add imported visits with their hall's day, unless they exist already; gives how many are new."""
    return _add_new(connection, visits, (_visit_row(day, visit) for day, visit in imported))


def add_readings(connection: Connection, imported: Iterable[tuple[str, str, datetime, int]]) -> int:
    """Add readings (hall, service, at, counters open) of an imported log; gives how many are new."""
    return _add_new(
        connection, readings, (dict(zip(("hall", "service", "at", "open"), row, strict=True)) for row in imported)
    )


def _add_new(connection: Connection, table: Table, rows: Iterable[dict[str, Any]]) -> int:
    """Insert the rows that do not exist yet; gives how many."""
    # the returned rows are counted, because not every driver counts the rows of a multi-row insert
    first = next(iter(table.primary_key))
    statement = insert_into(connection, table).on_conflict_do_nothing().returning(first)
    new, left = 0, iter(rows)
    while batch := list(islice(left, BATCH)):
        new += len(connection.execute(statement, batch).all())
    return new


def simulated_days(connection: Connection, hall: str) -> list[date]:
    """The days that have simulated visits, in order."""
    query = select(_V.day).where(_V.hall == hall, _V.number.startswith(SIMULATED)).distinct().order_by(_V.day)
    return list(connection.execute(query).scalars())


def has_real(connection: Connection, hall: str) -> bool:
    """Whether any stored visit is not simulated."""
    query = select(_V.number).where(_V.hall == hall, ~_V.number.startswith(SIMULATED)).limit(1)
    return connection.execute(query).one_or_none() is not None


def drop_simulated(connection: Connection, hall: str, day: date) -> int:
    """Delete a day's simulated visits: a hall with real ones must not be fitted to both."""
    made_up = (_V.hall == hall, _V.day == day, _V.number.startswith(SIMULATED))
    return connection.execute(delete(visits).where(*made_up)).rowcount


def _visit_row(day: date, visit: Visit) -> dict[str, Any]:
    return {
        "hall": visit.hall,
        "issued_at": visit.issued_at,
        "number": visit.number,
        "leg": visit.leg,
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
        select(visits).where(_V.hall == hall, _V.day >= first, _V.day <= last).order_by(_V.issued_at, _V.number, _V.leg)
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
            row.leg,
        )


def waits_between(connection: Connection, hall: str, first: date, last: date) -> Iterator[Row[Any]]:
    """The real waits of these days, both included, in order of issue, for training a wait model."""
    query = (
        select(visits)
        .where(_V.hall == hall, _V.day >= first, _V.day <= last, ~_V.number.startswith(SIMULATED))
        .order_by(_V.issued_at, _V.number, _V.leg)
    )
    yield from connection.execution_options(yield_per=BATCH).execute(query)


def shown_between(connection: Connection, hall: str, first: date, last: date) -> Iterator[Row[Any]]:
    """The visits of these days, both included, that had a promise at issue."""
    query = select(visits).where(_V.hall == hall, _V.day >= first, _V.day <= last, _V.low.is_not(None))
    yield from connection.execution_options(yield_per=BATCH).execute(query)


def readings_between(
    connection: Connection, hall: str, first: datetime, last: datetime
) -> Iterator[tuple[str, datetime, int]]:
    """The readings of open counters: (service, at, how many), in order of time."""
    query = select(_R.service, _R.at, _R.open).where(_R.hall == hall, _R.at >= first, _R.at <= last).order_by(_R.at)
    for row in connection.execution_options(yield_per=BATCH).execute(query):
        yield row.service, row.at, row.open


def days_kept(connection: Connection, hall: str) -> tuple[int, date | None, date | None]:
    """How many days of history a hall has, the first and the last."""
    query = select(func.count(func.distinct(_V.day)), func.min(_V.day), func.max(_V.day)).where(_V.hall == hall)
    count, first, last = connection.execute(query).one()
    return count, first, last
