"""Optional dependencies: which extras are installed. None of them is imported before it is used."""

from functools import cache
from importlib.util import find_spec

FAST = find_spec("numba") is not None
"""The simulation compiled to machine code by numba (extra `fast`)."""
ROSTER = find_spec("ortools") is not None
"""A week's roster by the constraint solver CP-SAT (extra `roster`)."""


@cache
def learned_waits() -> bool:
    """Whether lightgbm (extra `learned-waits`) is installed and loads; it cannot load where the OpenMP library is missing."""
    try:
        import lightgbm  # noqa: F401
    except (ImportError, OSError):
        return False
    return True
