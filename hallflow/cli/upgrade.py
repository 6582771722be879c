"""`hallflow upgrade`: schema migration of the database to this program's version."""

import click

from hallflow.settings import Settings
from hallflow.storage.database.engine import Unreachable, open_engine
from hallflow.storage.upgrade import WrongVersion, latest, upgrade, version


@click.command(name="upgrade")
def command() -> None:
    """Bring the database to this program's version; an empty one is set up."""
    try:
        engine = open_engine(Settings.from_env().database_url)
        click.get_current_context().call_on_close(engine.dispose)
        before = version(engine)
        upgrade(engine)
    except (Unreachable, WrongVersion) as fault:
        raise click.ClickException(str(fault)) from fault
    now = latest()
    click.echo(
        f"The database is at version {now}."
        if before == now
        else f"The database went from {before or 'empty'} to {now}."
    )
