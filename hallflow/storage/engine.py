"""Opening the database so that no acknowledged commit is ever lost and no two changes of a hall ever cross."""

import sqlite3
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, PoolProxiedConnection, create_engine, event, make_url, text
from sqlalchemy.exc import ArgumentError, DBAPIError, IntegrityError, NoSuchModuleError

from hallflow.storage.prepared import say

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
            engine = create_engine(address, pool_size=16, max_overflow=64)
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
TOGETHER = 16
"""So many changes at most are committed as one; the first of them waits for the last."""


class Turns:
    """Whose turn it is to change something: one writer at a time on SQLite, one per hall on PostgreSQL.

    Who ends a turn while others stand in line hands the open transaction on instead of committing it, and waits until the last
    of them has: what is durable costs once for all of them, and nobody is told of a change before it is.
    """

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._in_file = engine.dialect.name == "sqlite"
        self._lines: dict[str, _Line] = {}

    def of(self, hall: str) -> AbstractContextManager[Connection]:
        """A transaction that nobody else's change of this hall can cross; what the block did is durable when it has ended."""
        line = self._lines.get("" if self._in_file else hall)
        if line is None:
            line = self._lines.setdefault("" if self._in_file else hall, _Line(partial(self._begin, hall)))
        return line.turn()

    def _begin(self, hall: str) -> "_Together":
        connection = self.engine.connect()
        try:
            begin_to_write(connection)
            if not self._in_file:
                connection.execute(_PG_TURN, {"hall": hall})
        except BaseException:
            connection.close()
            raise
        return _Together(connection)


class _Line:
    """Those of one process who want the same turn, one behind the other."""

    def __init__(self, begin: Callable[[], "_Together"]) -> None:
        self._begin = begin
        # SQLite's own busy wait is unfair: with one lock per process p99 falls from a second to 40 ms
        self._lock = threading.Lock()
        self._counting = threading.Lock()
        self._waiting = 0
        self._together: _Together | None = None

    @contextmanager
    def turn(self) -> Iterator[Connection]:
        """Be the one whose turn it is, until the block has ended and what it did is durable."""
        failed: Exception | None = None
        with self._counting:
            self._waiting += 1
        with self._lock:
            with self._counting:
                self._waiting -= 1
            together = self._together = self._together or self._begin()
            try:
                with together.step() as connection:
                    yield connection
            except BaseException as fault:
                if not isinstance(fault, Exception) or together.spoilt_by(fault):
                    self._together = None
                    together.drop(fault)
                    raise
                failed = fault
            if not self._waiting or together.changes >= TOGETHER:
                self._together = None
                together.keep()
        # whoever was refused waits too: what it was refused for may be a change that is not yet durable
        together.outcome()
        if failed is not None:
            raise failed


class _Together:
    """Changes in one transaction, which are kept or dropped as one."""

    def __init__(self, connection: Connection) -> None:
        self.changes = 0
        self._connection = connection
        self._over = threading.Event()
        self._fault: BaseException | None = None

    @contextmanager
    def step(self) -> Iterator[Connection]:
        """One change; what goes wrong in it does not undo what others have done before."""
        if not self.changes:
            yield self._connection
        else:
            # not begin_nested: it takes as long as all that is done within it
            say(self._connection, "SAVEPOINT step")
            try:
                yield self._connection
            except Exception:
                if not self._connection.invalidated:
                    say(self._connection, "ROLLBACK TO SAVEPOINT step")
                raise
            say(self._connection, "RELEASE SAVEPOINT step")
        self.changes += 1

    def spoilt_by(self, fault: Exception) -> bool:
        """Whether a step that failed like this leaves nothing to keep, or no transaction that could be trusted."""
        return not self.changes or _of_the_database(fault)

    def keep(self) -> None:
        """Make all of it durable."""
        try:
            self._connection.commit()
        except BaseException as fault:
            self.drop(fault)
            raise
        self._connection.close()
        self._over.set()

    def drop(self, fault: BaseException) -> None:
        """Let go of all of it; a connection on which more than a change failed is not used again."""
        self._fault = fault
        try:
            if not isinstance(fault, Exception) or _of_the_database(fault):
                self._connection.invalidate()
            self._connection.close()
        finally:
            self._over.set()

    def outcome(self) -> None:
        """Wait until it is durable; raises what kept it from being so."""
        self._over.wait()
        if self._fault is not None:
            raise self._fault


def _of_the_database(fault: BaseException) -> bool:
    """Whether the database itself failed; a row that may not be is the change's own mistake."""
    return isinstance(fault, DBAPIError) and not isinstance(fault, IntegrityError)


def begin_to_write(connection: Connection) -> None:
    """Begin a transaction; on SQLite as the only writer of the database until it ends."""
    info = connection.connection.info
    info[_WRITES] = True
    try:
        connection.begin()
    finally:
        del info[_WRITES]


_PG_TURN = text("SELECT pg_advisory_xact_lock(hashtextextended(:hall, 4711))")
