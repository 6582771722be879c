"""`hallflow staff`: adds accounts of clerks and managers."""

import json

import click

from hallflow.cli.opening import open_office
from hallflow.config.texts import COMMAND_LINE
from hallflow.domain.refusals import Refused
from hallflow.house import DEMO_PINS
from hallflow.operations.accounts.staff import LONGEST, ROLES, SHORTEST, add_staff, fits


@click.group(name="staff")
def command() -> None:
    """Who works in a hall."""


@command.command(name="add")
@click.option("--hall", required=True, help="Where.")
@click.option("--name", required=True, help="As colleagues call them.")
@click.option("--role", type=click.Choice(ROLES), required=True)
@click.option("--pin", "ask", is_flag=True, help="Ask for the PIN, twice; else one is made and shown once.")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def add(hall: str, name: str, role: str, ask: bool, as_json: bool) -> None:
    """Let somebody sign in: a clerk at any counter of the hall, a manager to its dashboard."""
    office = open_office()
    plan = office.plan(hall)
    pin = _ask() if ask else None
    if office.settings.demo and pin in DEMO_PINS.values():
        raise click.ClickException("This PIN is the demo's own.")
    try:
        person, chosen = add_staff(office.turns, plan.hall, name, role, pin)
    except Refused as refused:
        sentence = office.installation.texts.say(COMMAND_LINE, f"refused.{refused.code}", **refused.facts)
        raise click.ClickException(sentence) from refused
    if as_json:
        said = {"id": person.id, "hall": hall, "name": person.name, "role": role}
        click.echo(json.dumps(said | ({} if ask else {"pin": chosen}), ensure_ascii=False))
        return
    click.echo(f"{person.name} works in {hall} as {role}.")
    if not ask:
        click.echo(f"PIN: {chosen}   (shown only now)")


def _ask() -> str:
    pin: str = click.prompt("PIN", hide_input=True, confirmation_prompt="Once more")
    if not fits(pin):
        raise click.ClickException(f"A PIN has {SHORTEST} to {LONGEST} digits.")
    return pin
