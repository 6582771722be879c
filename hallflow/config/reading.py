"""The reader of a plan's folder: finds and parses its TOML files, and validates them against their schemas."""

import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError

from hallflow.config.faults import PlanFault, place_of, said
from hallflow.config.values import Shape

Table = dict[str, Any]
S = TypeVar("S", bound=Shape)


class Reader:
    """Reads a folder once and collects every fault."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.faults: list[PlanFault] = []
        self.unread: set[str] = set()
        self.context: dict[str, Any] = {}
        """What the shapes must know of other files: the languages in which a name may be given."""

    def parse(self, file: str) -> Table:
        """One parsed TOML file; an unreadable file is a fault and empty."""
        try:
            with (self.folder / file).open("rb") as opened:
                return tomllib.load(opened)
        except FileNotFoundError:
            self._cannot(file, "this file is missing")
        except UnicodeDecodeError:
            self._cannot(file, "is not text in UTF-8")
        except tomllib.TOMLDecodeError as bad:
            self._cannot(file, _said_of_toml(bad))
        except OSError as bad:
            self._cannot(file, f"cannot be read: {bad.strerror}")
        return {}

    def parse_all(self, folder: str) -> dict[str, Table]:
        """Every parsed file of a folder, by its name without .toml."""
        files = sorted((self.folder / folder).glob("*.toml"))
        return {file.stem: self.parse(f"{folder}/{file.name}") for file in files}

    def shape(self, file: str, table: Mapping[str, Any], shape: type[S], within: str = "") -> S | None:
        """The file, or the table `within` it, validated by its schema; None after recording its faults."""
        if file in self.unread:
            return None
        try:
            return shape.model_validate(table, context=self.context)
        except ValidationError as bad:
            errors = bad.errors(include_url=False)
            self.faults += [
                PlanFault(file, place_of(*filter(None, (within, _place(error["loc"])))), said(error))
                for error in errors
            ]
            return None

    def add(self, faults: Iterable[PlanFault]) -> None:
        """Record these faults too."""
        self.faults += faults

    def _cannot(self, file: str, what: str) -> None:
        self.unread.add(file)
        self.faults.append(PlanFault(file, "", what))


def _said_of_toml(bad: tomllib.TOMLDecodeError) -> str:
    """tomllib ends its sentence with '(at line 5, column 12)'; the line belongs to the place."""
    sentence, _, where = str(bad).rpartition(" (at ")
    return f"{where.rstrip(')')}: {sentence}" if sentence else str(bad)


def _place(loc: tuple[int | str, ...]) -> str:
    """The dotted path of a pydantic error, without its '[key]' marks of table keys."""
    return place_of(*(step + 1 if isinstance(step, int) else step for step in loc if step != "[key]"))
