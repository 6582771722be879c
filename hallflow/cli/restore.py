"""`hallflow restore`: loads a backup into an empty database, and verifies the log in it."""

import json
from pathlib import Path

import click
from sqlalchemy import Engine

from hallflow.cli.log import as_data, tell
from hallflow.cli.progress import counting
from hallflow.jobs.leader import Leadership
from hallflow.operations.log.verifying import Verified, verify
from hallflow.settings import Settings, keep_secret
from hallflow.storage.backup.archive import BadArchive, Manifest, check, knows
from hallflow.storage.backup.copying import NotEmpty, restore
from hallflow.storage.database.engine import Unreachable, open_engine
from hallflow.storage.database.instant import instant
from hallflow.storage.upgrade import latest


@click.command(name="restore")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--replace", is_flag=True, help="Give up what the database holds now.")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def command(file: Path, replace: bool, as_json: bool) -> None:
    """Bring the backup FILE into the database that HALLFLOW_DATABASE_URL names, which must be empty.

    Stop the halls first. The whole file is checked before anything is written, all is written in one transaction, and then the
    log is verified entry by entry. Ends with 0 when every entry is as it was written.
    """
    settings = Settings.from_env()
    try:
        found = check(file)
        engine = open_engine(settings.database_url)
        click.get_current_context().call_on_close(engine.dispose)
        manifest, secret = _load(settings, engine, file, found.rows, replace=replace, quiet=as_json)
    except (BadArchive, NotEmpty, Unreachable) as fault:
        raise click.ClickException(str(fault)) from fault
    about = _settle_secret(settings, file, manifest, secret)
    told = _verify(engine, manifest, quiet=as_json)
    if as_json:
        said = {"rows": manifest.rows, "made_at": manifest.made_at, "was": manifest.database, "database": latest()}
        click.echo(json.dumps(said | {"secret": about, "verified": as_data(told)}, ensure_ascii=False, indent=2))
    else:
        changed = "" if manifest.database == latest() else f", brought from version {manifest.database} to {latest()}"
        click.echo(f"{manifest.rows:,} rows of {manifest.made_at} are back{changed}. The log, entry by entry:")
        tell(told)
        click.echo(about)
    raise SystemExit(1 if any(one.count for one in told) else 0)


def _load(
    settings: Settings, engine: Engine, file: Path, rows: int, *, replace: bool, quiet: bool
) -> tuple[Manifest, str | None]:
    leadership = Leadership(engine)
    if not leadership.held():
        raise click.ClickException("the halls are running on this database: stop them first")
    try:
        with counting("rows", rows, quiet=quiet) as progress:
            return restore(engine, file, progress, replace=replace)
    finally:
        leadership.release()


def _verify(engine: Engine, manifest: Manifest, *, quiet: bool) -> list[Verified]:
    with instant(engine) as connection, counting("entries", sum(manifest.halls.values()), quiet=quiet) as progress:
        return verify(connection, None, progress)


def _settle_secret(settings: Settings, file: Path, manifest: Manifest, secret: str | None) -> str:
    """See to it that what is sealed can be read; says how that stands."""
    kept = settings.data / "secret"
    if "mark" not in manifest.secret:
        return "Where this was backed up, no secret was known."
    if knows(manifest.secret, settings.known_secret):
        return "This machine has its secret: sealed answers and known cards can be read."
    if secret is None:
        return (
            "This machine does NOT have its secret: sealed answers and known cards cannot be read "
            f"until {kept} is the one of the halls that were backed up."
        )
    if settings.given_secret:
        return f"HALLFLOW_SECRET is NOT its secret: set it to what `unzip -p {file} secret` shows, or leave it out."
    before = keep_secret(settings.data, secret)
    return f"Its secret is in {kept} now." + (f" The one before is kept as {before}." if before else "")
