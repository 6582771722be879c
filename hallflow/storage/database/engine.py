"""The database connections, configured for durability (no acknowledged commit is lost) and isolation (no two changes overlap)."""

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
"""The time-outs of a PostgreSQL that does not answer: nobody waits longer at a kiosk."""


class Unreachable(Exception):
    """The database cannot be reached; the message says which and why."""


PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "busy_timeout=10000",
    "foreign_keys=ON",
    f"wal_autocheckpoint={PAGES_AT_MOST}",
)


def open_engine(url: str) -> Engine:
    """An engine for this database, with one trial connection, so that a wrong address fails at the start."""
    try:
        address = make_url(url)
        if address.get_backend_name() == "sqlite":
            if address.database:
                Path(address.database).parent.mkdir(parents=True, exist_ok=True)
            engine = create_engine(
                address,
                pool_size=16,
                max_overflow=64,
                # the connection used last has a valid page cache, while another would read all pages again
                pool_use_lifo=True,
                connect_args={"timeout": 10},
            )
            _prepare_sqlite(engine)
        elif address.get_backend_name() == "postgresql":
            address = address.set(drivername="postgresql+psycopg").update_query_dict({**LINE, **address.query})
            # the connection used last has the frequent statements prepared
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
    """Require synchronous commits: a server that answers before it has written would lose acknowledged tickets in a crash."""

    @event.listens_for(engine, "connect")
    def connected(connection: Any, _record: Any) -> None:
        if connection.execute("SHOW synchronous_commit").fetchone() == ("off",):
            connection.execute("SET synchronous_commit TO on")
        connection.commit()


def _prepare_sqlite(engine: Engine) -> None:
    """Set the mode that was tested against power cuts and concurrent writers: WAL, synchronous FULL, explicit BEGIN."""

    @event.listens_for(engine, "connect")
    def connected(connection: sqlite3.Connection, _record: Any) -> None:
        # None: the driver must not begin transactions itself, or BEGIN IMMEDIATE below would come too late
        connection.isolation_level = None
        for pragma in PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")
        if sys.platform == "darwin":
            connection.execute("PRAGMA fullfsync=ON")

    # set on the dialect, because an event listener on the engine makes every statement half as slow again
    engine.dialect.do_begin = _begin_sqlite  # type: ignore[method-assign]


def _begin_sqlite(dbapi_connection: PoolProxiedConnection) -> None:
    """Begin a transaction: a snapshot for a reader, the exclusive right to write for the writer's connection."""
    dbapi_connection.cursor().execute("BEGIN IMMEDIATE" if _WRITES in dbapi_connection.info else "BEGIN")


_WRITES = "hallflow.writes"


def begin_to_write(connection: Connection) -> None:
    """Begin a write transaction; on SQLite its connection is the only writer until it ends."""
    info = connection.connection.info
    info[_WRITES] = True
    try:
        connection.begin()
    finally:
        del info[_WRITES]
