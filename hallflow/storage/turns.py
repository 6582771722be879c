"""Whose turn it is to change a hall, and which changes become durable together."""

import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import partial

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError, IntegrityError

from hallflow.storage.database.checkpoints import Checkpoints
from hallflow.storage.database.engine import begin_to_write
from hallflow.storage.database.prepared import say
from hallflow.storage.database.sending import as_few, gathering
from hallflow.storage.log import ledger
from hallflow.storage.log.ledger import Head

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
        self._checkpoints = Checkpoints(engine) if self._in_file else None

    @contextmanager
    def of(self, hall: str) -> Iterator[Connection]:
        """A transaction that nobody else's change of this hall can cross; what the block did is durable when it has ended."""
        with self.turn(hall) as turn:
            turn.settle()
            yield turn.connection

    def turn(self, hall: str) -> AbstractContextManager["Turn"]:
        """The same, for a change that moves the head of a hall's log."""
        line = self._lines.get("" if self._in_file else hall)
        if line is None:
            line = self._lines.setdefault("" if self._in_file else hall, _Line(partial(self._begin, hall)))
        return line.turn()

    def _begin(self, hall: str) -> "_Together":
        connection = self.engine.connect()
        try:
            begin_to_write(connection)
            if not self._in_file:
                say(connection, _PG_TURN, {"hall": hall}).close()
        except BaseException:
            connection.close()
            raise
        return _Together(Turn(connection), self._checkpoints)


class Turn:
    """One change's place in a transaction: where it finds each hall's log, and where it leaves it.

    The head that a turn leaves is the next one's in the same transaction; it is written once, for all of them, at the end.
    """

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self._at_once = connection.dialect.name == "postgresql"
        self._moved: dict[str, tuple[Head, Head]] = {}
        self._saved = False

    def head(self, hall: str) -> Head | None:
        """Where this hall's log stands; None before its first day."""
        moved = self._moved.get(hall)
        return moved[1] if moved else ledger.head(self.connection, hall)

    def move_head(self, hall: str, before: Head, after: Head) -> None:
        """Set the log's head forward, from where this turn found it."""
        first, _ = self._moved.get(hall, (before, before))
        self._moved[hall] = (first, after)

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Write what the block writes: at its end and at once, where the database is at the other end of a line."""
        if not self._at_once:
            yield
            return
        with gathering(self.connection) as gathered:
            yield
        for said, values in as_few(gathered):
            say(self.connection, said, values).close()

    def settle(self) -> None:
        """Write the heads, for whoever reads them in the tables, or because this is the end."""
        for hall, (before, after) in self._moved.items():
            ledger.move_head(self.connection, hall, before, after)
        self._moved = {}

    @contextmanager
    def step(self, *, first: bool) -> Iterator["Turn"]:
        """One change; what goes wrong in it does not undo what others have done before it."""
        if first:
            yield self
            return
        # not begin_nested: it takes as long as all that is done within it
        say(self.connection, "RELEASE SAVEPOINT step; SAVEPOINT step" if self._saved else "SAVEPOINT step")
        # to PostgreSQL it is let go of by the next step, on the same way there and back
        self._saved = self._at_once
        moved = dict(self._moved)
        try:
            yield self
        except Exception:
            self._moved = moved
            if not self.connection.invalidated:
                say(self.connection, "ROLLBACK TO SAVEPOINT step")
            raise
        if not self._at_once:
            say(self.connection, "RELEASE SAVEPOINT step")


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
    def turn(self) -> Iterator[Turn]:
        """Be the one whose turn it is, until the block has ended and what it did is durable."""
        failed: Exception | None = None
        with self._counting:
            self._waiting += 1
        with self._lock:
            with self._counting:
                self._waiting -= 1
            together = self._together = self._together or self._begin()
            try:
                with together.step() as turn:
                    yield turn
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

    def __init__(self, turn: Turn, checkpoints: Checkpoints | None) -> None:
        self.changes = 0
        self._checkpoints = checkpoints
        self._connection = turn.connection
        self._turn = turn
        self._over = threading.Event()
        self._fault: BaseException | None = None

    @contextmanager
    def step(self) -> Iterator[Turn]:
        """One change among them."""
        with self._turn.step(first=not self.changes) as turn:
            yield turn
        self.changes += 1

    def spoilt_by(self, fault: Exception) -> bool:
        """Whether a step that failed like this leaves nothing to keep, or no transaction that could be trusted."""
        return not self.changes or _of_the_database(fault)

    def keep(self) -> None:
        """Make all of it durable."""
        try:
            self._turn.settle()
            self._connection.commit()
        except BaseException as fault:
            self.drop(fault)
            raise
        self._connection.close()
        self._over.set()
        if self._checkpoints:
            self._checkpoints.count()

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


_PG_TURN = "SELECT pg_advisory_xact_lock(hashtextextended(%(hall)s, 4711))"
