"""Mutual exclusion of a hall's changes (turns), with group commit: changes that queue share one durable transaction."""

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
"""The most changes in one group commit; the first of them waits for the last."""


class Turns:
    """The right to change a hall: one writer at a time on SQLite, one for each hall on PostgreSQL.

    A thread that ends its turn while others queue passes the open transaction on instead of committing it, and waits for the last
    one's commit: they share the cost of durability, and none reports a change before it is durable.
    """

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._in_file = engine.dialect.name == "sqlite"
        self._lines: dict[str, _Line] = {}
        self._checkpoints = Checkpoints(engine) if self._in_file else None

    @contextmanager
    def of(self, hall: str) -> Iterator[Connection]:
        """A transaction isolated from all other changes of this hall; the block's writes are durable when it has ended."""
        with self.turn(hall) as turn:
            turn.settle()
            yield turn.connection

    def turn(self, hall: str) -> AbstractContextManager["Turn"]:
        """The same for a change that appends to a hall's log."""
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
    """One change within a transaction, with the heads of the logs as it reads and advances them.

    The head that one turn leaves is the next one's in the same transaction; it is written once, at the end of all.
    """

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self._at_once = connection.dialect.name == "postgresql"
        self._moved: dict[str, tuple[Head, Head]] = {}
        self._saved = False

    def head(self, hall: str) -> Head | None:
        """The end of this hall's log; None before its first day."""
        moved = self._moved.get(hall)
        return moved[1] if moved else ledger.head(self.connection, hall)

    def move_head(self, hall: str, before: Head, after: Head) -> None:
        """Advance the log's head from the one this turn read."""
        first, _ = self._moved.get(hall, (before, before))
        self._moved[hall] = (first, after)

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Execute the block's writes; on PostgreSQL gathered and sent together at its end."""
        if not self._at_once:
            yield
            return
        with gathering(self.connection) as gathered:
            yield
        for said, values in as_few(gathered):
            say(self.connection, said, values).close()

    def settle(self) -> None:
        """Write the heads into the tables, before they are read there or the transaction ends."""
        for hall, (before, after) in self._moved.items():
            ledger.move_head(self.connection, hall, before, after)
        self._moved = {}

    @contextmanager
    def step(self, *, first: bool) -> Iterator["Turn"]:
        """One change in a savepoint, so that its failure does not undo the changes before it."""
        if first:
            yield self
            return
        # not begin_nested, which takes as long as the whole change
        say(self.connection, "RELEASE SAVEPOINT step; SAVEPOINT step" if self._saved else "SAVEPOINT step")
        # on PostgreSQL the next step releases the savepoint, in the same round trip
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
    """The queue of one process's threads for the same turn."""

    def __init__(self, begin: Callable[[], "_Together"]) -> None:
        self._begin = begin
        # SQLite's own busy wait is unfair: with one lock a process, the 99th percentile falls from a second to 40 ms
        self._lock = threading.Lock()
        self._counting = threading.Lock()
        self._waiting = 0
        self._together: _Together | None = None

    @contextmanager
    def turn(self) -> Iterator[Turn]:
        """Hold the turn for the block, and return when its writes are durable."""
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
        # a refused change waits too: the reason of its refusal may be a change that is not yet durable
        together.outcome()
        if failed is not None:
            raise failed


class _Together:
    """A group commit: the changes of one transaction, committed or rolled back together."""

    def __init__(self, turn: Turn, checkpoints: Checkpoints | None) -> None:
        self.changes = 0
        self._checkpoints = checkpoints
        self._connection = turn.connection
        self._turn = turn
        self._over = threading.Event()
        self._fault: BaseException | None = None

    @contextmanager
    def step(self) -> Iterator[Turn]:
        """One change of the group."""
        with self._turn.step(first=not self.changes) as turn:
            yield turn
        self.changes += 1

    def spoilt_by(self, fault: Exception) -> bool:
        """Whether a step's failure leaves nothing to commit, or a transaction that cannot be trusted."""
        return not self.changes or _of_the_database(fault)

    def keep(self) -> None:
        """Commit the group."""
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
        """Roll the group back; a connection that has failed itself is not used again."""
        self._fault = fault
        try:
            if not isinstance(fault, Exception) or _of_the_database(fault):
                self._connection.invalidate()
            self._connection.close()
        finally:
            self._over.set()

    def outcome(self) -> None:
        """Wait until the group is durable; raises the error that prevented it."""
        self._over.wait()
        if self._fault is not None:
            raise self._fault


def _of_the_database(fault: BaseException) -> bool:
    """Whether the database itself failed; a violated constraint is the change's own error."""
    return isinstance(fault, DBAPIError) and not isinstance(fault, IntegrityError)


_PG_TURN = "SELECT pg_advisory_xact_lock(hashtextextended(%(hall)s, 4711))"
