"""`hallflow roster`: makes a hall's weekly roster from its staffing requirements, shows it, and exports it."""

import json
from datetime import date, datetime
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.table import Table

from hallflow.cli.opening import open_office
from hallflow.clock import Clock
from hallflow.config.texts import COMMAND_LINE
from hallflow.domain.refusals import Refused
from hallflow.operations.roster.exporting import as_calendar, as_csv
from hallflow.operations.roster.rostering import make_week, roster_of

WEEK = click.option("--week", type=click.DateTime(["%Y-%m-%d"]), help="A day of the week; this week by default.")
HALL = click.option("--hall", required=True, help="The hall's key.")
HOW = {
    "cp-sat": "found by CP-SAT",
    "greedy": "found by a greedy, which may not be the best; the extra `roster` finds better",
    "nobody named": "nobody is named in staffing.toml: these are the shifts to fill",
}


@click.group(name="roster")
def command() -> None:
    """Who works when, week by week."""


@command.command()
@HALL
@WEEK
@click.option(
    "--seconds", default=20.0, show_default=True, help="How long to look for better, with the extra `roster`."
)
@click.option("--greedy", is_flag=True, help="Do without the extra `roster`, even where it is there.")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def make(hall: str, week: datetime | None, seconds: float, greedy: bool, as_json: bool) -> None:
    """Make a week's roster; days whose counters are not known yet are played first, which takes some seconds each."""
    office = open_office()
    plan = office.plan(hall)
    if not plan.roster.shifts:
        raise click.ClickException("staffing.toml has no shifts: write at least one as [shifts.<key>]")
    now = Clock().now()
    made = make_week(office.turns, plan, _day(week, now), now, seconds, exact=False if greedy else None)
    _tell(made, as_json)


@command.command()
@HALL
@WEEK
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def show(hall: str, week: datetime | None, as_json: bool) -> None:
    """Show a week's roster."""
    _tell(_kept(hall, week)[1], as_json)


@command.command()
@HALL
@WEEK
@click.option(
    "--out", type=click.Path(file_okay=False, path_type=Path), required=True, help="A folder, made if need be."
)
def export(hall: str, week: datetime | None, out: Path) -> None:
    """Write a week as roster.csv, and as one calendar (<person>.ics) for everybody on it."""
    plan, roster = _kept(hall, week)
    try:
        out.mkdir(parents=True, exist_ok=True)
        # the byte order mark tells spreadsheets that it is UTF-8
        (out / "roster.csv").write_text(as_csv(roster), encoding="utf-8-sig", newline="")
        for person in roster["people"]:
            (out / f"{person['key']}.ics").write_bytes(as_calendar(roster, plan, person["key"]))
    except OSError as fault:
        raise click.ClickException(f"{out} cannot be written: {fault.strerror}") from fault
    click.echo(f"{out}: roster.csv and {len(roster['people'])} calendars")


def _kept(hall: str, week: datetime | None) -> tuple[Any, dict[str, Any]]:
    office = open_office()
    plan = office.plan(hall)
    try:
        return plan, roster_of(office.turns, plan, _day(week, Clock().now()))
    except Refused as refused:
        said = office.installation.texts.say(COMMAND_LINE, f"refused.{refused.code}", **refused.facts)
        raise click.ClickException(f"{said} `hallflow roster make --hall {hall}` makes it.") from refused


def _day(week: datetime | None, now: datetime) -> date:
    return week.date() if week else now.date()


def _tell(roster: dict[str, Any], as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(roster, ensure_ascii=False, indent=2))
        return
    console = Console()
    names = {person["key"]: person["name"] for person in roster["people"]}
    table = Table(title=f"{roster['hall']}, {roster['days'][0]} to {roster['days'][-1]}", title_justify="left")
    for column in ("day", "who", "shift", "from", "until", "breaks", "counters"):
        table.add_column(column)
    for shift in roster["shifts"]:
        seats = ", ".join(f"{counter} {a}-{b}" for counter, a, b in shift["counters"])
        breaks = ", ".join(f"{a}-{b}" for a, b in shift["breaks"])
        who = names.get(shift["person"], "-")
        table.add_row(shift["day"], who, shift["shift"], shift["start"], shift["end"], breaks, seats)
    console.print(table)
    gap = "" if roster["gap"] is None else f", at most {roster['gap']:.2%} from the best"
    proven = "each day's cover proven best" if roster["covers_proven"] else "not every day's cover proven best"
    console.print(f"{HOW[roster['how']]}{gap}; {proven}", highlight=False)
    console.print(
        f"{roster['required_hours']:g} counter-hours required, {roster['rostered_hours']:g} hours rostered, "
        f"{roster['unfilled']} shifts without anybody",
        highlight=False,
    )
    for person in roster["people"]:
        if person["note"] == "no_certificates":
            console.print(f"{person['name']} has no certificates, and is at no counter", highlight=False)
    for gap_ in roster["short"]:
        what = f"{gap_['counters']} short for {', '.join(gap_['services'])}"
        console.print(f"{gap_['day']} {gap_['from']}-{gap_['until']}: {what}", highlight=False)
