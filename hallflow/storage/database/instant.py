"""One instant of the whole database, held still for whoever reads it from end to end while the halls go on."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine


@contextmanager
def instant(engine: Engine) -> Iterator[Connection]:
    """A connection that only reads, and sees nothing of what is written after its first question."""
    with engine.connect() as connection:
        if engine.dialect.name == "postgresql":
            connection = connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        # on SQLite a read transaction of the WAL is such an instant by itself
        yield connection
