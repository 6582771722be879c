"""Leader election: one process runs the jobs, by a file lock with SQLite or a session's advisory lock on PostgreSQL."""

import fcntl
from pathlib import Path
from typing import IO

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError

_KEY = 4712


class Leadership:
    """The lock of the leader; it ends with the process."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._file: IO[str] | None = None
        self._connection: Connection | None = None

    def held(self) -> bool:
        """Whether this process is the leader; takes the lock if it is free."""
        return self._held_by_file() if self._engine.dialect.name == "sqlite" else self._held_by_database()

    def release(self) -> None:
        """Release the lock for another process."""
        if self._file:
            self._file.close()
            self._file = None
        if self._connection:
            self._connection.close()
            self._connection = None

    def _held_by_file(self) -> bool:
        if self._file:
            return True
        # by the file's real path, so that two processes that reach it by other paths still have one leader
        path = Path(str(self._engine.url.database)).resolve()
        opened = path.with_name(f"{path.name}.leader").open("w")
        try:
            fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            opened.close()
            return False
        self._file = opened
        return True

    def _held_by_database(self) -> bool:
        try:
            if self._connection is None:
                # its own connection, not one of the pool's: the lock lasts exactly as long as it
                self._connection = self._engine.connect().execution_options(isolation_level="AUTOCOMMIT")
                self._connection.detach()
                given = self._connection.execute(text("SELECT pg_try_advisory_lock(:key)"), {"key": _KEY}).scalar_one()
                if not given:
                    self.release()
                return bool(given)
            self._connection.execute(text("SELECT 1"))
        except DBAPIError:
            self.release()
            return False
        return True
