"""Background compilation of the simulation kernel, where the extra `fast` brings numba; until it is done numpy gives the same
results.

Compiling takes seconds the first time and is cached on disk. It runs in a thread of its own, so that nothing waits for it.
"""

from functools import lru_cache
from threading import Event, Thread

from hallflow.foresight.extras import FAST

_ready = Event()


def ready() -> bool:
    """Whether the kernel is compiled; the first call starts the compilation."""
    if FAST:
        _begin()
    return _ready.is_set()


def wait() -> None:
    """Wait until the kernel is compiled, so that a measurement does not change engines while it runs."""
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
