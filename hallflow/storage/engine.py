"""Opening the database so that no acknowledged commit is ever lost and no two changes of a hall ever cross."""

import sqlite3
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, PoolProxiedConnection, create_engine, event, make_url, text
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError

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


def open_engine(url: str) -> Engine:
    """An engine for this database, tried once so that a wrong address is named at the start."""
    try:
        address = make_url(url)
        if address.get_backend_name() == "sqlite":
            if address.database:
                Path(address.database).parent.mkdir(parents=True, exist_ok=True)
            engine = create_engine(address, pool_size=16, max_overflow=64, connect_args={"timeout": 10})
            _prepare_sqlite(engine)
        elif address.get_backend_name() == "postgresql":
            address = address.set(drivername="postgresql+psycopg").update_query_dict({**LINE, **address.query})
            engine = create_engine(address, pool_size=16, max_overflow=64)
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


def _prepare_sqlite(engine: Engine) -> None:
    """The recipe measured against power cuts and crossing writers: WAL, FULL, and our own BEGIN."""

    @event.listens_for(engine, "connect")
    def connected(connection: sqlite3.Connection, _record: Any) -> None:
        # None: the driver must not begin by itself, or BEGIN IMMEDIATE below comes too late
        connection.isolation_level = None
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=10000", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {pragma}")
        if sys.platform == "darwin":
            connection.execute("PRAGMA fullfsync=ON")

    # told to the dialect and not to a listener: with one listener of an engine's own, every statement costs half as much again
    engine.dialect.do_begin = _begin_sqlite  # type: ignore[method-assign]


def _begin_sqlite(dbapi_connection: PoolProxiedConnection) -> None:
    """Hold the database still for all that one reader asks; be its only writer where this is the writer's connection."""
    dbapi_connection.cursor().execute("BEGIN IMMEDIATE" if _WRITES in dbapi_connection.info else "BEGIN")


_WRITES = "hallflow.writes"


class Turns:
    """Whose turn it is to change something: one writer at a time on SQLite, one per hall on PostgreSQL."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._sqlite = engine.dialect.name == "sqlite"
        # SQLite's own busy wait is unfair: with one lock per process p99 falls from a second to 40 ms
        self._lock = threading.Lock()
        # one connection for all turns: its cache stays true from one to the next, where a pool's would be read anew
        self._writer: Connection | None = None

    @contextmanager
    def of(self, hall: str) -> Iterator[Connection]:
        """A transaction that nobody else's change of this hall can cross; commits when the block ends well."""
        if self._sqlite:
            with self._lock:
                writer = self._writing()
                with writer.begin():
                    yield writer
        else:
            # a crowd that waits for one hall waits here, and leaves the connections to the others
            with self._hall_locks.setdefault(hall, threading.Lock()), self.engine.begin() as connection:
                connection.execute(_PG_TURN, {"hall": hall})
                yield connection

    def _writing(self) -> Connection:
        if self._writer is None or self._writer.closed:
            self._writer = self.engine.connect()
        self._writer.connection.info[_WRITES] = True
        return self._writer


def begin_to_write(connection: Connection) -> None:
    """Make this transaction, which has done nothing yet, the only writer of its database until it ends."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("ROLLBACK")
        connection.exec_driver_sql("BEGIN IMMEDIATE")


_PG_TURN = text("SELECT pg_advisory_xact_lock(hashtextextended(:hall, 4711))")
