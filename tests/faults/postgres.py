"""A PostgreSQL server that a test may stop and start."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.engine import make_url

from tests.servers import (
    Missing,
    end_process,
    leave_out,
    postgres_binaries,
    postgres_environment,
    session_folder,
    start_postgres,
)


class Postgres:
    """Running, until it is told not to."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._data = folder / "postgres" / "data"
        self.url = make_url(start_postgres(folder)).set(drivername="postgresql+psycopg").render_as_string(False)
        self._as_user, self._binaries = postgres_binaries(session_folder())

    def stop(self) -> None:
        """Gone at once, in the middle of whatever it did."""
        self._run("stop", "-m", "immediate")

    def start(self) -> None:
        """Back again, with all that it had confirmed."""
        self._run("start", "-t", "120", "-l", str(self._folder / "postgres" / "log"))

    def _run(self, *what: str) -> None:
        subprocess.run(
            [self._binaries / "pg_ctl", "-D", self._data, "-w", *what],
            cwd=self._folder / "postgres",
            env=postgres_environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            check=True,
            **self._as_user,
        )


@contextmanager
def a_postgres(folder: Path) -> Iterator[Postgres]:
    """Until the block ends."""
    folder.mkdir(exist_ok=True)
    # PostgreSQL's user walks through the folders above to its own
    folder.chmod(0o711)
    try:
        postgres = Postgres(folder)
    except Missing as why:
        leave_out("postgresql", why)
    try:
        yield postgres
    finally:
        pid = folder / "postgres" / "data" / "postmaster.pid"
        if pid.exists():
            end_process(int(pid.read_text().split()[0]), "postgres")
