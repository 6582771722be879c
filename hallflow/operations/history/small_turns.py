"""Batch work in bounded transactions, with pauses between them, so that the live hall never waits for it."""

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
    """Repeat a step, each time in a turn of its own, until it finds nothing to do; gives how much was done.

    An interrupted batch goes on the next time, so each step must leave the tables consistent.
    """
    done = 0
    while True:
        with _short(turns, whose) as connection:
            some = step(connection)
        if not some:
            return done
        done += some


def pour(turns: Turns, whose: str, rows: Iterable[Row], add: Callable[[Connection, list[Row]], int]) -> int:
    """Pass all rows to `add`, a few in each turn and read before the turn is taken; gives the sum of its results."""
    done, left = 0, iter(rows)
    while batch := list(islice(left, ROWS)):
        with _short(turns, whose) as connection:
            done += add(connection, batch)
    return done


@contextmanager
def _short(turns: Turns, whose: str) -> Iterator[Connection]:
    """A turn, and after it a pause of the same length, so that others get at least half of the time."""
    began = monotonic()
    with turns.of(whose) as connection:
        yield connection
    time.sleep(max(monotonic() - began, LEAST_REST))
