"""Machine code where the optional extra `fast` brings numba, and until it is there the same answers from numpy.

Compiling takes seconds the first time and is kept on disk; the worker does it in a thread of its own while it goes on playing
with numpy, so that nobody waits for it. In the servers only a manager's what-if plays, one at a time.
"""

from collections.abc import Callable
from functools import lru_cache, partial
from importlib import import_module
from importlib.util import find_spec
from threading import Event, Thread
from typing import Any, TypeVar, cast

AVAILABLE = find_spec("numba") is not None

Function = TypeVar("Function", bound=Callable[..., Any])
_ready = Event()


def ready() -> bool:
    """Whether the kernel is compiled by now; the first question begins it."""
    if AVAILABLE:
        _begin()
    return _ready.is_set()


def wait() -> None:
    """Until the kernel is compiled: for measurements, which must not begin with the one and end with the other."""
    if AVAILABLE:
        _begin().join()


@lru_cache(maxsize=1)
def _begin() -> Thread:
    thread = Thread(target=_compile, name="compile-twin")
    thread.start()
    return thread


def _compile() -> None:
    import_module("hallflow.foresight.kernel").compile_now()
    _ready.set()


def compiled(function: Function) -> Function:
    """The function as machine code, kept on disk between starts; it lets other threads run meanwhile."""
    import numba

    # what one play does a hundred times is not worth a call each: a third of the time was handing over arguments; and without
    # numba's own memory nothing counts who holds an array, which was two thirds of the rest: arrays are made outside, by numpy
    njit: Any = partial(numba.njit, nogil=True, forceinline=True, _nrt=False)
    try:
        return cast(Function, njit(cache=True)(function))
    except RuntimeError:
        # nowhere to keep it: compiled anew at every start
        return cast(Function, njit()(function))
