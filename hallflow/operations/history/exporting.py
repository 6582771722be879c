"""Export of past visits into a CSV file that can be imported again unchanged."""

import csv
import gzip
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from hallflow.domain.past.visit import ALSO, VISITS, Visit
from hallflow.domain.plan import Plan
from hallflow.storage.records import history


def export_visits(connection: Connection, plan: Plan, first: date, last: date, file: Path) -> int:
    """Write a hall's visits of these days, both included, gzipped for a name that ends in .gz; gives how many."""
    written = 0
    # written under another name first, so that a reader finds the whole file or none
    draft = file.with_name(f".{file.name}.part")
    try:
        with (
            gzip.open(draft, "wt", encoding="utf-8", newline="")
            if file.suffix == ".gz"
            else draft.open("w", encoding="utf-8", newline="") as out
        ):
            writer = csv.writer(out, lineterminator="\n")
            writer.writerow((*VISITS, *ALSO))
            for row in _rows(connection, plan, first, last):
                writer.writerow(row)
                written += 1
        draft.replace(file)
    finally:
        draft.unlink(missing_ok=True)
    return written


def _rows(connection: Connection, plan: Plan, first: date, last: date) -> Iterator[tuple[str | int, ...]]:
    zone = plan.hours.zone
    for visit in history.visits_between(connection, plan.hall, first, last):
        yield _row(visit, zone)


def _row(visit: Visit, zone: ZoneInfo) -> tuple[str | int, ...]:
    def iso(at: datetime | None) -> str:
        return at.astimezone(zone).isoformat() if at else ""

    return (
        visit.hall,
        visit.number,
        visit.service,
        visit.tier,
        iso(visit.issued_at),
        iso(visit.called_at),
        iso(visit.ended_at),
        visit.counter or "",
        visit.outcome,
        iso(visit.arrived_at),
        int(visit.prefilled),
        visit.leg,
    )
