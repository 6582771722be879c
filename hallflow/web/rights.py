"""Who is asking: a clerk at a counter, a manager of a hall, or anybody. Rights are checked where data leaves."""

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
    """Nobody has signed in, or the PIN was wrong."""

    def __init__(self, code: str = "not_signed_in") -> None:
        super().__init__(code)
        self.code = code


class Forbidden(Exception):
    """Signed in, but this is somebody else's."""


class TooManyTries(Exception):
    """Too many wrong PINs."""

    def __init__(self, seconds: int) -> None:
        super().__init__(seconds)
        self.seconds = seconds


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who has signed in."""

    id: str
    hall: str
    role: str
    name: str
    counter: str | None = None


class Door:
    """Signs people in and knows them again."""

    def __init__(self, secret: str) -> None:
        self._signer = URLSafeTimedSerializer(secret, salt="session")
        self._wrong = SlidingWindowCounterRateLimiter(MemoryStorage())
        self._known_tokens: dict[str, tuple[Person, datetime]] = {}

    def sign_in(self, house: House, hall: Hall, pin: str, counter: str | None, address: str) -> Person:
        """The person this PIN belongs to; wrong ones are few a minute."""
        key = (hall.key, address)
        if not self._wrong.test(TRIES, *key):
            raise TooManyTries(60)
        role = "clerk" if counter else "manager"
        if house.settings.demo and pin == DEMO_PINS[role]:
            somebody = demo_staff(hall, counter)
            house.read_staff(hall)
            return Person(somebody.id, hall.key, role, somebody.name, counter)
        person = self._known(house, hall, pin, role, counter)
        if person is None:
            self._wrong.hit(TRIES, *key)
            raise Unsigned("wrong_pin")
        return person

    def token(self, person: Person) -> str:
        """What proves who this is, for a day's work."""
        return self._signer.dumps(asdict(person))

    def person(self, token: object) -> Person | None:
        """Whose token this is; None when it is nobody's any more."""
        # a socket may bring anything in its place
        if not token or not isinstance(token, str):
            return None
        known = self._known_tokens.get(token) or self._read(token)
        if known is None:
            return None
        person, given_at = known
        return person if Clock().now() - given_at <= timedelta(hours=HOURS) else None

    def _read(self, token: str) -> tuple[Person, datetime] | None:
        """Whose token this is and since when; checked once, then remembered."""
        try:
            said, given_at = self._signer.loads(token, return_timestamp=True)
            known = Person(**said), given_at
        except (BadSignature, TypeError):
            return None
        if len(self._known_tokens) >= TOKENS_KNOWN:
            self._known_tokens.clear()
        self._known_tokens[token] = known
        return known

    def _known(self, house: House, hall: Hall, pin: str, role: str, counter: str | None) -> Person | None:
        for somebody in house.read_staff(hall):
            if somebody.role == role and pin_fits(somebody.pin_hash, pin):
                return Person(somebody.id, hall.key, role, somebody.name, counter)
        return None


def door() -> Door:
    """This application's door."""
    return cast(Door, current_app.extensions[KEY])


def signed_in() -> Person:
    """The person of this request."""
    bearer = request.headers.get("Authorization", "")
    token = bearer.removeprefix("Bearer ") if bearer.startswith("Bearer ") else request.cookies.get(COOKIE)
    person = door().person(token)
    if person is None:
        raise Unsigned
    return person


def manager_of(hall: str) -> Person:
    """The manager of this hall, or nobody passes."""
    person = signed_in()
    if person.hall != hall or person.role != "manager":
        raise Forbidden
    return person


def clerk_at(hall: str, counter: str) -> Person:
    """The clerk sitting at this counter of this hall, or nobody passes."""
    person = signed_in()
    if person.hall != hall or person.role != "clerk" or person.counter != counter:
        raise Forbidden
    return person


def may_see(person: Person | None, hall: str, counter: str | None) -> bool:
    """Whether this person may see a counter's console, or (no counter) the whole hall."""
    if person is None or person.hall != hall:
        return False
    return person.role == "manager" or (counter is not None and person.counter == counter)
