"""Classification of database errors into the few that a person can remedy."""

import sqlite3

FULL = frozenset({"SQLITE_FULL", "53100"})
"""The codes of SQLite and PostgreSQL for a full disk."""
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
"""The codes for an exhausted quota, a removed disk, a read-only disk."""


def why(fault: BaseException | None) -> str:
    """The code of the sentence that explains a driver's error."""
    if isinstance(fault, sqlite3.Error):
        name = getattr(fault, "sqlite_errorname", "")
    else:
        name = getattr(fault, "sqlstate", None) or ""
        # no code at all: no server answered; 08 and 57P: the connection is lost, or the server starts or stops
        if not name or name.startswith(("08", "57P")):
            return "records_unreachable"
    if name in FULL:
        return "out_of_disk"
    return "disk_failing" if name in FAILING else "busy_try_again"
