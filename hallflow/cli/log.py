"""`hallflow log`: verifies the log's hash chain, and shows one ticket's audit trail."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

import click

from hallflow.cli.opening import Office, open_office
from hallflow.cli.progress import counting
from hallflow.domain.past.story import Story
from hallflow.operations.log.explaining import NoStory, explain_ticket
from hallflow.operations.log.verifying import Verified, verify
from hallflow.snapshots.explained import explained
from hallflow.storage.database.instant import instant
from hallflow.storage.log import ledger


@click.group(name="log")
def command() -> None:
    """The halls' logs: everything that has happened, chained entry by entry."""


@command.command(name="verify")
@click.option("--hall", help="Only this hall; else all.")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def verify_command(hall: str | None, as_json: bool) -> None:
    """Check every entry of the log, its chain, and that replaying it gives the tables.

    Ends with 0 when all is as it was written, else with 1. Halls may go on working meanwhile.
    """
    office = open_office()
    if hall is not None:
        office.plan(hall)
    with instant(office.turns.engine) as connection:
        heads = ledger.heads(connection)
        total = heads.get(hall, 0) if hall else sum(heads.values())
        with counting("entries", total, quiet=as_json) as progress:
            told = verify(connection, hall, progress)
    if as_json:
        click.echo(json.dumps(as_data(told), ensure_ascii=False, indent=2))
    else:
        tell(told)
    raise SystemExit(1 if any(one.count for one in told) else 0)


def as_data(told: list[Verified]) -> dict[str, Any]:
    """What was found, for programs."""
    return {
        "ok": not any(one.count for one in told),
        "halls": [asdict(one) | {"entries_after_first_flaw": one.follow} for one in told],
    }


def tell(told: list[Verified]) -> None:
    """What was found, in sentences: the first flaw of each hall, and how much follows it."""
    if not told:
        click.echo("There is no log yet.")
    for one in told:
        days = "1 day" if one.days == 1 else f"{one.days:,} days"
        compared = f"{one.entries:,} entries of {days}, {one.tickets:,} tickets compared"
        forgotten = f", {one.days_forgotten:,} days whose tickets are no longer kept" if one.days_forgotten else ""
        if not one.count:
            click.echo(f"{one.hall}: whole. {compared}{forgotten}. Last hash {one.hash}")
            continue
        first, more = one.flaws[0], one.count - 1
        click.echo(f"{one.hall}: NOT AS IT WAS WRITTEN. {compared}{forgotten}.")
        click.echo(f"  entry {first.seq}: {first.what}")
        for flaw in one.flaws[1:5]:
            click.echo(f"  then entry {flaw.seq}: {flaw.what}")
        click.echo(f"  {more:,} more found; {one.follow:,} entries follow the first.")


@command.command(name="explain")
@click.argument("number")
@click.option("--hall", help="Where; else the only hall that gave this number out.")
@click.option("--day", type=click.DateTime(["%Y-%m-%d"]), help="When; else the log's present day.")
@click.option("--lang", metavar="CODE", help="Else as hallflow.toml says.")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def explain_command(number: str, hall: str | None, day: datetime | None, lang: str | None, as_json: bool) -> None:
    """Tell the whole story of the ticket NUMBER, such as A012, and check every call of it again."""
    office = open_office()
    spoken = office.language(lang)
    try:
        story = _story(office, number.upper(), hall, day.date() if day else None)
    except NoStory as why:
        raise click.ClickException(office.installation.texts.say(spoken, f"explain.{why.code}", **why.facts)) from why
    told = explained(story, office.plan(story.hall), office.installation.texts, spoken)
    if as_json:
        click.echo(json.dumps(told, ensure_ascii=False, indent=2))
        return
    click.secho(f"{told['number']}  {told['hall']}  {told['day']}", bold=True)
    for entry in told["entries"]:
        click.echo(f"{entry['clock']}  {entry['text']}")
        for part in _parts(entry):
            click.echo(f"          {part}")
    if told["note"]:
        click.echo(f"\n{told['note']}")


def _parts(entry: Mapping[str, Any]) -> list[str]:
    return [entry[part]["text"] for part in ("wait", "overtaken", "check") if part in entry]


def _story(office: Office, number: str, hall: str | None, day: date | None) -> Story:
    keys = [office.plan(hall).hall] if hall else list(office.installation.plans)
    found, why = [], NoStory("no_log", hall="")
    with instant(office.turns.engine) as connection:
        for key in keys:
            try:
                found.append(explain_ticket(connection, office.plan(key), number, day))
            except NoStory as none:
                why = none
    if not found:
        raise why
    if len(found) > 1:
        raise NoStory("in_several", number=number, halls=", ".join(story.hall for story in found))
    return found[0]
