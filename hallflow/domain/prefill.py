"""The pre-filled application (digital form) of a waiting customer: its questions, and the validation of its answers."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from hallflow.domain.refusals import Malformed

Answer = str | bool | list[str]
Check = Callable[[str], str | None]
"""Gives the code of a text's fault, or None for a valid text."""

KINDS = frozenset(
    {
        "text",
        "long_text",
        "choice",
        "choices",
        "yes_no",
        "date",
        "amount",
        "phone",
        "email",
        "identity_number",
        "tax_number",
    }
)


@dataclass(frozen=True, slots=True)
class Option:
    """One answer a customer may pick."""

    value: str
    label: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Field:
    """One question of a form."""

    key: str
    kind: str
    label: Mapping[str, str]
    help: Mapping[str, str] | None = None
    required: bool = True
    choices: tuple[Option, ...] = ()
    max: int | None = None
    """The longest text, or the largest amount."""
    example: str | None = None


@dataclass(frozen=True, slots=True)
class Form:
    """The questions of one service."""

    key: str
    title: Mapping[str, str]
    fields: tuple[Field, ...]

    def field(self, key: str) -> Field:
        """The question of this key."""
        question = next((f for f in self.fields if f.key == key), None)
        if question is None:
            raise Malformed("unknown_answer", field=f"answers.{key}", answer=key)
        return question


@dataclass(frozen=True, slots=True)
class Fault:
    """The fault of one answer."""

    code: str
    facts: Mapping[str, Any]


def sort_answers(
    form: Form, given: Mapping[str, Any], checks: Mapping[str, Check]
) -> tuple[dict[str, Answer | None], dict[str, Fault]]:
    """The valid answers (None: withdrawn) and the faults of the others; raises Malformed for a value of the wrong kind."""
    for key, value in given.items():
        _check_kind(form.field(key), value)
    good: dict[str, Answer | None] = {}
    faults: dict[str, Fault] = {}
    for key, value in given.items():
        if value is None or (isinstance(value, str) and not value.strip()) or value == []:
            good[key] = None
            continue
        tidy = value.strip() if isinstance(value, str) else value
        fault = _fault(form.field(key), tidy, checks)
        if fault:
            faults[key] = fault
        else:
            good[key] = tidy
    return good, faults


def filled(form: Form, answers: Mapping[str, Any]) -> int:
    """How many of the form's questions have an answer."""
    return sum(1 for f in form.fields if answers.get(f.key) is not None)


def missing(form: Form, answers: Mapping[str, Any]) -> list[str]:
    """The required questions without an answer."""
    return [f.key for f in form.fields if f.required and answers.get(f.key) is None]


def _check_kind(field: Field, value: Any) -> None:
    if value is None:
        return
    right, expected = isinstance(value, str), "a_text"
    if field.kind == "yes_no":
        right, expected = isinstance(value, bool), "yes_or_no"
    elif field.kind == "choices":
        right, expected = isinstance(value, list) and all(isinstance(v, str) for v in value), "a_list"
    if not right:
        raise Malformed("wrong_kind", field=f"answers.{field.key}", answer=field.key, expected=expected)


def _fault(field: Field, value: Any, checks: Mapping[str, Check]) -> Fault | None:
    values = {choice.value for choice in field.choices}
    if field.kind == "yes_no":
        return None
    if field.kind == "choices":
        return None if set(value) <= values else Fault("not_a_choice", {})
    if field.kind == "choice":
        return None if value in values else Fault("not_a_choice", {})
    if field.kind == "date":
        return _date_fault(value)
    if field.kind == "amount":
        return _amount_fault(value, field.max)
    longest = field.max or 2000
    if len(value) > longest:
        return Fault("too_long", {"max": longest})
    code = checks[field.kind](value) if field.kind in checks else None
    return Fault(code, {}) if code else None


def _date_fault(value: str) -> Fault | None:
    try:
        date.fromisoformat(value)
    except ValueError:
        return Fault("not_a_date", {})
    return None


def _amount_fault(value: str, largest: int | None) -> Fault | None:
    try:
        amount = Decimal(value)
    except InvalidOperation:
        return Fault("not_an_amount", {})
    if not amount.is_finite() or amount < 0:
        return Fault("not_an_amount", {})
    return Fault("too_much", {"max": largest}) if largest is not None and amount > largest else None
