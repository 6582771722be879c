"""Schema migration of a database to this program's version, and the check that it has that version."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine

from hallflow.storage.database.engine import begin_to_write

_FOLDER = Path(__file__).parent / "migrations"


class WrongVersion(Exception):
    """The database has another version than the program; the message says which and what to do."""


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(_FOLDER))
    return config


def latest() -> str:
    """The version that this program needs."""
    return str(ScriptDirectory.from_config(_config()).get_current_head())


def version(engine: Engine) -> str | None:
    """The version of a database; None while it is empty."""
    with engine.connect() as connection:
        return version_in(connection)


def upgrade(engine: Engine) -> None:
    """Migrate the database to the latest version, in one transaction where the database supports it."""
    with engine.connect() as connection:
        begin_to_write(connection)
        known = version_in(connection)
        if known is not None and known not in versions():
            raise WrongVersion(_newer(known))
        migrate(connection)
        connection.commit()


def migrate(connection: Connection, to: str = "head") -> None:
    """Migrate the tables to a version, within this connection's transaction."""
    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, to)


def versions() -> set[str]:
    """Every version that this program has a migration for."""
    return {script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions()}


def version_in(connection: Connection) -> str | None:
    """The version that this transaction sees."""
    return MigrationContext.configure(connection).get_current_revision()


def check_version(engine: Engine) -> None:
    """Raise WrongVersion for a database of another version."""
    known, wanted = version(engine), latest()
    if known == wanted:
        return
    if known is None:
        raise WrongVersion("the database is empty: run `hallflow upgrade` first")
    if known in versions():
        raise WrongVersion(f"the database is at version {known}, this program needs {wanted}: run `hallflow upgrade`")
    raise WrongVersion(_newer(known))


def _newer(known: str) -> str:
    return f"the database is at version {known}, newer than this program's {latest()}: update the program"
