"""Snapshot isolation for long reads: one instant of the whole database, while the halls keep writing."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine


@contextmanager
def instant(engine: Engine) -> Iterator[Connection]:
    """A read-only connection that sees nothing written after its first query."""
    with engine.connect() as connection:
        if engine.dialect.name == "postgresql":
            connection = connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        # on SQLite a read transaction of the WAL is a snapshot already
        yield connection
