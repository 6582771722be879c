"""Just-in-time compilation of a function by numba, kept on disk between starts."""

from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar, cast

Function = TypeVar("Function", bound=Callable[..., Any])


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
