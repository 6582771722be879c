"""Protection of secrets at rest: PINs by a slow hash, answers by encryption, cards and phone numbers as keyed hashes (digests)."""

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
    """The hash of a PIN, as it is stored."""
    return _hasher().hash(pin)


def pin_fits(stored: str, pin: str) -> bool:
    """Whether a PIN matches the stored hash."""
    try:
        return _hasher().verify(stored, pin)
    except (VerificationError, InvalidHashError):
        return False


class Vault:
    """Encrypts and hashes personal data with keys derived from this installation's secret."""

    def __init__(self, secret: str) -> None:
        self._digest_key = hashlib.sha256(b"digest:" + secret.encode()).digest()
        self._fernet = Fernet(base64.urlsafe_b64encode(hashlib.sha256(b"answers:" + secret.encode()).digest()))

    def seal(self, answers: dict[str, Any]) -> bytes:
        """Encrypt a customer's answers."""
        return self._fernet.encrypt(json.dumps(answers, ensure_ascii=False).encode())

    def unseal(self, sealed: bytes) -> dict[str, Any]:
        """Decrypt a customer's answers; empty where they were encrypted with another secret."""
        try:
            answers: dict[str, Any] = json.loads(self._fernet.decrypt(sealed))
        except InvalidToken:
            return {}
        return answers

    def digest(self, identity: str) -> str:
        """The keyed hash of a card or phone number."""
        plain = "".join(identity.split()).upper()
        return hmac.new(self._digest_key, plain.encode(), hashlib.sha256).hexdigest()
