"""What has befallen a database, as far as a person can do something about it."""

import sqlite3

FULL = frozenset({"SQLITE_FULL", "53100"})
"""SQLite's name for a disk without room, and PostgreSQL's."""
FAILING = frozenset(
    {
        "SQLITE_IOERR_WRITE",
        "SQLITE_IOERR_FSYNC",
        "SQLITE_IOERR_TRUNCATE",
        "SQLITE_IOERR_SHMSIZE",
        "SQLITE_READONLY",
        "58030",
    }
)
"""A quota that is used up, a disk that has been taken away, one that can only be read."""


def why(fault: BaseException | None) -> str:
    """The code of the sentence that tells of a driver's fault."""
    if isinstance(fault, sqlite3.Error):
        name = getattr(fault, "sqlite_errorname", "")
    else:
        name = getattr(fault, "sqlstate", None) or ""
        # no state at all: no server was there to give one; 08 and 57P: it has gone, or is only just coming
        if not name or name.startswith(("08", "57P")):
            return "records_unreachable"
    if name in FULL:
        return "out_of_disk"
    return "disk_failing" if name in FAILING else "busy_try_again"
