"""Machine code where the optional extra `fast` brings numba, and until it is there the same answers from numpy.

Compiling takes seconds the first time and is kept on disk; the worker does it in a thread of its own while it goes on playing
with numpy, so that nobody waits for it. In the servers only a manager's what-if plays, one at a time.
"""

from functools import lru_cache
from threading import Event, Thread

from hallflow.foresight.extras import FAST

_ready = Event()


def ready() -> bool:
    """Whether the kernel is compiled by now; the first question begins it."""
    if FAST:
        _begin()
    return _ready.is_set()


def wait() -> None:
    """Until the kernel is compiled: for measurements, which must not begin with the one and end with the other."""
    if FAST:
        _begin().join()


@lru_cache(maxsize=1)
def _begin() -> Thread:
    thread = Thread(target=_compile, name="compile-twin")
    thread.start()
    return thread


def _compile() -> None:
    from hallflow.foresight.twin.kernel import compile_now

    compile_now()
    _ready.set()
