"""Asked twice, done once: a request's key stands in the same transaction as the change it made.

A caller whose line broke does not know whether the hall heard. With the same key it may ask again: what has been done is not
done again, and the answer tells of what was done the first time.
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
    """This has been asked and done before; here is what was done."""

    def __init__(self, done: Done) -> None:
        super().__init__("answered before")
        self.done = done


@dataclass(frozen=True, slots=True)
class Request:
    """A request that may come twice: its key, and a fingerprint of what it asks."""

    key: str
    fingerprint: str

    def done_before(self, connection: Connection) -> None:
        """Stop here if this has been done."""
        done = answers.find(connection, self.key)
        if done is None:
            return
        if done.fingerprint != self.fingerprint:
            raise Refused("key_reused", field="Idempotency-Key")
        raise Answered(done)

    def keep(self, connection: Connection, day: date, number: str | None, now: datetime) -> None:
        """Note what was done, in the transaction that did it."""
        answers.keep(connection, self.key, Done(self.fingerprint, day, number), now)


_ASKED: ContextVar[Request | None] = ContextVar("asked", default=None)


def present() -> Request | None:
    """The request that is being answered, if it came with a key."""
    return _ASKED.get()


@contextmanager
def asking(asked: Request) -> Iterator[Request]:
    """Let the next change be this request's."""
    token = _ASKED.set(asked)
    try:
        yield asked
    finally:
        _ASKED.reset(token)
