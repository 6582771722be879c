"""CSV import: the rows of a plain or gzipped file one by one, and the count of those added, known and refused."""

import csv
import gzip
import io
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

TELL_EVERY = 2000

Row = Mapping[str, str]
Progress = Callable[[int], None]
"""Called with the number of bytes of the file read so far."""


class Unreadable(Exception):
    """The file cannot be imported at all; the message says why."""


class RowRefused(Exception):
    """The row cannot be imported; the message is the reason."""


@dataclass(slots=True)
class Refusals:
    """The rows refused for one reason: their number, and the first of them."""

    count: int
    line: int
    example: str


@dataclass(slots=True)
class Imported:
    """The result of an import, in numbers of rows."""

    rows: int = 0
    new: int = 0
    refused: dict[str, Refusals] = field(default_factory=dict)
    halls: dict[str, int] = field(default_factory=dict)
    """Rows added or known, by hall."""
    simulated_dropped: int = 0

    @property
    def known(self) -> int:
        """Rows that existed already."""
        return self.rows - self.new - sum(refusals.count for refusals in self.refused.values())

    def refuse(self, reason: str, line: int, row: Row) -> None:
        """Count a refused row under its reason."""
        refusals = self.refused.setdefault(
            reason, Refusals(0, line, ",".join(str(value) for value in row.values())[:200])
        )
        refusals.count += 1


def rows_of(file: Path, needed: tuple[str, ...], imported: Imported, progress: Progress) -> Iterator[tuple[int, Row]]:
    """Each row with its line number; raises Unreadable for a file that is not such a table."""
    line = 1
    try:
        with file.open("rb") as raw, _text(raw, file) as text:
            reader = csv.reader(text)
            columns = [name.strip() for name in next(reader, [])]
            _check_columns(file, columns, needed)
            for line, cells in enumerate(reader, start=2):
                if line % TELL_EVERY == 0:
                    progress(raw.tell())
                if not cells:
                    continue
                imported.rows += 1
                row = dict(zip(columns, map(str.strip, cells), strict=False))
                if len(cells) != len(columns):
                    imported.refuse(f"not {len(columns)} columns", line, row)
                    continue
                yield line, row
            progress(raw.tell())
    except (OSError, EOFError, UnicodeDecodeError, csv.Error) as fault:
        raise Unreadable(f"{file.name}, after line {line}: {_said(fault)}") from fault


def _text(raw: IO[bytes], file: Path) -> IO[str]:
    packed: Any = gzip.GzipFile(fileobj=raw) if file.suffix == ".gz" else raw
    # with or without the byte order mark that spreadsheets write
    return io.TextIOWrapper(packed, encoding="utf-8-sig", newline="")


def _check_columns(file: Path, columns: list[str], needed: tuple[str, ...]) -> None:
    missing = [name for name in needed if name not in columns]
    if missing:
        these = ", ".join(repr(name) for name in missing)
        raise Unreadable(f"{file.name} has no column {these}; the first line must name {','.join(needed)}")


def _said(fault: Exception) -> str:
    if isinstance(fault, UnicodeDecodeError):
        return "not text in UTF-8"
    if isinstance(fault, gzip.BadGzipFile | EOFError):
        return "not a whole gzip file"
    return str(getattr(fault, "strerror", None) or fault)
