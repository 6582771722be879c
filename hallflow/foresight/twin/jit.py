"""Just-in-time compilation of a function by numba, cached on disk."""

from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar, cast

Function = TypeVar("Function", bound=Callable[..., Any])


def compiled(function: Function) -> Function:
    """The function as machine code, cached on disk; it releases the GIL while it runs."""
    import numba

    # inlining saves the cost of passing arguments, a third of the time; without numba's runtime there is no reference counting
    # of arrays, which was two thirds of the rest, so arrays are allocated outside, by numpy
    njit: Any = partial(numba.njit, nogil=True, forceinline=True, _nrt=False)
    try:
        return cast(Function, njit(cache=True)(function))
    except RuntimeError:
        # no writable cache directory: compiled again at every start
        return cast(Function, njit()(function))
