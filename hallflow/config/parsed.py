"""A plan's files as parsed TOML before validation: a value of an unexpected type reads as empty."""

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Any

Table = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Files:
    """The parsed files of a plan; one with a syntax error is empty, and its name is in `unread`."""

    hallflow: Table
    services: Table
    tiers: Table
    staffing: Table
    halls: Mapping[str, Table]
    forms: Mapping[str, Table]
    unread: Set[str]
    languages: Sequence[str]
    """The codes of the languages, the first one first."""


def table_in(table: Table, name: str) -> Table:
    """The table of this name inside another."""
    found = table.get(name)
    return found if isinstance(found, Mapping) else {}


def tables_in(table: Table, name: str) -> Iterator[tuple[str, Table]]:
    """The tables inside the table of this name, by key."""
    for key, value in table_in(table, name).items():
        if isinstance(value, Mapping):
            yield key, value


def texts_in(table: Table, name: str) -> list[str]:
    """The texts in the list of this name."""
    found = table.get(name)
    return [value for value in found if isinstance(value, str)] if isinstance(found, list) else []
