"""Visit log for backtests: visits and counter readings parsed from CSV, with every fault counted by its reason and no row dropped."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from math import nan
from pathlib import Path

from hallflow.domain.past.visit import OUTCOMES, READINGS, VISITS
from hallflow.sheets import Imported, Progress, Row, RowRefused, rows_of


@dataclass(frozen=True, slots=True)
class Logged:
    """One row; moments are minutes since 1970, None where unknown or implausible."""

    key: tuple[str, str, str]
    """Hall, number and issued_at as in the file."""
    hall: str
    service: str
    tier: str
    issued: float | None
    offset: float
    called: float | None
    ended: float | None
    counter: str | None
    outcome: str
    joins: bool
    """Whether it takes part in the queue: its moments are in order and it is no duplicate."""


@dataclass(slots=True)
class Log:
    """The rows read, and their faults."""

    visits: list[Logged] = field(default_factory=list)
    readings: list[tuple[float, str, str, int, float]] = field(default_factory=list)
    """Moment, hall, service, open counters, people waiting (NaN where the file has no such column)."""
    imported: Imported = field(default_factory=Imported)
    imported_readings: Imported = field(default_factory=Imported)


def read_log(visits: Path, counters: Path | None, progress: Progress) -> Log:
    """Read a log. Raises Unreadable for a file that cannot be read; a faulty row is still a visit, as far as it can be parsed."""
    log, seen = Log(), set()
    last: dict[str, tuple[float, float]] = {}
    for line, row in rows_of(visits, VISITS, log.imported, progress):
        visit = _visit(log.imported, line, row)
        if visit.key in seen:
            log.imported.refuse("in the file twice: the later row waits in no queue", line, row)
            visit = replace(visit, joins=False)
        seen.add(visit.key)
        if visit.issued is not None:
            before, offset = last.get(visit.hall, (visit.issued, visit.offset))
            if visit.issued < before:
                log.imported.refuse("out of order: issued before the row above, sorted in", line, row)
            if visit.offset != offset:
                log.imported.refuse("the clock changed since the row above, taken as told", line, row)
            last[visit.hall] = (visit.issued, visit.offset)
        log.visits.append(visit)
    if counters is not None:
        for line, row in rows_of(counters, READINGS, log.imported_readings, progress):
            try:
                at, _ = _moment(row, "at")
                log.readings.append((at, row["hall"], row["service"], _count(row["open"]), _people(row)))
            except RowRefused as fault:
                log.imported_readings.refuse(str(fault), line, row)
        log.readings.sort(key=lambda reading: reading[:3])
    return log


def _visit(faults: Imported, line: int, row: Row) -> Logged:
    moments: dict[str, float | None] = {}
    offset = 0.0
    for name in ("issued_at", "called_at", "ended_at"):
        moments[name] = None
        if row[name] or name == "issued_at":
            try:
                moments[name], zone = _moment(row, name)
                offset = zone if name == "issued_at" else offset
            except RowRefused as fault:
                faults.refuse(str(fault), line, row)
    issued, called, ended = moments["issued_at"], moments["called_at"], moments["ended_at"]
    joins = issued is not None
    if issued is not None and called is not None and called < issued:
        faults.refuse("called before issue: waits in no queue", line, row)
        called, joins = None, False
    start = called if called is not None else issued
    if ended is not None and start is not None and ended < start:
        faults.refuse("ended before call: end not known", line, row)
        ended = None
    if row["outcome"] not in OUTCOMES:
        faults.refuse("outcome: neither served, missed nor abandoned; taken by its moments", line, row)
    key = (row["hall"], row["number"], row["issued_at"])
    counter = row["counter"] or None
    return Logged(
        key, row["hall"], row["service"], row["tier"], issued, offset, called, ended, counter, row["outcome"], joins
    )


def _moment(row: Row, name: str) -> tuple[float, float]:
    """Minutes since 1970, and the offset from UTC in minutes. Raises RowRefused for a malformed moment."""
    try:
        at = datetime.fromisoformat(row[name])
    except ValueError:
        at = None
    zone = at.utcoffset() if at else None
    if at is None or zone is None:
        raise RowRefused(f"{name}: not a moment with its zone, such as 2026-03-04T10:15:00+08:00")
    return at.timestamp() / 60, zone.total_seconds() / 60


def _people(row: Row) -> float:
    """People waiting, from a column that not every log has; NaN where missing or malformed."""
    try:
        waiting = float(row.get("waiting") or nan)
    except ValueError:
        return nan
    return waiting if 0 <= waiting < 100_000 else nan


def _count(text: str) -> int:
    try:
        count = float(text)
    except ValueError:
        count = -1.0
    if not 0 <= count < 10_000:
        raise RowRefused("open: not a number of counters")
    return int(count)
