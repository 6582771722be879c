"""Import of past visits from a CSV file: every row is added, already known, or refused with a reason.

A file is read to its end before anything is written. Then its rows are written in small transactions, so that the halls keep
running; an interrupted import resumes when the file is imported again.
"""

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from hallflow.domain.past.visit import OUTCOMES, READINGS, VISITS, Visit
from hallflow.domain.plan import Plan
from hallflow.operations.history.small_turns import pour
from hallflow.sheets import Imported, Progress, Row, RowRefused, rows_of
from hallflow.storage.records import history, past
from hallflow.storage.turns import Turns

TURN = "history"
"""The turn of imports: separate from the halls' on PostgreSQL, the one turn of all on SQLite."""


@dataclass(frozen=True, slots=True)
class Names:
    """The file's names of halls, services and tiers, where they differ from the plan's keys."""

    halls: Mapping[str, str] = field(default_factory=dict)
    services: Mapping[str, str] = field(default_factory=dict)
    tiers: Mapping[str, str] = field(default_factory=dict)


def import_visits(turns: Turns, plans: Mapping[str, Plan], file: Path, names: Names, progress: Progress) -> Imported:
    """Add the visits of a visits.csv or visits.csv.gz to the history."""
    _read_through(_visits(Imported(), plans, file, names, _half(progress)))
    imported = Imported()
    imported.new = pour(turns, TURN, _visits(imported, plans, file, names, _half(progress, file)), _add_visits)
    for hall in imported.halls:
        with turns.engine.connect() as connection:
            days = history.simulated_days(connection, hall)
        for day in days:
            imported.simulated_dropped += pour(turns, TURN, [(hall, day)], _drop_simulated)
    return imported


def _add_visits(connection: Connection, visits: list[tuple[date, Visit]]) -> int:
    new = history.add_visits(connection, visits)
    past.drop_sums(connection, {(visit.hall, day) for day, visit in visits})
    return new


def _drop_simulated(connection: Connection, days: list[tuple[str, date]]) -> int:
    past.drop_sums(connection, set(days))
    return sum(history.drop_simulated(connection, hall, day) for hall, day in days)


def import_readings(turns: Turns, plans: Mapping[str, Plan], file: Path, names: Names, progress: Progress) -> Imported:
    """Add the open counters of a counters.csv or counters.csv.gz."""
    _read_through(_readings(Imported(), plans, file, names, _half(progress)))
    imported = Imported()
    imported.new = pour(
        turns, TURN, _readings(imported, plans, file, names, _half(progress, file)), history.add_readings
    )
    return imported


def _read_through(rows: Iterator[Any]) -> None:
    """Read to the end, which raises any fault that makes the whole file unusable."""
    deque(rows, maxlen=0)


def _half(progress: Progress, file: Path | None = None) -> Progress:
    """The progress of one of the two passes over the file; the second, if the file is given."""
    before = file.stat().st_size if file else 0
    return lambda read: progress((before + read) // 2)


def _visits(
    imported: Imported, plans: Mapping[str, Plan], file: Path, names: Names, progress: Progress
) -> Iterator[tuple[date, Visit]]:
    seen: set[int] = set()
    for line, row in rows_of(file, VISITS, imported, progress):
        try:
            plan, visit = _visit(plans, row, names)
            # only a hash of the key is stored, so that the keys of a million rows fit in memory
            key = hash((visit.hall, visit.issued_at, visit.number, visit.leg))
            if key in seen:
                raise RowRefused("in the file twice")
        except RowRefused as refused:
            imported.refuse(str(refused), line, row)
            continue
        seen.add(key)
        # simulated visits from an export must not drop the simulated history of their day
        if not visit.number.startswith(history.SIMULATED):
            imported.halls[visit.hall] = imported.halls.get(visit.hall, 0) + 1
        yield plan.hours.day_of(visit.issued_at), visit


def _readings(
    imported: Imported, plans: Mapping[str, Plan], file: Path, names: Names, progress: Progress
) -> Iterator[tuple[str, str, datetime, int]]:
    for line, row in rows_of(file, READINGS, imported, progress):
        try:
            plan = _plan(plans, row, names)
            service = _service(plan, row, names)
            at = _moment(row, "at")
            if at is None:
                raise RowRefused("at: no moment")
            yield plan.hall, service, at, _count(row, "open")
        except RowRefused as refused:
            imported.refuse(str(refused), line, row)


def _visit(plans: Mapping[str, Plan], row: Row, names: Names) -> tuple[Plan, Visit]:
    """A row as a visit; raises RowRefused with the reason."""
    plan = _plan(plans, row, names)
    service = _service(plan, row, names)
    number = row["number"]
    if not number or len(number) > 16:
        raise RowRefused("number: missing, or longer than 16 letters")
    tier = names.tiers.get(row["tier"], row["tier"]) or plan.standard_tier
    if tier not in plan.tiers:
        raise RowRefused(f"unknown tier {tier}")
    issued, called, arrived, ended = (
        _moment(row, name) for name in ("issued_at", "called_at", "arrived_at", "ended_at")
    )
    if issued is None:
        raise RowRefused("issued_at: no moment")
    _check_order(issued, called, arrived, ended)
    if row["outcome"] not in OUTCOMES:
        raise RowRefused("outcome: neither served, missed nor abandoned")
    counter, leg = row["counter"] or None, _count(row, "leg")
    if counter and len(counter) > 32:
        raise RowRefused("counter: longer than 32 letters")
    prefilled = row.get("prefilled") in ("1", "true", "True")
    return plan, Visit(
        plan.hall, number, service, tier, issued, called, ended, counter, row["outcome"], arrived, prefilled, leg
    )


def _plan(plans: Mapping[str, Plan], row: Row, names: Names) -> Plan:
    key = names.halls.get(row["hall"], row["hall"])
    if key not in plans:
        raise RowRefused(f"unknown hall {key}")
    return plans[key]


def _service(plan: Plan, row: Row, names: Names) -> str:
    key = names.services.get(row["service"], row["service"])
    if key not in plan.services:
        raise RowRefused(f"unknown service {key}")
    return key


def _moment(row: Row, name: str) -> datetime | None:
    text = row.get(name)
    if not text:
        return None
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        at = None
    if at is None or at.tzinfo is None:
        raise RowRefused(f"{name}: not a moment with its zone, such as 2026-03-04T10:15:00+08:00")
    return at


def _check_order(issued: datetime, called: datetime | None, arrived: datetime | None, ended: datetime | None) -> None:
    if called and called < issued:
        raise RowRefused("called before issue")
    if arrived and arrived < (called or issued):
        raise RowRefused("arrived before call")
    if ended and ended < (arrived or called or issued):
        raise RowRefused("ended before call")


def _count(row: Row, name: str) -> int:
    text = row.get(name) or "0"
    if not text.isdecimal() or len(text) > 6:
        raise RowRefused(f"{name}: not a number")
    return int(text)
