"""`hallflow upgrade`: bring the database to this program's version."""

import click

from hallflow.settings import Settings
from hallflow.storage.engine import Unreachable, open_engine
from hallflow.storage.upgrade import latest, upgrade, version


@click.command(name="upgrade")
def command() -> None:
    """Bring the database to this program's version; an empty one is set up."""
    try:
        engine = open_engine(Settings.from_env().database_url)
    except Unreachable as fault:
        raise click.ClickException(str(fault)) from fault
    before = version(engine)
    upgrade(engine)
    engine.dispose()
    now = latest()
    click.echo(
        f"The database is at version {now}."
        if before == now
        else f"The database went from {before or 'empty'} to {now}."
    )
