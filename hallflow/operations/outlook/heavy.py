"""Mutual exclusion of heavy computations: a process runs one at a time, so that they never occupy more than one thread."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from hallflow.domain.refusals import Refused

PATIENCE_SECONDS = 5.0
_turn = threading.Semaphore(1)


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """Wait for the process's other heavy computations; raises Refused after `PATIENCE_SECONDS`."""
    if not _turn.acquire(timeout=PATIENCE_SECONDS):
        raise Refused("sums_busy")
    try:
        yield
    finally:
        _turn.release()
