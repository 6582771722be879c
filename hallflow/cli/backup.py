"""`hallflow backup`: an online backup of the whole database in one file."""

import json
import os
from importlib.metadata import version as version_of
from pathlib import Path

import click

from hallflow.cli.progress import counting
from hallflow.clock import from_env
from hallflow.settings import Settings
from hallflow.storage.backup.archive import NotWritten
from hallflow.storage.backup.copying import back_up, count_rows
from hallflow.storage.database.engine import Unreachable, open_engine
from hallflow.storage.upgrade import version, versions


@click.command(name="backup")
@click.argument("out", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--with-secret", is_flag=True, help="Put the secret in, too: whoever has the file can then read it all.")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def command(out: Path, with_secret: bool, as_json: bool) -> None:
    """Write one instant of the whole database to OUT, a file that SQLite and PostgreSQL both can take.

    The halls go on working meanwhile. OUT appears when it is whole; an earlier backup of this name gives way to it.
    """
    settings = Settings.from_env()
    secret = settings.known_secret
    if with_secret and secret is None:
        raise click.ClickException(f"there is no secret in {settings.data}, and HALLFLOW_SECRET is not set")
    try:
        engine = open_engine(settings.database_url)
        click.get_current_context().call_on_close(engine.dispose)
        at = version(engine)
        if at not in versions():
            raise click.ClickException(
                f"the database is {f'at version {at}, newer than this program' if at else 'empty'}"
            )
        made_at, tool = from_env(os.environ).now(), f"hallflow {version_of('hallflow')}"
        with counting("rows", count_rows(engine), quiet=as_json) as tell:
            manifest = back_up(engine, out, made_at, tool, secret, tell, with_secret=with_secret)
    except (Unreachable, NotWritten) as fault:
        raise click.ClickException(str(fault)) from fault
    if as_json:
        said = {
            "file": str(out),
            "bytes": out.stat().st_size,
            "made_at": manifest.made_at,
            "database": manifest.database,
            "halls": manifest.halls,
            "rows": manifest.rows,
            "tables": {name: {"rows": shelf.rows, "sha256": shelf.sha256} for name, shelf in manifest.tables.items()},
            "with_secret": with_secret,
        }
        click.echo(json.dumps(said, ensure_ascii=False, indent=2))
        return
    halls = ", ".join(f"{key} up to entry {seq:,}" for key, seq in manifest.halls.items())
    click.echo(f"{out}: {manifest.rows:,} rows, {out.stat().st_size / 1e6:,.1f} MB; {halls or 'no hall yet'}.")
    click.echo(f"Bring it back with:  hallflow restore {out}")
    if with_secret:
        click.echo("The secret is in it: keep this file as safe as the halls themselves.")
    else:
        where = "HALLFLOW_SECRET" if settings.given_secret else f"{settings.data / 'secret'}"
        click.echo(
            f"The secret is NOT in it. Keep {where} too: without it sealed answers and known cards cannot be read."
        )
