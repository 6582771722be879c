"""What was done for each request that came with a key, so that a retry after a lost answer does nothing twice."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, bindparam, delete, insert, select

from hallflow.storage.database.prepared import Prepared
from hallflow.storage.tables import answered

_FIND = select(answered).where(answered.c.key == bindparam("key"))
_KEEP = Prepared(lambda _: insert(answered))


@dataclass(frozen=True, slots=True)
class Done:
    """What a request did."""

    fingerprint: str
    """What was asked: the same key for something else is a mistake."""
    day: date
    number: str | None
    """The ticket it moved last, if any."""


def find(connection: Connection, key: str) -> Done | None:
    """What was done for this key."""
    row = connection.execute(_FIND, {"key": key}).one_or_none()
    return Done(row.fingerprint, row.day, row.number) if row else None


def keep(connection: Connection, key: str, done: Done, at: datetime) -> None:
    """Note it, in the transaction of the change itself."""
    values = {"key": key, "fingerprint": done.fingerprint, "day": done.day, "number": done.number, "at": at}
    _KEEP.put(connection, values)


def forget(connection: Connection, before: datetime) -> int:
    """Delete what was noted before this moment; how many."""
    return connection.execute(delete(answered).where(answered.c.at < before)).rowcount
