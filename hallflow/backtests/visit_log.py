"""A log of visits and open counters as a backtest needs it: every fault is counted by its reason, and every row keeps its place."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from math import nan
from pathlib import Path

from hallflow.domain.past.visit import OUTCOMES, READINGS, VISITS
from hallflow.sheets import Imported, Progress, Row, RowRefused, rows_of


@dataclass(frozen=True, slots=True)
class Logged:
    """One row; moments are minutes since 1970, None where not known or not to be believed."""

    key: tuple[str, str, str]
    """Hall, number and issued_at as the file has them."""
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
    """Whether it can take part in the queue: its moments are in order and it is not there twice."""


@dataclass(slots=True)
class Log:
    """What was read, and what was wrong with it."""

    visits: list[Logged] = field(default_factory=list)
    readings: list[tuple[float, str, str, int, float]] = field(default_factory=list)
    """When, hall, service, counters open, people waiting (NaN where the file does not count them)."""
    told: Imported = field(default_factory=Imported)
    told_readings: Imported = field(default_factory=Imported)


def read_log(visits: Path, counters: Path | None, progress: Progress) -> Log:
    """Read a log; raises Unreadable where a file is none. A faulty row still is a visit, as far as it can be understood."""
    log, seen = Log(), set()
    last: dict[str, tuple[float, float]] = {}
    for line, row in rows_of(visits, VISITS, log.told, progress):
        visit = _visit(log.told, line, row)
        if visit.key in seen:
            log.told.refuse("in the file twice: the later row waits in no queue", line, row)
            visit = replace(visit, joins=False)
        seen.add(visit.key)
        if visit.issued is not None:
            before, offset = last.get(visit.hall, (visit.issued, visit.offset))
            if visit.issued < before:
                log.told.refuse("out of order: issued before the row above, sorted in", line, row)
            if visit.offset != offset:
                log.told.refuse("the clock changed since the row above, taken as told", line, row)
            last[visit.hall] = (visit.issued, visit.offset)
        log.visits.append(visit)
    if counters is not None:
        for line, row in rows_of(counters, READINGS, log.told_readings, progress):
            try:
                at, _ = _moment(row, "at")
                log.readings.append((at, row["hall"], row["service"], _count(row["open"]), _people(row)))
            except RowRefused as fault:
                log.told_readings.refuse(str(fault), line, row)
        log.readings.sort(key=lambda reading: reading[:3])
    return log


def _visit(told: Imported, line: int, row: Row) -> Logged:
    moments: dict[str, float | None] = {}
    offset = 0.0
    for name in ("issued_at", "called_at", "ended_at"):
        moments[name] = None
        if row[name] or name == "issued_at":
            try:
                moments[name], zone = _moment(row, name)
                offset = zone if name == "issued_at" else offset
            except RowRefused as fault:
                told.refuse(str(fault), line, row)
    issued, called, ended = moments["issued_at"], moments["called_at"], moments["ended_at"]
    joins = issued is not None
    if issued is not None and called is not None and called < issued:
        told.refuse("called before issue: waits in no queue", line, row)
        called, joins = None, False
    start = called if called is not None else issued
    if ended is not None and start is not None and ended < start:
        told.refuse("ended before call: end not known", line, row)
        ended = None
    if row["outcome"] not in OUTCOMES:
        told.refuse("outcome: neither served, missed nor abandoned; taken by its moments", line, row)
    key = (row["hall"], row["number"], row["issued_at"])
    counter = row["counter"] or None
    return Logged(
        key, row["hall"], row["service"], row["tier"], issued, offset, called, ended, counter, row["outcome"], joins
    )


def _moment(row: Row, name: str) -> tuple[float, float]:
    """Minutes since 1970, and what the clock is ahead of UTC."""
    try:
        at = datetime.fromisoformat(row[name])
    except ValueError:
        at = None
    zone = at.utcoffset() if at else None
    if at is None or zone is None:
        raise RowRefused(f"{name}: not a moment with its zone, such as 2026-03-04T10:15:00+08:00")
    return at.timestamp() / 60, zone.total_seconds() / 60


def _people(row: Row) -> float:
    """Those seen waiting: a column that not every log has, and that only the model asks for."""
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
