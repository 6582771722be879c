"""Idempotency keys: a request's key is stored in the same transaction as its change, so a retry does nothing twice.

A caller that loses its connection does not know whether the request was executed. It may repeat it with the same key: what has been
done is not done again, and the answer is that of the first time.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection

from hallflow.domain.refusals import Refused
from hallflow.storage.records import answers
from hallflow.storage.records.answers import Done


class Answered(Exception):
    """The request has been executed before; `done` is its effect."""

    def __init__(self, done: Done) -> None:
        super().__init__("answered before")
        self.done = done


@dataclass(frozen=True, slots=True)
class Request:
    """A request that may be repeated: its key, and a hash of its contents."""

    key: str
    fingerprint: str

    def done_before(self, connection: Connection) -> None:
        """Raise Answered if this request has been executed."""
        done = answers.find(connection, self.key)
        if done is None:
            return
        if done.fingerprint != self.fingerprint:
            raise Refused("key_reused", field="Idempotency-Key")
        raise Answered(done)

    def keep(self, connection: Connection, day: date, number: str | None, now: datetime) -> None:
        """Store the effect in the transaction of the change."""
        answers.keep(connection, self.key, Done(self.fingerprint, day, number), now)


_ASKED: ContextVar[Request | None] = ContextVar("asked", default=None)


def present() -> Request | None:
    """The current request, if it has a key."""
    return _ASKED.get()


@contextmanager
def asking(asked: Request) -> Iterator[Request]:
    """Attach this request to the next change."""
    token = _ASKED.set(asked)
    try:
        yield asked
    finally:
        _ASKED.reset(token)
