"""The servers of a chain of halls: PostgreSQL as durable as SQLite here (fsync on), and a Valkey."""

import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.engine import make_url

from tests.servers import end_session, psql, start_postgres, start_valkey

SETTINGS = """
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
max_connections = 400
"""


@contextmanager
def servers(where: Path) -> Iterator[Mapping[str, str]]:
    """What the environment says of a PostgreSQL and a Valkey that were just started."""
    folder = where / f"servers-{uuid.uuid4().hex[:8]}"
    folder.mkdir()
    folder.chmod(0o711)
    try:
        address = start_postgres(folder, SETTINGS)
        _, valkey = start_valkey(folder)
        yield {"HALLFLOW_DATABASE_URL": fresh(address), "HALLFLOW_REDIS_URL": valkey}
    finally:
        end_session(folder)


def fresh(address: str) -> str:
    """A new, empty database on the same server."""
    name = f"hallflow_{uuid.uuid4().hex[:12]}"
    server = make_url(address).set(drivername="postgresql", database="postgres")
    psql(server.render_as_string(hide_password=False), f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'")
    return server.set(database=name).render_as_string(hide_password=False)


def database_of(where: Path) -> int:
    """PostgreSQL's first process."""
    return int(next(where.glob("servers-*/postgres-*.pid")).read_text())
