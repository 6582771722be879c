"""Stored idempotency keys: what each keyed request did, so that a retry after a lost answer does nothing twice."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, bindparam, delete, insert, select

from hallflow.storage.database.prepared import Prepared
from hallflow.storage.tables import answered

_FIND = select(answered).where(answered.c.key == bindparam("key"))
_KEEP = Prepared(lambda _: insert(answered))


@dataclass(frozen=True, slots=True)
class Done:
    """The effect of a request."""

    fingerprint: str
    """The hash of the request: the same key with another request is an error."""
    day: date
    number: str | None
    """The ticket it moved last, if any."""


def find(connection: Connection, key: str) -> Done | None:
    """The effect of the request with this key, if it has been done."""
    row = connection.execute(_FIND, {"key": key}).one_or_none()
    return Done(row.fingerprint, row.day, row.number) if row else None


def keep(connection: Connection, key: str, done: Done, at: datetime) -> None:
    """Store the effect, in the transaction of the change itself."""
    values = {"key": key, "fingerprint": done.fingerprint, "day": done.day, "number": done.number, "at": at}
    _KEEP.put(connection, values)


def forget(connection: Connection, before: datetime) -> int:
    """Delete keys stored before this moment; gives how many."""
    return connection.execute(delete(answered).where(answered.c.at < before)).rowcount
