"""Opening the database so that no acknowledged commit is ever lost and no two changes of a hall ever cross."""

import sqlite3
import sys
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, PoolProxiedConnection, create_engine, event, make_url, text
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError

from hallflow.storage.database.checkpoints import PAGES_AT_MOST

LINE = {
    "connect_timeout": "5",
    "keepalives_idle": "10",
    "keepalives_interval": "5",
    "keepalives_count": "3",
    "tcp_user_timeout": "15000",
}
"""How long a PostgreSQL is waited for that does not answer: nobody at a kiosk stands there for longer."""


class Unreachable(Exception):
    """The database cannot be used; the sentence says which and why."""


PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "busy_timeout=10000",
    "foreign_keys=ON",
    f"wal_autocheckpoint={PAGES_AT_MOST}",
)


def open_engine(url: str) -> Engine:
    """An engine for this database, tried once so that a wrong address is named at the start."""
    try:
        address = make_url(url)
        if address.get_backend_name() == "sqlite":
            if address.database:
                Path(address.database).parent.mkdir(parents=True, exist_ok=True)
            engine = create_engine(
                address,
                pool_size=16,
                max_overflow=64,
                # the connection used last has a cache that is still true, where another would read everything anew
                pool_use_lifo=True,
                connect_args={"timeout": 10},
            )
            _prepare_sqlite(engine)
        elif address.get_backend_name() == "postgresql":
            address = address.set(drivername="postgresql+psycopg").update_query_dict({**LINE, **address.query})
            # the connection used last has the statements prepared that are asked over and over
            engine = create_engine(address, pool_size=16, max_overflow=64, pool_use_lifo=True)
            _prepare_postgresql(engine)
        else:
            raise Unreachable(
                f"{address.get_backend_name()} is not a database Hallflow knows: use sqlite or postgresql"
            )
        with engine.connect() as connection:
            connection.execute(text("SELECT 1"))
    except (ArgumentError, NoSuchModuleError, ImportError) as fault:
        raise Unreachable(f"HALLFLOW_DATABASE_URL cannot be understood: {fault}") from fault
    except (DBAPIError, OSError) as fault:
        shown = make_url(url).render_as_string(hide_password=True)
        raise Unreachable(f"the database {shown} cannot be reached: {getattr(fault, 'orig', fault)}") from fault
    return engine


def _prepare_postgresql(engine: Engine) -> None:
    """A server set to answer before it has written would lose acknowledged tickets when it is killed."""

    @event.listens_for(engine, "connect")
    def connected(connection: Any, _record: Any) -> None:
        if connection.execute("SHOW synchronous_commit").fetchone() == ("off",):
            connection.execute("SET synchronous_commit TO on")
        connection.commit()


def _prepare_sqlite(engine: Engine) -> None:
    """The recipe measured against power cuts and crossing writers: WAL, FULL, and our own BEGIN."""

    @event.listens_for(engine, "connect")
    def connected(connection: sqlite3.Connection, _record: Any) -> None:
        # None: the driver must not begin by itself, or BEGIN IMMEDIATE below comes too late
        connection.isolation_level = None
        for pragma in PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")
        if sys.platform == "darwin":
            connection.execute("PRAGMA fullfsync=ON")

    # told to the dialect and not to a listener: with one listener of an engine's own, every statement costs half as much again
    engine.dialect.do_begin = _begin_sqlite  # type: ignore[method-assign]


def _begin_sqlite(dbapi_connection: PoolProxiedConnection) -> None:
    """Hold the database still for all that one reader asks; be its only writer where this is the writer's connection."""
    dbapi_connection.cursor().execute("BEGIN IMMEDIATE" if _WRITES in dbapi_connection.info else "BEGIN")


_WRITES = "hallflow.writes"


def begin_to_write(connection: Connection) -> None:
    """Begin a transaction; on SQLite as the only writer of the database until it ends."""
    info = connection.connection.info
    info[_WRITES] = True
    try:
        connection.begin()
    finally:
        del info[_WRITES]
