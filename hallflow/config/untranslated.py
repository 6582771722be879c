"""Missing translations of a plan's names: each falls back to the hall's first language, so it is only a warning."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from hallflow.config.faults import PlanFault, place_of
from hallflow.config.parsed import Files


def names_without(files: Files, order: Sequence[str]) -> Iterator[PlanFault]:
    """Every name that lacks one of these languages; the first is not checked."""
    tables = {
        "hallflow.toml": files.hallflow,
        "services.toml": files.services,
        "tiers.toml": files.tiers,
        "staffing.toml": files.staffing,
        **{f"halls/{key}.toml": table for key, table in files.halls.items()},
        **{f"forms/{key}.toml": table for key, table in files.forms.items()},
    }
    for file, table in tables.items():
        for place, name in _names(table, order[0]):
            for code in order[1:]:
                if code not in name:
                    yield PlanFault(file, place_of(*place, code), f"is missing; it is said in {order[0]}")


def _names(
    value: Any, first: str, place: tuple[object, ...] = ()
) -> Iterator[tuple[tuple[object, ...], Mapping[str, Any]]]:
    """Names by language with their places: tables with a text in the first language."""
    if isinstance(value, Mapping):
        if isinstance(value.get(first), str):
            yield place, value
            return
        for key, inner in value.items():
            yield from _names(inner, first, (*place, key))
    elif isinstance(value, list):
        for n, inner in enumerate(value, start=1):
            yield from _names(inner, first, (*place, n))
