"""The Idempotency-Key of a POST: with it, a retry after a lost answer is given the first answer and does nothing twice."""

import hashlib
from collections.abc import Callable
from typing import Any, TypeVar

from flask import Response, make_response, request

from hallflow.domain.refusals import Malformed
from hallflow.hall import Change, Hall
from hallflow.once import Answered, Asked, asking

HEADER = "Idempotency-Key"
LONGEST = 100
Answer = tuple[dict[str, Any], int]
R = TypeVar("R")


def once(hall: Hall, act: Callable[[], R], answer: Callable[[R], Answer], within: Callable[[Change], Answer]) -> Answer:
    """Act and answer. Where the request has a key, the answer is drawn `within` the change and kept with it."""
    key = request.headers.get(HEADER)
    if key is None:
        return answer(act())
    if not 1 <= len(key) <= LONGEST or not key.isprintable():
        raise Malformed("malformed", field=HEADER, what=HEADER)
    asked = Asked(f"{hall.key}:{key}", _fingerprint(), within)
    with asking(asked):
        result = act()
    # a request that changed nothing has nothing to repeat
    return answer(result) if asked.drawn is None else (asked.drawn, asked.status)


def answer_again(before: Answered) -> Response:
    """The first answer, once more."""
    response = make_response(before.given.body, before.given.status)
    response.mimetype = "application/json"
    response.headers["Idempotent-Replay"] = "true"
    return response


def _fingerprint() -> str:
    said = f"{request.method} {request.path}\n".encode() + request.get_data(cache=True)
    return hashlib.sha256(said).hexdigest()
