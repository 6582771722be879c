"""Validation of phone, card, identity and tax numbers, by libraries that know their formats and check digits."""

import re

import phonenumbers
from stdnum.cn import ric, uscc
from stdnum.exceptions import ValidationError

from hallflow.domain.prefill import Check
from hallflow.domain.refusals import Malformed

REGION = "CN"
_EMAIL = re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+")


def phone_fault(text: str) -> str | None:
    """The fault of a phone number, or None for a valid one; national numbers need no country code."""
    try:
        number = phonenumbers.parse(text, REGION)
    except phonenumbers.NumberParseException:
        return "not_a_phone"
    return None if phonenumbers.is_valid_number(number) else "not_a_phone"


def normal_phone(text: str) -> str:
    """A phone number in international (E.164) form; raises Malformed for what is none."""
    if phone_fault(text):
        raise Malformed("bad_phone", field="phone")
    return phonenumbers.format_number(phonenumbers.parse(text, REGION), phonenumbers.PhoneNumberFormat.E164)


def normal_card(text: str) -> str:
    """A card number without spaces; raises Malformed for what cannot be one."""
    card = "".join(text.split()).replace("-", "")
    if not re.fullmatch(r"[0-9A-Za-z]{4,32}", card):
        raise Malformed("bad_card", field="card")
    return card


def _identity_fault(text: str) -> str | None:
    try:
        ric.validate(text)
    except ValidationError:
        return "not_an_identity_number"
    return None


def _tax_fault(text: str) -> str | None:
    try:
        uscc.validate(text)
    except ValidationError:
        return "not_a_tax_number"
    return None


def _email_fault(text: str) -> str | None:
    return None if _EMAIL.fullmatch(text) else "not_an_email"


CHECKS: dict[str, Check] = {
    "phone": phone_fault,
    "email": _email_fault,
    "identity_number": _identity_fault,
    "tax_number": _tax_fault,
}
