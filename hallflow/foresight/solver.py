"""Whether the extra `roster` is there, which finds a named week by CP-SAT; asked without loading it, or anything else."""

from importlib.util import find_spec

AVAILABLE = find_spec("ortools") is not None
