"""Backup and restore: the whole database copied into an archive and back, row by row."""

import base64
import zipfile
from collections.abc import Callable, Iterator
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Connection,
    Date,
    DateTime,
    Engine,
    Integer,
    LargeBinary,
    column,
    func,
    insert,
    inspect,
    select,
    table,
    text,
)
from sqlalchemy.exc import DBAPIError
from sqlalchemy.types import TypeEngine

from hallflow.storage.backup.archive import (
    SECRET,
    BadArchive,
    Manifest,
    add_manifest,
    add_table,
    mark,
    opened_archive,
    rows_in,
    secret_in,
    written,
)
from hallflow.storage.database.instant import instant
from hallflow.storage.schema import metadata
from hallflow.storage.tables import UtcDateTime
from hallflow.storage.upgrade import migrate, version_in, versions

BATCH = 2000
Tell = Callable[[int], None]
_TYPES: dict[str, TypeEngine[Any] | None] = {
    "plain": None,
    "yes_no": Boolean(),
    "moment": UtcDateTime(),
    "day": Date(),
    "json": JSON(none_as_null=True),
    "bytes": LargeBinary(),
}
_DOWN: dict[str, Callable[[Any], Any]] = {
    "moment": datetime.isoformat,
    "day": date.isoformat,
    "bytes": lambda value: base64.b64encode(value).decode(),
}
_UP: dict[str, Callable[[Any], Any]] = {
    "moment": datetime.fromisoformat,
    "day": date.fromisoformat,
    "bytes": base64.b64decode,
}


class NotEmpty(Exception):
    """The database has rows already, and the caller has not asked to replace them."""


def back_up(
    engine: Engine,
    out: Path,
    made_at: datetime,
    tool: str,
    secret: str | None,
    tell: Tell,
    *,
    with_secret: bool = False,
) -> Manifest:
    """Write a snapshot of the database into an archive, while the halls keep running."""
    with instant(engine) as connection, written(out) as packed:
        head = table("halls", column("key"), column("seq"))
        seqs = {row.key: row.seq for row in connection.execute(select(head))}
        manifest = Manifest(tool, version_in(connection) or "", made_at.isoformat(), seqs)
        done = _Count(tell)
        for name in our_tables(connection):
            kinds = _kinds(connection, name)
            manifest.tables[name] = add_table(packed, name, kinds, done.over(_rows(connection, name, kinds)))
        manifest.secret = mark(secret, included=with_secret)
        if with_secret and secret is not None:
            packed.writestr(SECRET, secret)
        add_manifest(packed, manifest)
    return manifest


def count_rows(engine: Engine) -> int:
    """The number of rows of a backup."""
    with engine.connect() as connection:
        return sum(_count(connection, name) for name in our_tables(connection))


def restore(engine: Engine, file: Path, tell: Tell, *, replace: bool = False) -> tuple[Manifest, str | None]:
    """Load a checked archive in one transaction: the tables of its version, its rows, then the migration to the present version.

    Gives the manifest, and the secret if the archive has it.
    """
    with opened_archive(file) as (packed, manifest):
        if manifest.database not in versions():
            raise BadArchive(
                f"{file} holds tables of version {manifest.database}, which this program does not know: update it"
            )
        try:
            with engine.execution_options(hall_writes=True).begin() as connection:
                _clear(connection, replace=replace)
                migrate(connection, manifest.database)
                _load(connection, packed, manifest, tell)
                migrate(connection)
        except DBAPIError as fault:
            why = str(fault.orig).partition("\n")[0]
            raise BadArchive(f"{file} cannot be loaded, and nothing was: {why}") from fault
        return manifest, secret_in(packed)


def our_tables(connection: Connection) -> list[str]:
    """The tables of this program that the database has."""
    names = set(inspect(connection).get_table_names())
    return [name for name in sorted(metadata.tables) if name in names]


