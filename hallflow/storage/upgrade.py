"""Bringing a database to this program's version, and saying so when it is another."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine

from hallflow.storage.database.engine import begin_to_write

_FOLDER = Path(__file__).parent / "migrations"


class WrongVersion(Exception):
    """The database is of another version than the program; the sentence says which and what to do."""


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(_FOLDER))
    return config


def latest() -> str:
    """The version this program works with."""
    return str(ScriptDirectory.from_config(_config()).get_current_head())


def version(engine: Engine) -> str | None:
    """The version a database is at; None while it is empty."""
    with engine.connect() as connection:
        return version_in(connection)


def upgrade(engine: Engine) -> None:
    """Bring the database to the latest version, in one transaction where the database can."""
    with engine.connect() as connection:
        begin_to_write(connection)
        found = version_in(connection)
        if found is not None and found not in versions():
            raise WrongVersion(_newer(found))
        migrate(connection)
        connection.commit()


def migrate(connection: Connection, to: str = "head") -> None:
    """Carry the tables to a version, within the transaction this connection is in."""
    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, to)


def versions() -> set[str]:
    """Every version this program knows of."""
    return {script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions()}


def version_in(connection: Connection) -> str | None:
    """The version as this transaction sees it."""
    return MigrationContext.configure(connection).get_current_revision()


def check_version(engine: Engine) -> None:
    """Refuse to work on a database of another version."""
    found, wanted = version(engine), latest()
    if found == wanted:
        return
    if found is None:
        raise WrongVersion("the database is empty: run `hallflow upgrade` first")
    if found in versions():
        raise WrongVersion(f"the database is at version {found}, this program needs {wanted}: run `hallflow upgrade`")
    raise WrongVersion(_newer(found))


def _newer(found: str) -> str:
    return f"the database is at version {found}, newer than this program's {latest()}: update the program"
