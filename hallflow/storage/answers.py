"""The answers already given, by the key their request came with: a retry after a lost answer is given the first one."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, insert, select

from hallflow.storage.tables import answered

_FIND = select(answered).where(answered.c.key == bindparam("key"))
_KEEP = insert(answered)


@dataclass(frozen=True, slots=True)
class Given:
    """An answer as it was first given."""

    fingerprint: str
    """What was asked: the same key for something else is a mistake."""
    status: int
    body: str


def find(connection: Connection, key: str) -> Given | None:
    """The answer this key has had."""
    row = connection.execute(_FIND, {"key": key}).one_or_none()
    return Given(row.fingerprint, row.status, row.body) if row else None


def keep(connection: Connection, key: str, given: Given, at: datetime) -> None:
    """Keep an answer, in the transaction of the change that it tells of."""
    values = {"key": key, "fingerprint": given.fingerprint, "status": given.status, "body": given.body, "at": at}
    connection.execute(_KEEP, values)


def forget(connection: Connection, before: datetime) -> int:
    """Delete answers given before this moment; how many."""
    return connection.execute(delete(answered).where(answered.c.at < before)).rowcount