def _count(connection: Connection, name: str) -> int:
    return connection.execute(select(func.count()).select_from(table(name))).scalar_one()


def _kinds(connection: Connection, name: str) -> dict[str, str]:
    """The kinds of a table's columns in the database, which may have another version than the program."""
    kinds = ((JSON, "json"), (DateTime, "moment"), (Date, "day"), (LargeBinary, "bytes"), (Boolean, "yes_no"))
    return {
        found["name"]: next((kind for of, kind in kinds if isinstance(found["type"], of)), "plain")
        for found in inspect(connection).get_columns(name)
    }


def _rows(connection: Connection, name: str, kinds: dict[str, str]) -> Iterator[list[Any]]:
    ways = [_DOWN.get(kind) for kind in kinds.values()]
    for row in connection.execute(select(_table(name, kinds)).execution_options(yield_per=BATCH)):
        yield [value if way is None or value is None else way(value) for way, value in zip(ways, row, strict=True)]


def _table(name: str, kinds: dict[str, str]) -> Any:
    return table(name, *(column(key, _TYPES[kind]) for key, kind in kinds.items()))


def _clear(connection: Connection, *, replace: bool) -> None:
    """Drop the tables, if they are this program's, and empty or to be replaced."""
    ours, at = our_tables(connection), version_in(connection)
    if ours and at not in versions():
        raise NotEmpty("the database has tables of another program, or of a newer Hallflow: use another database")
    full = [name for name in ours if _count(connection, name)]
    if full and not replace:
        raise NotEmpty(f"the database is not empty ({', '.join(full)}): --replace gives up all that it holds")
    for name in (*ours, *(["alembic_version"] if at else [])):
        connection.exec_driver_sql(f'DROP TABLE "{name}"')


def _load(connection: Connection, packed: zipfile.ZipFile, manifest: Manifest, tell: Tell) -> None:
    done, known = _Count(tell), our_tables(connection)
    for name, shelf in manifest.tables.items():
        if name not in known or set(shelf.columns) != set(_kinds(connection, name)):
            raise BadArchive(
                f"the archive's table {name} is not that of version {manifest.database}; nothing was loaded"
            )
        ways = [_UP.get(kind) for kind in shelf.columns.values()]
        adding, rows = insert(_table(name, shelf.columns)), done.over(rows_in(packed, name))
        while batch := list(islice(rows, BATCH)):
            connection.execute(adding, [_values(shelf.columns, ways, row) for row in batch])
        _go_on_counting(connection, name)


def _values(columns: dict[str, str], ways: list[Callable[[Any], Any] | None], row: list[Any]) -> dict[str, Any]:
    return {
        name: value if way is None or value is None else way(value)
        for name, way, value in zip(columns, ways, row, strict=True)
    }


def _go_on_counting(connection: Connection, name: str) -> None:
    """Set PostgreSQL's sequences past the loaded ids; SQLite continues by itself."""
    if connection.dialect.name != "postgresql":
        return
    for found in inspect(connection).get_columns(name):
        if isinstance(found["type"], Integer):
            asked = {"table": name, "column": found["name"]}
            if connection.execute(text("SELECT pg_get_serial_sequence(:table, :column)"), asked).scalar_one():
                highest = select(func.max(column(found["name"], Integer()))).select_from(table(name))
                follows = (connection.execute(highest).scalar_one() or 0) + 1
                connection.execute(_SET_NEXT, asked | {"next": follows})


_SET_NEXT = text("SELECT setval(pg_get_serial_sequence(:table, :column), :next, false)")


class _Count:
    """Counts the rows of all tables for the progress report."""

    def __init__(self, tell: Tell) -> None:
        self._tell = tell
        self._done = 0

    def over(self, rows: Iterator[list[Any]]) -> Iterator[list[Any]]:
        for row in rows:
            self._done += 1
            if self._done % 1000 == 0:
                self._tell(self._done)
            yield row
