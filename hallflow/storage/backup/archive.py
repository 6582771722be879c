"""The backup archive: a portable copy of the whole database in one file, the same for SQLite and PostgreSQL.

It is a zip: for each table a file of JSON lines, each line a row in the order of the table's columns, and `manifest.json` with the
columns, rows and SHA-256 of every table. It stores kinds of columns, not the database's types, so that either database, and any
later version of the tables, can read it.
"""

import base64
import hashlib
import json
import lzma
import os
import secrets
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO, Any

NAME = "hallflow-archive"
FORMAT = 1
MANIFEST, SECRET = "manifest.json", "secret"
_MODES = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_BROKEN = (
    *(zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, EOFError, NotImplementedError, RuntimeError),
    *(KeyError, ValueError, TypeError, AttributeError),
)


class BadArchive(Exception):
    """The file is not a complete archive of this program; the message says why."""


class NotWritten(Exception):
    """The archive could not be written, and no part of it is left; the message says why."""


@dataclass(slots=True)
class Shelf:
    """The manifest's entry of one table."""

    columns: dict[str, str]
    """Name -> kind: plain, yes_no, moment, day, json or bytes."""
    rows: int = 0
    sha256: str = ""


@dataclass(slots=True)
class Manifest:
    """The contents of an archive."""

    tool: str
    database: str
    """The version of the tables."""
    made_at: str
    halls: dict[str, int]
    """The last seq of each hall's log."""
    tables: dict[str, Shelf] = field(default_factory=dict)
    secret: dict[str, Any] = field(default_factory=dict)
    """Whether the archive has the secret, and a salted hash that identifies it."""
    name: str = NAME
    format: int = FORMAT

    @property
    def rows(self) -> int:
        """The number of rows of all tables."""
        return sum(shelf.rows for shelf in self.tables.values())


@contextmanager
def written(out: Path) -> Iterator[zipfile.ZipFile]:
    """A new archive, which gets its name only when it is complete and synced to disk."""
    _check_may_replace(out)
    draft = out.with_name(f".{out.name}.{secrets.token_hex(4)}.part")
    try:
        # only its owner may read it, because it has personal data
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as opened:
            with zipfile.ZipFile(opened, "w", zipfile.ZIP_DEFLATED) as packed:
                yield packed
            opened.flush()
            os.fsync(opened.fileno())
        draft.replace(out)
        _sync_folder(out.parent)
    except OSError as fault:
        raise NotWritten(f"{out} cannot be written: {fault.strerror or fault}. Nothing of it is left.") from fault
    finally:
        with suppress(OSError):
            draft.unlink()


def _check_may_replace(out: Path) -> None:
    """Raise NotWritten where the target is another file than an archive: a mistyped name must not overwrite a database."""
    if not out.exists():
        return
    try:
        with opened_archive(out):
            return
    except BadArchive as other:
        raise NotWritten(f"{out} is there already, and is no archive: choose another name") from other


