"""Staff accounts of a hall: a name, a role, and a PIN that nobody else there has."""

import secrets

from hallflow.domain.refusals import Malformed, Refused
from hallflow.storage.records import people
from hallflow.storage.records.people import Staff
from hallflow.storage.secrets import pin_fits, pin_hash
from hallflow.storage.turns import Turns

PIN_DIGITS = 6
SHORTEST, LONGEST = 4, 12
ROLES = ("clerk", "manager")


def add_staff(turns: Turns, hall: str, name: str, role: str, pin: str | None = None) -> tuple[Staff, str]:
    """Create a staff account, with the chosen PIN or a random one; gives the account and the PIN."""
    tidy = " ".join(name.split())
    if not tidy or len(tidy) > 128:
        raise Malformed("malformed", field="name", what="name")
    if role not in ROLES:
        raise Malformed("malformed", field="role", what="role")
    if pin is not None and not fits(pin):
        raise Malformed("malformed", field="pin", what="pin")
    with turns.of(hall) as connection:
        others = people.staff_of(connection, hall)
        if any(somebody.name == tidy for somebody in others):
            raise Refused("name_taken", name=tidy)
        chosen = pin or _new_pin(others)
        if _taken(chosen, others):
            raise Refused("pin_taken", field="pin")
        # the hall's log stores this id, never a name
        person = Staff(f"{role}-{secrets.token_hex(4)}", hall, tidy, role, pin_hash(chosen))
        people.keep_staff(connection, person)
    return person, chosen


def fits(pin: str) -> bool:
    """Whether this can be a PIN: digits of a keypad, in a permitted number."""
    return pin.isascii() and pin.isdecimal() and SHORTEST <= len(pin) <= LONGEST


def _new_pin(others: list[Staff]) -> str:
    while True:
        pin = "".join(secrets.choice("0123456789") for _ in range(PIN_DIGITS))
        if not _taken(pin, others):
            return pin


def _taken(pin: str, others: list[Staff]) -> bool:
    return any(pin_fits(somebody.pin_hash, pin) for somebody in others)
