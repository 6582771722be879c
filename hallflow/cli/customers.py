"""`hallflow customers`: imports a register of customers' tiers, beyond the prefixes of cards."""

import json
from dataclasses import asdict
from pathlib import Path

import click

from hallflow.cli.opening import open_office
from hallflow.cli.reading import reading, tell
from hallflow.operations.accounts.customers import import_customers
from hallflow.sheets import Unreadable
from hallflow.storage.secrets import Vault


@click.group(name="customers")
def command() -> None:
    """Who belongs to which tier."""


@command.command(name="import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def import_command(file: Path, as_json: bool) -> None:
    """Tell the halls the tiers of the customers in FILE (csv: card,phone,tier; a card, a phone, or both).

    Cards and phones are kept only as digests under this installation's secret: a stolen database names nobody. Somebody who is
    known already gets the tier that the file says.
    """
    office = open_office()
    tiers = {tier for plan in office.installation.plans.values() for tier in plan.tiers}
    try:
        with reading(file, quiet=as_json) as progress:
            told = import_customers(office.turns, Vault(office.settings.secret), tiers, file, progress)
    except Unreadable as fault:
        raise click.ClickException(f"{fault}. Nothing of this file was imported.") from fault
    if as_json:
        click.echo(json.dumps(asdict(told) | {"known": told.known}, ensure_ascii=False, indent=2))
    else:
        tell("customers", told)
    raise SystemExit(1 if told.rows and not told.new + told.known else 0)
