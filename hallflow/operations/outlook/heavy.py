"""Heavy sums of a process stand in line, so that they never take more than one of its threads."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from hallflow.domain.refusals import Refused

PATIENCE_SECONDS = 5.0
_turn = threading.Semaphore(1)


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """Heavy sums of this process stand in line; refuses when the line does not move."""
    if not _turn.acquire(timeout=PATIENCE_SECONDS):
        raise Refused("sums_busy")
    try:
        yield
    finally:
        _turn.release()
