"""Asked twice, done once: a request's key and its answer stand in the same transaction as the change it made.

A caller whose line broke does not know whether the hall heard. With the same key it may ask again: what has been done is not
done again, and the answer is the one that was lost.
"""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Protocol

from sqlalchemy import Connection

from hallflow.domain.refusals import Refused
from hallflow.storage import answers
from hallflow.storage.answers import Given


class Answered(Exception):
    """This has been asked and done before; here is the first answer."""

    def __init__(self, given: Given) -> None:
        super().__init__("answered before")
        self.given = given


class Turn(Protocol):
    """The change that a request makes."""

    connection: Connection
    now: Any


class Asked:
    """A request with a key: what it asks, and how the change it makes is answered."""

    def __init__(self, key: str, fingerprint: str, draw: Callable[[Any], tuple[dict[str, Any], int]]) -> None:
        self.key = key
        self.fingerprint = fingerprint
        self.drawn: dict[str, Any] | None = None
        self.status = 200
        self._draw = draw

    def answered_before(self, connection: Connection) -> None:
        """Stop here if this key has had its answer."""
        given = answers.find(connection, self.key)
        if given is None:
            return
        if given.fingerprint != self.fingerprint:
            raise Refused("key_reused", field="Idempotency-Key")
        raise Answered(given)

    def answer(self, change: Turn) -> None:
        """Draw the answer from the change and keep it with it."""
        self.drawn, self.status = self._draw(change)
        body = json.dumps(self.drawn, ensure_ascii=False, separators=(",", ":"))
        answers.keep(change.connection, self.key, Given(self.fingerprint, self.status, body), change.now)


_ASKED: ContextVar[Asked | None] = ContextVar("asked", default=None)


def present() -> Asked | None:
    """The request that is being answered, if it came with a key."""
    return _ASKED.get()


@contextmanager
def asking(asked: Asked) -> Iterator[Asked]:
    """Let the next change be this request's."""
    token = _ASKED.set(asked)
    try:
        yield asked
    finally:
        _ASKED.reset(token)
