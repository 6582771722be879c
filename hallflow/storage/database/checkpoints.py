"""SQLite checkpoints in the background: the write-ahead log is transferred into the database file while the hall works.

By default SQLite does it in the commit that fills the log's thousandth page, and all waiting changes take a tenth of a second longer.
Here a thread transfers nearly all pages meanwhile; the few pages written in that time are transferred between two turns, because the
log restarts only at a moment when nothing is left in it.
"""

import threading

import structlog
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

log = structlog.get_logger()
COMMITS = 200
"""The commits between two checkpoints, which write about a thousand pages."""
PAGES_AT_MOST = 20_000
"""From this size on (80 MB) SQLite makes the checkpoint itself, which bounds the log."""


class Checkpoints:
    """Counts commits and starts a checkpoint after every `COMMITS` of them."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._commits = 0
        self._thread: threading.Thread | None = None

    def count(self) -> None:
        """Count a commit; called by the thread that has the turn, with no transaction open."""
        self._commits += 1
        if self._thread is None:
            if self._commits >= COMMITS:
                self._thread = threading.Thread(target=self.carry_over, name="checkpoint", daemon=True)
                self._thread.start()
        elif not self._thread.is_alive():
            self._thread, self._commits = None, 0
            self.carry_over()

    def carry_over(self) -> None:
        """Transfer the pages that no reader still needs, without blocking readers or the writer."""
        try:
            connection = self._engine.raw_connection()
            try:
                connection.cursor().execute("PRAGMA wal_checkpoint(PASSIVE)")
            finally:
                connection.close()
        except (DBAPIError, self._engine.dialect.loaded_dbapi.Error) as fault:
            # such as a full disk: nothing is lost, because the pages stay in the log until the next time
            log.warning("checkpoint_failed", fault=str(fault))