def _sync_folder(folder: Path) -> None:
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def add_table(packed: zipfile.ZipFile, name: str, columns: dict[str, str], rows: Iterator[list[Any]]) -> Shelf:
    """Stream a table into the archive."""
    shelf, digest = Shelf(columns), hashlib.sha256()
    with packed.open(_member(name), "w", force_zip64=True) as lines:
        for row in rows:
            line = json.dumps(row, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
            digest.update(line)
            lines.write(line)
            shelf.rows += 1
    shelf.sha256 = digest.hexdigest()
    return shelf


def add_manifest(packed: zipfile.ZipFile, manifest: Manifest) -> None:
    """Write the manifest, as the last file."""
    packed.writestr(MANIFEST, json.dumps(asdict(manifest), ensure_ascii=False, indent=1))


@contextmanager
def opened_archive(file: Path) -> Iterator[tuple[zipfile.ZipFile, Manifest]]:
    """An archive and its manifest; raises BadArchive for another file, a truncated one or one of a newer program."""
    with ExitStack() as stack:
        with _named(file):
            packed = stack.enter_context(zipfile.ZipFile(file))
            if MANIFEST not in packed.namelist():
                raise BadArchive(f"{file} is not an archive of Hallflow")
            manifest = _manifest(file, json.loads(_read(packed, MANIFEST)))
        yield packed, manifest


def check(file: Path, tell: Callable[[int], None] = lambda _: None) -> Manifest:
    """Verify a whole archive against its manifest."""
    with opened_archive(file) as (packed, manifest), _named(file):
        names, included = packed.namelist(), bool(manifest.secret["included"])
        if sorted(names) != sorted([MANIFEST, *map(_member, manifest.tables), *([SECRET] if included else [])]):
            raise BadArchive(f"{file} does not hold what its manifest names")
        done = 0
        for name, shelf in manifest.tables.items():
            if _digest(packed, name, done, tell) != (shelf.rows, shelf.sha256):
                raise BadArchive(f"{file} was changed or damaged: {name} is not what its manifest says")
            done += shelf.rows
        if included and not knows(manifest.secret, secret_in(packed)):
            raise BadArchive(f"{file} was changed or damaged: the secret is not what its manifest says")
    return manifest


def _digest(packed: zipfile.ZipFile, name: str, done: int, tell: Callable[[int], None]) -> tuple[int, str]:
    digest, rows = hashlib.sha256(), 0
    for line in _lines(packed, name):
        digest.update(line)
        rows += 1
        if rows % 1000 == 0:
            tell(done + rows)
    return rows, digest.hexdigest()


def rows_in(packed: zipfile.ZipFile, name: str) -> Iterator[list[Any]]:
    """A table's rows in the order of writing."""
    return map(json.loads, _lines(packed, name))


def secret_in(packed: zipfile.ZipFile) -> str | None:
    """The installation's secret, where the archive has it."""
    return _read(packed, SECRET).decode() if SECRET in packed.namelist() else None


def mark(secret: str | None, *, included: bool) -> dict[str, Any]:
    """A salted slow hash that identifies a secret without revealing it."""
    if secret is None:
        return {"included": False}
    salt = secrets.token_bytes(16)
    known = base64.b64encode(_stretched(secret, salt)).decode()
    return {"included": included, "salt": base64.b64encode(salt).decode(), "mark": known}


def knows(marked: dict[str, Any], secret: str | None) -> bool:
    """Whether this secret matches the hash that `mark` made."""
    if secret is None or "mark" not in marked:
        return False
    stretched = _stretched(secret, base64.b64decode(marked["salt"]))
    return secrets.compare_digest(stretched, base64.b64decode(marked["mark"]))


def _stretched(secret: str, salt: bytes) -> bytes:
    return hashlib.scrypt(secret.encode(), salt=salt, n=2**14, r=8, p=1, dklen=32)


def _manifest(file: Path, fields: dict[str, Any]) -> Manifest:
    if fields.get("name") != NAME:
        raise BadArchive(f"{file} is not an archive of Hallflow")
    if fields["format"] > FORMAT:
        raise BadArchive(f"{file} was written by a newer Hallflow ({fields['tool']}): update this program")
    shelves = {name: Shelf(**shelf) for name, shelf in fields.pop("tables").items()}
    return Manifest(**fields, tables=shelves)


@contextmanager
def _named(file: Path) -> Iterator[None]:
    try:
        yield
    except OSError as fault:
        raise BadArchive(f"{file} cannot be read: {fault.strerror or fault}") from fault
    except _BROKEN as fault:
        raise BadArchive(
            f"{file} is not a whole archive of Hallflow: it was cut off, changed or is something else"
        ) from fault


def _member(table: str) -> str:
    return f"tables/{table}.jsonl"


def _open(packed: zipfile.ZipFile, member: str) -> IO[bytes]:
    if packed.getinfo(member).compress_type not in _MODES:
        raise zipfile.BadZipFile(f"{member} is packed in a way we never use")
    return packed.open(member)


def _read(packed: zipfile.ZipFile, member: str) -> bytes:
    with _open(packed, member) as opened:
        return opened.read()


def _lines(packed: zipfile.ZipFile, table: str) -> Iterator[bytes]:
    with _open(packed, _member(table)) as opened:
        yield from opened
