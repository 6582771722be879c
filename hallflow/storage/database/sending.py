"""Several writes as one statement, for PostgreSQL: each question put to it by itself costs the way there and back.

That is not the way's own time alone. Whoever waits for an answer gives up the interpreter, and gets it back behind all the others
who are at work in this process, while everybody in the hall's line waits. So what a change of a hall writes is gathered, and
written by one statement, `WITH a AS (INSERT ...), b AS (UPDATE ...) INSERT ...`: all of it, or nothing of it.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache
from itertools import chain, islice
from typing import Any

from sqlalchemy import Connection

Said = tuple[str, Mapping[str, Any]]
"""A statement in the driver's words, and its values by their names."""
AT_ONCE = 8
"""So many at most as one: a statement of every length is another one to prepare."""
_GATHERED = "hallflow.gathered"


@contextmanager
def gathering(connection: Connection) -> Iterator[list[Said]]:
    """Only gather what the block writes. No two of these writes may be of the same row, nor may one need to see another."""
    gathered: list[Said] = []
    info = connection.connection.info
    info[_GATHERED] = gathered
    try:
        yield gathered
    finally:
        # a connection that has gone has forgotten it already
        info.pop(_GATHERED, None)


def gathered_by(connection: Connection) -> list[Said] | None:
    """Where to put a write that can wait; None where it cannot."""
    found: list[Said] | None = connection.connection.info.get(_GATHERED)
    return found


def as_few(gathered: Sequence[Said]) -> Iterator[Said]:
    """The same as few statements."""
    left = iter(gathered)
    while some := list(islice(left, AT_ONCE)):
        words = _as_one(tuple(said for said, _ in some))
        named = (((f"w{n}_{name}", value) for name, value in values.items()) for n, (_, values) in enumerate(some))
        yield words, dict(chain.from_iterable(named))


@lru_cache(maxsize=256)
def _as_one(said: tuple[str, ...]) -> str:
    *first, last = (words.replace("%(", f"%(w{n}_") for n, words in enumerate(said))
    within = ", ".join(f"w{n} AS ({words})" for n, words in enumerate(first))
    return f"WITH {within} {last}" if within else last
