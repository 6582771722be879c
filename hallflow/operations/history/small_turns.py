"""Much work in small turns: whoever stands at the kiosk never waits for the past to be put away."""

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from typing import TypeVar

from sqlalchemy import Connection

from hallflow.clock import monotonic
from hallflow.storage.records.past import ROWS
from hallflow.storage.turns import Turns

LEAST_REST = 0.01
Row = TypeVar("Row")


def in_pieces(turns: Turns, whose: str, step: Callable[[Connection], int]) -> int:
    """Take a step in a turn of its own again and again until it finds nothing to do; how much was done.

    A step that is never reached is done the next time: each must leave things true.
    """
    done = 0
    while True:
        with _short(turns, whose) as connection:
            some = step(connection)
        if not some:
            return done
        done += some


def pour(turns: Turns, whose: str, rows: Iterable[Row], add: Callable[[Connection, list[Row]], int]) -> int:
    """Hand all rows to `add`, a few in each turn, made before it is taken; the sum of what that gives."""
    done, left = 0, iter(rows)
    while batch := list(islice(left, ROWS)):
        with _short(turns, whose) as connection:
            done += add(connection, batch)
    return done


@contextmanager
def _short(turns: Turns, whose: str) -> Iterator[Connection]:
    """A turn, and after it a rest as long as it took: the others get at least every second one."""
    began = monotonic()
    with turns.of(whose) as connection:
        yield connection
    time.sleep(max(monotonic() - began, LEAST_REST))
