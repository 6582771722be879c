"""The Idempotency-Key of a POST: with it, a retry after a lost response changes nothing twice and gets the first response.

The key is written to the database in the transaction of the change. The response itself is only in a bounded cache of this
process: where it is no longer there, the retry is answered from the present state of the hall.
"""

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import Any, TypeVar

from flask import after_this_request, request

from hallflow.domain.refusals import Malformed
from hallflow.hall import Hall
from hallflow.once import Answered, Request, asking
from hallflow.storage.records.answers import Done

HEADER = "Idempotency-Key"
LONGEST = 100
REMEMBERED = 2000
Answer = tuple[dict[str, Any], int]
R = TypeVar("R")


class Remembered:
    """A bounded cache of this process's responses, by key."""

    def __init__(self) -> None:
        self._answers: OrderedDict[str, Answer] = OrderedDict()
        self._guard = threading.Lock()

    def keep(self, key: str, answer: Answer) -> None:
        """Store a response, and drop the oldest when there are too many."""
        with self._guard:
            self._answers[key] = answer
            while len(self._answers) > REMEMBERED:
                self._answers.popitem(last=False)

    def find(self, key: str) -> Answer | None:
        """The response of this key, or None where it is not cached."""
        with self._guard:
            return self._answers.get(key)


_remembered = Remembered()


def once(hall: Hall, act: Callable[[], R], answer: Callable[[R], Answer], again: Callable[[Done], Answer]) -> Answer:
    """Act and answer; `again` answers a retry whose first response is no longer cached."""
    given = given_key()
    if given is None:
        return answer(act())
    key = f"{hall.key}:{given}"
    try:
        with asking(Request(key, _fingerprint())):
            result = act()
    except Answered as before:
        after_this_request(_mark)
        # another process may have made the change
        hall.catch_up()
        return _remembered.find(key) or again(before.done)
    said = answer(result)
    _remembered.keep(key, said)
    return said


def given_key() -> str | None:
    """This request's idempotency key, if it has one."""
    given = request.headers.get(HEADER)
    if given is not None and (not 1 <= len(given) <= LONGEST or not given.isprintable()):
        raise Malformed("malformed", field=HEADER, what=HEADER)
    return given


def _mark(response: Any) -> Any:
    response.headers["Idempotent-Replay"] = "true"
    return response


def _fingerprint() -> str:
    said = f"{request.method} {request.path}\n".encode() + request.get_data(cache=True)
    return hashlib.sha256(said).hexdigest()
