"""`hallflow check`: validation of the plan, with every fault and its place."""

import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from itertools import groupby
from pathlib import Path

import click

from hallflow.config import Installation, PlanFault, PlanFaults, load
from hallflow.settings import Settings, SettingsFaults

NAMED = 3
"""The most places that are listed by name."""


@click.command(name="check")
@click.option(
    "--config",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    help="The folder of the plan; else HALLFLOW_CONFIG, else config/.",
)
@click.option(
    "--json", "as_json", is_flag=True, help="For programs: {ok, halls, faults, remarks: [{file, place, what}]}."
)
@click.pass_context
def command(ctx: click.Context, folder: Path | None, as_json: bool) -> None:
    """Read the plan and name every fault in it, and what is not translated yet.

    Ends with 0 when the halls may open, with 1 when something has to be mended first.
    """
    installation, faults = _read(folder)
    remarks = installation.remarks if installation else ()
    if as_json:
        halls = [{"key": plan.hall, "name": plan.name} for plan in installation.plans.values()] if installation else []
        told = {"faults": [asdict(fault) for fault in faults], "remarks": [asdict(remark) for remark in remarks]}
        said = {"ok": not faults, "halls": halls, **told}
        click.echo(json.dumps(said, ensure_ascii=False, indent=2))
    else:
        for fault in faults:
            click.echo(str(fault))
        for line in _together(remarks):
            click.echo(line)
        click.echo(_summary(installation, len(faults)))
    ctx.exit(1 if faults else 0)


def _read(folder: Path | None) -> tuple[Installation | None, list[PlanFault]]:
    faults: list[PlanFault] = []
    try:
        settings = Settings.from_env()
        folder = folder or settings.config
    except SettingsFaults as bad:
        faults += [PlanFault("environment", *fault.split(": ", 1)) for fault in bad.faults]
        folder = folder or Path(os.environ.get("HALLFLOW_CONFIG") or "config")
    try:
        return load(folder), faults
    except PlanFaults as bad:
        return None, [*faults, *bad.faults]


def _together(remarks: Iterable[PlanFault]) -> Iterator[str]:
    """A line for what is remarked on alike in one file, with its first places."""
    for (file, what), found in groupby(sorted(remarks, key=_alike), key=_alike):
        places = [remark.place for remark in found]
        more = f" and {len(places) - NAMED} more (--json names them)" if len(places) > NAMED else ""
        yield f"{file}: a remark, no fault: {', '.join(places[:NAMED])}{more}: {what}"


def _alike(remark: PlanFault) -> tuple[str, str]:
    return remark.file, remark.what


def _summary(installation: Installation | None, faults: int) -> str:
    if faults or installation is None:
        return f"{faults} {'fault' if faults == 1 else 'faults'}: the halls stay closed until they are mended."
    plans = installation.plans.values()
    halls = ", ".join(f"{plan.hall} ({len(plan.counters)} counters, {len(plan.services)} services)" for plan in plans)
    return f"The plan is in order: {halls}."
