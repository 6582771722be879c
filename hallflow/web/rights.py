"""Authentication and authorisation: a caller is a clerk at a counter, a manager of a hall, or anonymous."""

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import cast

from flask import current_app, request
from itsdangerous import BadSignature, URLSafeTimedSerializer
from limits import RateLimitItem, parse
from limits.storage import MemoryStorage
from limits.strategies import SlidingWindowCounterRateLimiter

from hallflow.clock import Clock
from hallflow.hall import Hall
from hallflow.house import DEMO_PINS, House, demo_staff
from hallflow.storage.secrets import pin_fits

KEY = "hallflow.door"
COOKIE = "hallflow_session"
HOURS = 14
TOKENS_KNOWN = 4096
TRIES: RateLimitItem = parse("6 per minute")


class Unsigned(Exception):
    """Not authenticated (401): no valid session, or a wrong PIN."""

    def __init__(self, code: str = "not_signed_in") -> None:
        super().__init__(code)
        self.code = code


class Forbidden(Exception):
    """Authenticated, but not authorised (403)."""


class TooManyTries(Exception):
    """Too many wrong PINs (429)."""

    def __init__(self, seconds: int) -> None:
        super().__init__(seconds)
        self.seconds = seconds


@dataclass(frozen=True, slots=True)
class SignedIn:
    """An authenticated clerk or manager."""

    id: str
    hall: str
    role: str
    name: str
    counter: str | None = None


class Door:
    """Checks PINs, and issues and verifies session tokens."""

    def __init__(self, secret: str) -> None:
        self._signer = URLSafeTimedSerializer(secret, salt="session")
        self._wrong = SlidingWindowCounterRateLimiter(MemoryStorage())
        self._known_tokens: dict[str, tuple[SignedIn, datetime]] = {}

    def sign_in(self, house: House, hall: Hall, pin: str, counter: str | None, address: str) -> SignedIn:
        """The person of this PIN; wrong PINs are rate-limited by hall and address."""
        key = (hall.key, address)
        if not self._wrong.test(TRIES, *key):
            raise TooManyTries(60)
        role = "clerk" if counter else "manager"
        if house.settings.demo and pin == DEMO_PINS[role]:
            somebody = demo_staff(hall, counter)
            house.read_staff(hall)
            return SignedIn(somebody.id, hall.key, role, somebody.name, counter)
        person = self._known(house, hall, pin, role, counter)
        if person is None:
            self._wrong.hit(TRIES, *key)
            raise Unsigned("wrong_pin")
        return person

    def token(self, person: SignedIn) -> str:
        """A signed session token, valid for a working day."""
        return self._signer.dumps(asdict(person))

    def person(self, token: object) -> SignedIn | None:
        """The person of a token; None where it is invalid or has expired."""
        # a socket's message may contain anything here
        if not token or not isinstance(token, str):
            return None
        known = self._known_tokens.get(token) or self._read(token)
        if known is None:
            return None
        person, given_at = known
        return person if Clock().now() - given_at <= timedelta(hours=HOURS) else None

    def _read(self, token: str) -> tuple[SignedIn, datetime] | None:
        """The person of a token and when it was issued; its signature is verified once, then cached."""
        try:
            said, given_at = self._signer.loads(token, return_timestamp=True)
            known = SignedIn(**said), given_at
        except (BadSignature, TypeError):
            return None
        if len(self._known_tokens) >= TOKENS_KNOWN:
            self._known_tokens.clear()
        self._known_tokens[token] = known
        return known

    def _known(self, house: House, hall: Hall, pin: str, role: str, counter: str | None) -> SignedIn | None:
        for somebody in house.read_staff(hall):
            if somebody.role == role and pin_fits(somebody.pin_hash, pin):
                return SignedIn(somebody.id, hall.key, role, somebody.name, counter)
        return None


def door() -> Door:
    """This application's authenticator."""
    return cast(Door, current_app.extensions[KEY])


def signed_in() -> SignedIn:
    """The person of this request; raises Unsigned."""
    bearer = request.headers.get("Authorization", "")
    token = bearer.removeprefix("Bearer ") if bearer.startswith("Bearer ") else request.cookies.get(COOKIE)
    person = door().person(token)
    if person is None:
        raise Unsigned
    return person


def manager_of(hall: str) -> SignedIn:
    """The signed-in manager of this hall; else raises."""
    person = signed_in()
    if person.hall != hall or person.role != "manager":
        raise Forbidden
    return person


def clerk_at(hall: str, counter: str) -> SignedIn:
    """The clerk signed in at this counter; else raises."""
    person = signed_in()
    if person.hall != hall or person.role != "clerk" or person.counter != counter:
        raise Forbidden
    return person


def may_see(person: SignedIn | None, hall: str, counter: str | None) -> bool:
    """Whether this person may see a counter's console, or (no counter) the hall's dashboard."""
    if person is None or person.hall != hall:
        return False
    return person.role == "manager" or (counter is not None and person.counter == counter)
