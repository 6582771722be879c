"""PINs as they are stored: hashes that take long to guess."""

from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError


@cache
def _hasher() -> PasswordHasher:
    return PasswordHasher(time_cost=2, memory_cost=19456, parallelism=1)


def pin_hash(pin: str) -> str:
    """A PIN as it is stored."""
    return _hasher().hash(pin)


def pin_fits(stored: str, pin: str) -> bool:
    """Whether this is the stored PIN."""
    try:
        return _hasher().verify(stored, pin)
    except (VerificationError, InvalidHashError):
        return False
