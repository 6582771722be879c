"""`hallflow history`: import of past visits from other systems' logs, and export."""

import json
from collections.abc import Callable
from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path
from typing import Any

import click

from hallflow.cli import learned
from hallflow.cli.opening import open_office
from hallflow.cli.reading import reading, tell
from hallflow.operations.history.exporting import export_visits
from hallflow.operations.history.importing import Names, import_readings, import_visits
from hallflow.sheets import Imported, Unreadable
from hallflow.storage.records.history import days_kept

A_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


class Renaming(click.ParamType[tuple[str, str]]):
    """THEIRS=OURS."""

    name = "THEIRS=OURS"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, str]:
        """The two names."""
        if isinstance(value, tuple):
            return str(value[0]), str(value[1])
        theirs, sign, ours = str(value).partition("=")
        if not (theirs and sign and ours):
            self.fail(f"{value!r} is not of the form THEIRS=OURS", param, ctx)
        return theirs, ours


def _renaming(what: str) -> Callable[..., Any]:
    return click.option(
        f"--{what}", f"{what}s", type=Renaming(), multiple=True, help=f"What the file calls a {what}, and what we do."
    )


@click.group(name="history")
def command() -> None:
    """Past visits, from which forecasts and waits are learned."""


@command.command(name="import")
@click.argument("file", type=A_FILE)
@click.option("--counters", type=A_FILE, help="The log's open counters: hall,service,at,open.")
@_renaming("hall")
@_renaming("service")
@_renaming("tier")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def import_command(
    file: Path,
    counters: Path | None,
    halls: tuple[tuple[str, str], ...],
    services: tuple[tuple[str, str], ...],
    tiers: tuple[tuple[str, str], ...],
    as_json: bool,
) -> None:
    """Add the visits of FILE (visits.csv or .csv.gz) to the history.

    The first line names the columns: hall,number,service,tier,issued_at,called_at,ended_at,counter,outcome; arrived_at,
    prefilled and leg may follow. Moments are ISO 8601 with their offset and may be empty where not known; outcome is served,
    missed or abandoned. Visits that are there already stay as they are, so the same file may be imported again.
    """
    office, names = open_office(), Names(dict(halls), dict(services), dict(tiers))
    plans, told = office.installation.plans, {}
    try:
        with reading(file, quiet=as_json) as progress:
            told["visits"] = import_visits(office.turns, plans, file, names, progress)
        if counters:
            with reading(counters, quiet=as_json) as progress:
                told["counters"] = import_readings(office.turns, plans, counters, names, progress)
    except Unreadable as fault:
        raise click.ClickException(f"{fault}. Nothing of this file was imported.") from fault
    if as_json:
        said = {what: asdict(imported) | {"known": imported.known} for what, imported in told.items()}
        click.echo(json.dumps(said, ensure_ascii=False, indent=2))
    else:
        for what, imported in told.items():
            _tell(what, imported)
        click.echo("The halls learn from it by tomorrow; at once with:  hallflow work --once learn")
    raise SystemExit(1 if any(imported.rows and not imported.new + imported.known for imported in told.values()) else 0)


def _tell(what: str, told: Imported) -> None:
    tell(what, told)
    if told.simulated_dropped:
        click.echo(
            f"  {told.simulated_dropped:,} made-up visits of the demo are gone: a hall learns from real ones alone"
        )
    for kind in ("hall", "service", "tier"):
        if any(reason.startswith(f"unknown {kind}") for reason in told.refused):
            click.echo(f"  If it has another name here: --{kind} THEIRS=OURS")


@command.command(name="export")
@click.argument("out", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--hall", required=True, help="Whose visits.")
@click.option("--from", "first", type=click.DateTime(["%Y-%m-%d"]), help="The first day; else all.")
@click.option("--to", "last", type=click.DateTime(["%Y-%m-%d"]), help="The last day, included.")
def export_command(out: Path, hall: str, first: datetime | None, last: datetime | None) -> None:
    """Write a hall's past visits to OUT (visits.csv or .csv.gz), as `history import` reads them."""
    office = open_office()
    plan = office.plan(hall)
    with office.turns.engine.connect() as connection:
        _, kept_first, kept_last = days_kept(connection, hall)
        from_day = first.date() if first else kept_first or date.min
        to_day = last.date() if last else kept_last or date.min
        try:
            written = export_visits(connection, plan, from_day, to_day, out)
        except OSError as fault:
            raise click.ClickException(f"{out} cannot be written: {fault.strerror}") from fault
    click.echo(f"{written:,} visits of {hall} in {out}")


command.add_command(learned.command)
