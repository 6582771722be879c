"""`hallflow replay`: counterfactual replay of a past day under another policy or with other counters open."""

import json
import re
from datetime import date, datetime
from typing import Any

import click

from hallflow.cli.opening import open_office
from hallflow.config.texts import COMMAND_LINE, Texts
from hallflow.domain.plan import Plan
from hallflow.domain.policies import POLICIES
from hallflow.domain.refusals import Refused
from hallflow.operations.replay.side_by_side import Otherwise, day_again, otherwise_of
from hallflow.storage.database.instant import instant

SPAN = re.compile(r"(?P<counter>[^@]+)@(?P<at>\d\d:\d\d)(-(?P<until>\d\d:\d\d))?(:(?P<services>.+))?")
ROWS = ("customers", "called", "wait", "longest", "within_goal", "left")
NAMES = {
    "wait": "mean wait, min",
    "longest": "longest wait, min",
    "within_goal": "within goal",
    "left": "left unserved",
}


@click.command(name="replay")
@click.argument("day", type=click.DateTime(["%Y-%m-%d"]))
@click.option("--hall", default="central", show_default=True, help="Where.")
@click.option("--policy", type=click.Choice(list(POLICIES)), help="Call by this one instead.")
@click.option("--open", "opened", multiple=True, metavar="C@10:00-12:00[:SERVICE,...]", help="Open counter C then.")
@click.option("--close", "closed", multiple=True, metavar="C@10:00-12:00", help="Close counter C then.")
@click.option("--lang", metavar="CODE", help="Of what is refused; else as hallflow.toml says.")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def command(
    day: datetime,
    hall: str,
    policy: str | None,
    opened: tuple[str, ...],
    closed: tuple[str, ...],
    lang: str | None,
    as_json: bool,
) -> None:
    """Run DAY (2026-03-04) again: the same people, who come, walk, stay and give up as they did.

    Without a policy or an opening the day is checked against its own rules: every call must come out as it was made.
    """
    office = open_office()
    spoken = office.language(lang)
    plan, asked = office.plan(hall), day.date()
    try:
        changes = [*_changes(plan, asked, opened, True), *_changes(plan, asked, closed, False)]
        with instant(office.turns.engine) as connection:
            told = day_again(connection, plan, asked, policy, changes)
    except Refused as no:
        said = office.installation.texts.say(spoken, f"refused.{no.code}", **no.facts)
        raise click.ClickException(said) from no
    click.echo(
        json.dumps(told, ensure_ascii=False, indent=2)
        if as_json
        else "\n".join(_lines(told, office.installation.texts))
    )
    raise SystemExit(0 if told["exact"] else 1)


def _changes(plan: Plan, day: date, texts: tuple[str, ...], is_open: bool) -> list[Otherwise]:
    option, found = "--open" if is_open else "--close", []
    for text in texts:
        said = SPAN.fullmatch(text)
        if said is None:
            raise click.BadParameter(f"{text!r} is not like 5@10:00-12:00", param_hint=option)
        services = tuple((said["services"] or "").split(",")) if said["services"] else ()
        found.append(otherwise_of(plan, day, said["counter"], is_open, said["at"], said["until"], services, option))
    return found


def _lines(told: dict[str, Any], texts: Texts) -> list[str]:
    before, after = told["before"], told["after"]
    lines = [
        f"{told['hall']} {told['day']}: {told['calls']:,} calls, "
        + (
            "each comes out as it was made."
            if told["exact"]
            else "NOT all come out as they were made: the plan has changed."
        ),
        f"{'':<28}{'as it was':>14}{'again':>14}",
        f"{'policy':<28}{before['policy']:>14}{after['policy']:>14}",
        f"{'counters open, min':<28}{before['staff_minutes']:>14,}{after['staff_minutes']:>14,}",
    ]
    groups = [("everybody", before["all"], after["all"])]
    groups += [
        (texts.name(COMMAND_LINE, t["name"]), before["by_tier"][t["key"]], after["by_tier"][t["key"]])
        for t in told["tiers"]
    ]
    for name, one, other in groups:
        lines.append(name)
        lines += [f"  {NAMES.get(row, row):<26}{_value(row, one):>14}{_value(row, other):>14}" for row in ROWS]
    return lines


def _value(row: str, side: dict[str, Any]) -> str:
    value = side[row]
    if value is None:
        return "-"
    return f"{value:.1%}" if row == "within_goal" else f"{value:,}"
