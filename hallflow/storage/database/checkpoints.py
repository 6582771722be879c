"""SQLite's checkpoints, beside the hall's work: what its log of writes holds is carried over into the database itself.

Left alone, SQLite does it in the commit that fills the log's thousandth page, and everybody in line waits for a tenth of a second.
Here a thread carries over nearly all of it while the hall goes on; the few pages written meanwhile are carried over between two
turns, because the log only begins anew at a moment when nothing is left in it.
"""

import threading

import structlog
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

log = structlog.get_logger()
COMMITS = 200
"""So many commits write about a thousand pages."""
PAGES_AT_MOST = 20_000
"""Past this (80 MB) SQLite does it by itself, so that the log cannot grow for ever."""


class Checkpoints:
    """Counts commits, and now and then has carried over what they have left in the log."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._commits = 0
        self._thread: threading.Thread | None = None

    def count(self) -> None:
        """One more commit; called by whoever has the turn, with no transaction open."""
        self._commits += 1
        if self._thread is None:
            if self._commits >= COMMITS:
                self._thread = threading.Thread(target=self.carry_over, name="checkpoint", daemon=True)
                self._thread.start()
        elif not self._thread.is_alive():
            self._thread, self._commits = None, 0
            self.carry_over()

    def carry_over(self) -> None:
        """Carry over as much as no reader still needs; holds up neither readers nor a writer."""
        try:
            connection = self._engine.raw_connection()
            try:
                connection.cursor().execute("PRAGMA wal_checkpoint(PASSIVE)")
            finally:
                connection.close()
        except (DBAPIError, self._engine.dialect.loaded_dbapi.Error) as fault:
            # such as a full disk: nothing is lost, the log keeps it until the next time
            log.warning("checkpoint_failed", fault=str(fault))
