"""`hallflow rehearse`: simulation of a whole day under the hall's rules: a what-if for another day, or for a new hall."""

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from typing import Any

import click
from rich.console import Console
from rich.table import Table

from hallflow.cli.opening import open_office
from hallflow.domain.plan import Plan
from hallflow.foresight.learning.learned import Learned
from hallflow.foresight.rehearsal import Opening, all_open, as_required, rehearse
from hallflow.foresight.twin.openings import Stretch
from hallflow.operations.outlook.learning import learned_on

FIGURES = (("wait", "mean wait", 1, "{:.1f} min"), ("within_goal", "within goal", 100, "{:.0f} %"), ("left", "leave", 100, "{:.0f} %"))  # fmt: skip


@click.command(name="rehearse")
@click.option("--hall", required=True, help="Which hall; a new one needs no more than its plan in config/halls/.")
@click.option("--date", "day", required=True, type=click.DateTime(["%Y-%m-%d"]), help="Which day.")
@click.option(
    "--open", "opened", multiple=True,
    help="COUNTER=FROM-UNTIL, such as 3=08:30-12:00; may be repeated. Without it: what the day requires.",
)  # fmt: skip
@click.option(
    "--plays", default=400, show_default=True, type=click.IntRange(20, 5000), help="So many such days are played."
)
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def command(hall: str, day: datetime, opened: tuple[str, ...], plays: int, as_json: bool) -> None:
    """Play a day with these counters open, beside the same day with all of them open; nothing is written."""
    office = open_office()
    plan, on = office.plan(hall), day.date()
    with office.turns.engine.connect() as connection:
        learned = learned_on(connection, plan)
    opening = _given(plan, on, opened) if opened else as_required(plan, learned, on)
    told = list(rehearse(plan, learned, on, all_open(plan, on), opening, plays=plays))
    if as_json:
        click.echo(json.dumps({"hall": hall, "day": on.isoformat(), "history_days": learned.history_days, "spans": told}, indent=2))  # fmt: skip
    elif not told:
        click.echo(f"{hall} is closed on {on}.")
    else:
        for span in told:
            _show(Console(), plan, span, learned)


def _given(plan: Plan, day: date, opened: tuple[str, ...]) -> Opening:
    spans: dict[str, list[Stretch]] = {}
    for text in opened:
        key, _, times = text.partition("=")
        if key not in plan.counters:
            names = ", ".join(plan.counters)
            raise click.BadParameter(f"{text}: there is no counter {key!r}; the plan has {names}", param_hint="--open")
        try:
            start, end = (datetime.combine(day, time.fromisoformat(part), plan.hours.zone) for part in times.split("-"))
        except ValueError as fault:
            raise click.BadParameter(
                f"{text}: not COUNTER=FROM-UNTIL, such as 3=08:30-12:00", param_hint="--open"
            ) from fault
        if end <= start:
            raise click.BadParameter(f"{text}: ends before it begins", param_hint="--open")
        mine = spans.setdefault(key, [])
        if any(start.astimezone(UTC) < one.end and one.start < end.astimezone(UTC) for one in mine):
            raise click.BadParameter(f"{text}: overlaps with another of counter {key}", param_hint="--open")
        mine.append(Stretch(start.astimezone(UTC), end.astimezone(UTC), plan.counters[key].services))
    return spans


def _show(console: Console, plan: Plan, span: Mapping[str, Any], learned: Learned) -> None:
    zone = plan.hours.zone
    start, end = (datetime.fromisoformat(span[name]).astimezone(zone) for name in ("at", "until"))
    known = f"learned from {learned.history_days} days" if learned.history_days else "no history: the plan's usual day"
    table = Table(title=f"{plan.hall}, {start:%a %d %B %Y, %H:%M} to {end:%H:%M}; {span['plays']} plays; {known}", title_justify="left")  # fmt: skip
    for column in ("", "all counters open", "so", "change"):
        table.add_column(column, justify="left" if not column else "right")
    sides = ("before", "after", "change")
    table.add_row("staff-hours", *(f"{span[side]['staff_minutes'] / 60:.1f}" for side in sides))
    for name, words, times, form in FIGURES:
        table.add_row(words, *(_range(span[side]["all"][name], times, form) for side in sides))
    for key, tier in plan.tiers.items():
        goal = f"{key}: {tier.goal_share:.0%} in {tier.goal_minutes:g} min"
        table.add_row(goal, *(_range(span[side]["tiers"][key]["within_goal"], 100, "{:.0f} %") for side in sides))
    console.print(table)


def _range(figure: Mapping[str, float] | None, times: float, form: str) -> str:
    if figure is None:
        return "-"
    low, likely, high = (form.format(times * figure[name]) for name in ("low", "likely", "high"))
    return f"{likely} ({low} to {high})"
