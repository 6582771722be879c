"""`hallflow history learned`: the parameters fitted from each hall's history, as a table."""

import json
from typing import Any

import click
from rich.console import Console
from rich.table import Table

from hallflow.cli.opening import open_office
from hallflow.foresight.learning.summary import summarise
from hallflow.operations.outlook.learning import learned_for
from hallflow.storage.records import outlooks

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


@click.command(name="learned")
@click.option("--hall", help="This hall alone.")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def command(hall: str | None, as_json: bool) -> None:
    """Show what the halls have learned: service minutes, patience, no-shows, arrivals; the plan's where there is no history."""
    office = open_office()
    plans = [office.plan(hall)] if hall else list(office.installation.plans.values())
    told = []
    with office.turns.engine.connect() as connection:
        for plan in plans:
            data = outlooks.read_learned(connection, plan.hall)
            told.append(summarise(learned_for(plan, data), plan) | {"learned_at": data["learned_at"] if data else None})
    if as_json:
        click.echo(json.dumps(told, ensure_ascii=False, indent=2))
        return
    console = Console()
    for each in told:
        _show(console, each)


def _show(console: Console, told: dict[str, Any]) -> None:
    since = f"learned from {told['history_days']} days at {told['learned_at']}" if told["learned_at"] else "the plan's"
    table = Table(title=f"{told['hall']}: minutes at the counter, {since}", title_justify="left")
    for column in (
        "service",
        "minutes",
        "plan",
        "4 in 5 under",
        "visits",
        "tiers",
        "form filled in",
        "slowest, fastest counter",
    ):
        table.add_column(column, justify="left" if column == "service" else "right")
    for key, service in told["services"].items():
        table.add_row(
            key,
            f"{service['minutes']}",
            f"{service['planned']:g}",
            f"{service['four_in_five_under']}",
            f"{service['visits']:,}",
            ", ".join(f"{tier} {minutes}" for tier, minutes in service["tiers"].items()),
            ", ".join(f"{said} {minutes}" for said, minutes in service["prefilled"].items()),
            _ends(service["counters"]),
        )
    console.print(table)
    stays = ", ".join(f"{share:.0%} after {minutes} min" for minutes, share in told["still_waiting"].items())
    week = ", ".join(f"{day} {n:.0f}" for day, n in zip(WEEKDAYS, told["arrivals_by_weekday"], strict=True))
    console.print(f"Walk to the counter: {told['walk_minutes']:.1f} min", highlight=False)
    console.print(
        f"Called and not there: {told['no_show_share']:.1%}, which costs {told['no_show_minutes']} min", highlight=False
    )
    console.print(f"Still waiting if not called: {stays}", highlight=False)
    console.print(f"Arrivals if always open: {week}; days differ by {told['day_to_day']:.0%}", highlight=False)
    console.print()


def _ends(counters: dict[str, float]) -> str:
    """The counters between which the others lie."""
    if not counters:
        return ""
    slow, fast = max(counters, key=lambda c: counters[c]), min(counters, key=lambda c: counters[c])
    return f"{slow}: {counters[slow]}, {fast}: {counters[fast]}"
