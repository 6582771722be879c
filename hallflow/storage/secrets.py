"""Secrets at rest: PINs hashed so that guessing takes long, answers enciphered, cards and phones as keyed digests."""

import base64
import hashlib
import hmac
import json
from functools import cache
from typing import Any

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from cryptography.fernet import Fernet, InvalidToken


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


class Vault:
    """Keeps personal data under this installation's secret."""

    def __init__(self, secret: str) -> None:
        self._digest_key = hashlib.sha256(b"digest:" + secret.encode()).digest()
        self._fernet = Fernet(base64.urlsafe_b64encode(hashlib.sha256(b"answers:" + secret.encode()).digest()))

    def seal(self, answers: dict[str, Any]) -> bytes:
        """Encipher a customer's answers."""
        return self._fernet.encrypt(json.dumps(answers, ensure_ascii=False).encode())

    def unseal(self, sealed: bytes) -> dict[str, Any]:
        """A customer's answers; none when they were sealed under another secret."""
        try:
            answers: dict[str, Any] = json.loads(self._fernet.decrypt(sealed))
        except InvalidToken:
            return {}
        return answers

    def digest(self, identity: str) -> str:
        """What a card or phone number is known by."""
        plain = "".join(identity.split()).upper()
        return hmac.new(self._digest_key, plain.encode(), hashlib.sha256).hexdigest()
