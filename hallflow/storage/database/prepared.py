"""Statements that every change of a hall needs, built once and given straight to the database's driver.

SQLAlchemy writes them and knows how each value travels; asking through it costs four times what the database itself takes.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Dialect
from sqlalchemy.exc import DBAPIError

from hallflow.storage.database.sending import gathered_by

Values = Mapping[str, Any]
Processor = Callable[[Any], Any]


class Prepared:
    """A statement whose values have names; what it reads comes back in the order of its columns."""

    def __init__(self, build: Callable[[str], Any]) -> None:
        """`build` gives the statement for a dialect's name."""
        self._build = build
        self._plain: dict[str, _Plain] = {}

    def run(self, connection: Connection, *rows: Values) -> int:
        """Do it for each row; how many rows of the table it touched."""
        cursor = self._ask(connection, rows)
        touched: int = cursor.rowcount
        cursor.close()
        return touched

    def put(self, connection: Connection, *rows: Values) -> None:
        """The same, by and by: where writes are gathered, it is done with the others."""
        gathered = gathered_by(connection)
        if gathered is None:
            self.run(connection, *rows)
        else:
            plain = self._plain_for(connection.dialect)
            gathered.extend((plain.said, plain.bound(row)) for row in rows)

    def row(self, connection: Connection, values: Values) -> tuple[Any, ...] | None:
        """The one row it finds, if there is one."""
        cursor = self._ask(connection, (values,))
        found = cursor.fetchone()
        cursor.close()
        return None if found is None else self._plain[connection.dialect.name].read(found)

    def rows(self, connection: Connection, values: Values) -> Iterator[tuple[Any, ...]]:
        """All that it finds, one after the other."""
        cursor = self._ask(connection, (values,))
        try:
            yield from map(self._plain[connection.dialect.name].read, cursor)
        finally:
            cursor.close()

    def _ask(self, connection: Connection, rows: Sequence[Values]) -> Any:
        plain = self._plain_for(connection.dialect)
        if not connection.in_transaction():
            # what SQLAlchemy does before its own statements: all that one reader asks is of one instant
            connection.begin()
        if len(rows) == 1:
            return say(connection, plain.said, plain.bound(rows[0]))
        return say(connection, plain.said, [plain.bound(row) for row in rows], many=True)

    def _plain_for(self, dialect: Dialect) -> "_Plain":
        plain = self._plain.get(dialect.name)
        if plain is None:
            plain = self._plain[dialect.name] = _Plain(self._build(dialect.name), dialect)
        return plain


def say(connection: Connection, said: str, values: Any = (), *, many: bool = False) -> Any:
    """Give this to the driver as it stands; gives its cursor, and its faults as SQLAlchemy names them."""
    raw, dialect = connection.connection, connection.dialect
    cursor = raw.cursor()
    try:
        if many:
            cursor.executemany(said, values)
        else:
            cursor.execute(said, values)
    except dialect.loaded_dbapi.Error as fault:
        gone = dialect.is_disconnect(fault, raw, cursor)
        if gone:
            connection.invalidate(fault)
        # the values stay out of it: they may be a person's
        raise DBAPIError.instance(said, {}, fault, dialect.loaded_dbapi.Error, True, gone, dialect, many) from fault
    return cursor


class _Plain:
    """A statement in a dialect's own words, with what turns values into what its driver takes, and back."""

    def __init__(self, statement: Any, dialect: Dialect) -> None:
        compiled = statement.compile(dialect=dialect)
        self.said = str(compiled)
        names = compiled.positiontup or list(compiled.binds)
        self._in = [(name, _processor(compiled.binds[name].type, dialect)) for name in names]
        self._positional = compiled.positional
        columns = statement.selected_columns if statement.is_select else ()
        self._out = [_reader(column.type, dialect) for column in columns]

    def bound(self, values: Values) -> Any:
        """The values as the driver takes them."""
        if self._positional:
            return [process(values[name]) if process else values[name] for name, process in self._in]
        return {name: process(values[name]) if process else values[name] for name, process in self._in}

    def read(self, row: Sequence[Any]) -> tuple[Any, ...]:
        """A row as the program takes it."""
        return tuple(
            [process(value) if process else value for value, process in zip(row, self._out, strict=True)],
        )


def _processor(kind: Any, dialect: Dialect) -> Processor | None:
    found: Processor | None = kind.dialect_impl(dialect).bind_processor(dialect)
    return found


def _reader(kind: Any, dialect: Dialect) -> Processor | None:
    found: Processor | None = kind.dialect_impl(dialect).result_processor(dialect, None)
    return found
