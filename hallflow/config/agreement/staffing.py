"""Referential integrity of staffing.toml: halls that exist, and limits of periods in order."""

from collections.abc import Iterator, Mapping

from hallflow.config.faults import PlanFault, place_of, unknown
from hallflow.config.parsed import Files, Table, table_in, tables_in, texts_in


def staffing_faults(files: Files) -> Iterator[PlanFault]:
    """Settings and playbook entries of undefined halls, and periods whose limits cross."""
    file = "staffing.toml"
    for hall, sums in tables_in(files.staffing, "halls"):
        if hall not in files.halls:
            yield PlanFault(file, place_of("halls", hall), unknown("hall", hall, files.halls))
        yield from _periods(file, place_of("halls", hall), {**table_in(files.staffing, "all"), **sums})
    yield from _periods(file, "all", table_in(files.staffing, "all"))
    yield from _plays(file, files)


def _plays(file: str, files: Files) -> Iterator[PlanFault]:
    for period, plays in table_in(files.staffing, "playbook").items():
        for n, play in enumerate(plays if isinstance(plays, list) else [], start=1):
            for hall in texts_in(play, "halls") if isinstance(play, Mapping) else []:
                if hall not in files.halls:
                    place = place_of("playbook", period, n, "halls")
                    yield PlanFault(file, place, unknown("hall", hall, files.halls))


def _periods(file: str, place: str, sums: Table) -> Iterator[PlanFault]:
    quiet, busy = sums.get("quiet_below", 0.5), sums.get("busy_above", 0.85)
    if isinstance(quiet, int | float) and isinstance(busy, int | float) and quiet > busy:
        yield PlanFault(file, f"{place}.quiet_below", f"{quiet:g} is above busy_above, {busy:g}")
