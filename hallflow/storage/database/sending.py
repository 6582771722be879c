"""Statement batching for PostgreSQL: several writes sent as one statement, because each statement costs a round trip.

The cost is more than the network's. A thread that waits for an answer releases the interpreter, and gets it back only after the
other busy threads of this process, while the whole queue for the hall's turn waits. So the writes of a change are gathered and
sent as one statement, `WITH a AS (INSERT ...), b AS (UPDATE ...) INSERT ...`, which succeeds or fails as a whole.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache
from itertools import chain, islice
from typing import Any

from sqlalchemy import Connection

Said = tuple[str, Mapping[str, Any]]
"""A statement in the driver's SQL, and its values by name."""
AT_ONCE = 8
"""The most writes in one statement: each number of writes makes another statement to prepare."""
_GATHERED = "hallflow.gathered"


@contextmanager
def gathering(connection: Connection) -> Iterator[list[Said]]:
    """Gather the writes of the block instead of sending them; no two may concern one row, and none may depend on another."""
    gathered: list[Said] = []
    info = connection.connection.info
    info[_GATHERED] = gathered
    try:
        yield gathered
    finally:
        # a lost connection has no such entry any more
        info.pop(_GATHERED, None)


def gathered_by(connection: Connection) -> list[Said] | None:
    """The list that gathers this connection's writes; None outside `gathering`."""
    gathered: list[Said] | None = connection.connection.info.get(_GATHERED)
    return gathered


def as_few(gathered: Sequence[Said]) -> Iterator[Said]:
    """The same writes in as few statements as possible."""
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
