"""Opening the database: with safe settings, or with an error that names the fault."""

from pathlib import Path

import pytest
from sqlalchemy import text

from hallflow.storage.database.engine import Unreachable, open_engine
from tests.makers import sqlite_url
from tests.servers import free_port


def test_no_acknowledged_commit_can_be_lost_to_a_power_cut(tmp_path: Path) -> None:
    """WAL, FULL: measured against power cuts; every connection of the pool has them, not only the first."""
    engine = open_engine(sqlite_url(tmp_path))
    opened = [engine.connect() for _ in range(3)]
    for connection in opened:
        asked = {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar_one() for name in PRAGMAS}
        assert asked == PRAGMAS
    for connection in opened:
        connection.close()


def test_a_postgresql_that_would_answer_before_it_has_written_is_told_to_write_first(postgres_url: str) -> None:
    engine = open_engine(postgres_url)
    with engine.connect() as first, engine.connect() as second:
        for connection in (first, second):
            assert connection.execute(text("SHOW synchronous_commit")).scalar_one() == "on"
    engine.dispose()


PRAGMAS = {
    "journal_mode": "wal",
    "synchronous": 2,
    "busy_timeout": 10000,
    "foreign_keys": 1,
    "wal_autocheckpoint": 20000,
}


def test_the_folder_of_the_database_is_made(tmp_path: Path) -> None:
    open_engine(f"sqlite:///{tmp_path}/a/b/hall.db").dispose()
    assert (tmp_path / "a" / "b" / "hall.db").exists()


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("mysql://h/x", "mysql is not a database Hallflow knows"),
        ("nonsense", "HALLFLOW_DATABASE_URL cannot be understood"),
        ("oracle+nothing://h/x", "oracle is not a database Hallflow knows"),
    ],
)
def test_a_database_of_another_kind_is_refused(url: str, said: str) -> None:
    with pytest.raises(Unreachable, match=said):
        open_engine(url)


def test_a_server_that_is_not_there_is_named_without_its_password() -> None:
    port = free_port()
    with pytest.raises(Unreachable) as fault:
        open_engine(f"postgresql://hall:geheim@127.0.0.1:{port}/hall")
    assert f"127.0.0.1:{port}/hall cannot be reached" in str(fault.value)
    assert "geheim" not in str(fault.value)


def test_a_folder_that_cannot_be_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(Unreachable, match=r"file/hall\.db cannot be reached"):
        open_engine(f"sqlite:///{tmp_path}/file/hall.db")


def test_a_file_that_is_no_database_is_named(tmp_path: Path) -> None:
    (tmp_path / "hall.db").write_text("this is not a database, and long enough to be read as one " * 20)
    with pytest.raises(Unreachable, match=r"hall\.db cannot be reached: .*not a database"):
        open_engine(f"sqlite:///{tmp_path}/hall.db")
