"""Which optional extras are installed; a server that nobody asks loads none of them."""

from functools import cache
from importlib.util import find_spec

FAST = find_spec("numba") is not None
"""Plays compiled to machine code by numba (`fast`)."""
ROSTER = find_spec("ortools") is not None
"""A week's roster by CP-SAT (`roster`)."""


@cache
def learned_waits() -> bool:
    """Whether lightgbm (`learned-waits`) is there and loads; without the OpenMP library of the machine it does not."""
    try:
        import lightgbm  # noqa: F401
    except (ImportError, OSError):
        return False
    return True
