"""Prepared statements for the hot path of a hall: compiled once and passed directly to the database driver.

SQLAlchemy compiles them and converts the values; executing through it takes four times as long as the database itself.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Dialect
from sqlalchemy.exc import DBAPIError

from hallflow.storage.database.sending import gathered_by

Values = Mapping[str, Any]
Processor = Callable[[Any], Any]


class Prepared:
    """A statement with named values; its result rows have the order of its columns."""

    def __init__(self, build: Callable[[str], Any]) -> None:
        """`build` makes the statement for the name of a dialect."""
        self._build = build
        self._plain: dict[str, _Plain] = {}

    def run(self, connection: Connection, *rows: Values) -> int:
        """Execute it for each row of values; gives the number of affected rows."""
        cursor = self._ask(connection, rows)
        touched: int = cursor.rowcount
        cursor.close()
        return touched

    def put(self, connection: Connection, *rows: Values) -> None:
        """Execute it for each row of values; where writes are gathered, later and together with the others."""
        gathered = gathered_by(connection)
        if gathered is None:
            self.run(connection, *rows)
        else:
            plain = self._plain_for(connection.dialect)
            gathered.extend((plain.said, plain.bound(row)) for row in rows)

    def row(self, connection: Connection, values: Values) -> tuple[Any, ...] | None:
        """The first row of the result, if there is one."""
        cursor = self._ask(connection, (values,))
        row = cursor.fetchone()
        cursor.close()
        return None if row is None else self._plain[connection.dialect.name].read(row)

    def rows(self, connection: Connection, values: Values) -> Iterator[tuple[Any, ...]]:
        """All rows of the result."""
        cursor = self._ask(connection, (values,))
        try:
            yield from map(self._plain[connection.dialect.name].read, cursor)
        finally:
            cursor.close()

    def _ask(self, connection: Connection, rows: Sequence[Values]) -> Any:
        plain = self._plain_for(connection.dialect)
        if not connection.in_transaction():
            # as SQLAlchemy does before its own statements, so that all reads of a connection see one instant
            connection.begin()
        if len(rows) == 1:
            return say(connection, plain.said, plain.bound(rows[0]))
        return say(connection, plain.said, [plain.bound(row) for row in rows], many=True)

    def _plain_for(self, dialect: Dialect) -> "_Plain":
        plain = self._plain.get(dialect.name)
        if plain is None:
            plain = self._plain[dialect.name] = _Plain(self._build(dialect.name), dialect)
        return plain


def say(connection: Connection, sql: str, values: Any = (), *, many: bool = False) -> Any:
    """Execute SQL in the driver; gives its cursor, and raises its errors as SQLAlchemy's."""
    raw, dialect = connection.connection, connection.dialect
    cursor = raw.cursor()
    try:
        if many:
            cursor.executemany(sql, values)
        else:
            cursor.execute(sql, values)
    except dialect.loaded_dbapi.Error as fault:
        gone = dialect.is_disconnect(fault, raw, cursor)
        if gone:
            connection.invalidate(fault)
        # the error must not contain the values, which may be personal data
        raise DBAPIError.instance(sql, {}, fault, dialect.loaded_dbapi.Error, True, gone, dialect, many) from fault
    return cursor


class _Plain:
    """A statement compiled for one dialect, with the converters of its values and results."""

    def __init__(self, statement: Any, dialect: Dialect) -> None:
        compiled = statement.compile(dialect=dialect)
        self.said = str(compiled)
        names = compiled.positiontup or list(compiled.binds)
        self._in = [(name, _processor(compiled.binds[name].type, dialect)) for name in names]
        self._positional = compiled.positional
        columns = statement.selected_columns if statement.is_select else ()
        self._out = [_reader(column.type, dialect) for column in columns]

    def bound(self, values: Values) -> Any:
        """The values converted for the driver."""
        if self._positional:
            return [process(values[name]) if process else values[name] for name, process in self._in]
        return {name: process(values[name]) if process else values[name] for name, process in self._in}

    def read(self, row: Sequence[Any]) -> tuple[Any, ...]:
        """A row converted for the program."""
        return tuple(
            [process(value) if process else value for value, process in zip(row, self._out, strict=True)],
        )


def _processor(kind: Any, dialect: Dialect) -> Processor | None:
    processor: Processor | None = kind.dialect_impl(dialect).bind_processor(dialect)
    return processor


def _reader(kind: Any, dialect: Dialect) -> Processor | None:
    processor: Processor | None = kind.dialect_impl(dialect).result_processor(dialect, None)
    return processor
