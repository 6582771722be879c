"""Validation faults of a plan, reported all at once, each with its file and place."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from pydantic_core import ErrorDetails


@dataclass(frozen=True, slots=True, order=True)
class PlanFault:
    """One fault: `halls/central.toml: counters.2: no service is called 'loans'`."""

    file: str
    place: str
    what: str

    def __str__(self) -> str:
        return ": ".join(part for part in (self.file, self.place, self.what) if part)


class PlanFaults(Exception):
    """The plan is invalid; `faults` has every fault."""

    def __init__(self, faults: Iterable[PlanFault]) -> None:
        self.faults: Sequence[PlanFault] = tuple(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults))


def place_of(*steps: object) -> str:
    """The dotted path of a value in its file: counters.2.services."""
    return ".".join(str(step) for step in steps)


def unknown(kind: str, name: object, known: Iterable[str]) -> str:
    """The sentence for an undefined name, with the most similar defined one."""
    near = get_close_matches(str(name), sorted(known), n=1)
    return f"no {kind} is called {str(name)!r}" + (f"; is {near[0]!r} meant?" if near else "")


def said(error: ErrorDetails) -> str:
    """A pydantic error as a sentence for a hall's IT staff."""
    sentence = _SENTENCES.get(error["type"])
    facts = error.get("ctx") or {}
    if sentence is None:
        return error["msg"].removeprefix("Value error, ")
    return sentence.format(given=error["input"], **facts)


_SENTENCES = {
    "missing": "is missing",
    "extra_forbidden": "there is no such setting",
    "string_type": "must be a text in quotes",
    "string_too_short": "must not be empty",
    "string_too_long": "is longer than {max_length} letters",
    "int_type": "must be a whole number",
    "int_from_float": "must be a whole number",
    "float_type": "must be a number",
    "bool_type": "must be true or false",
    "list_type": "must be a list in [ ]",
    "dict_type": "must be a table",
    "literal_error": "must be one of {expected}",
    "model_type": "must be a table",
    "too_short": "must have at least {min_length}",
    "greater_than": "must be more than {gt}",
    "greater_than_equal": "must be at least {ge}",
    "less_than": "must be less than {lt}",
    "less_than_equal": "must be at most {le}",
}
