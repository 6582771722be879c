"""SQLite's write-ahead log stays short, without delaying anybody."""

import threading
from pathlib import Path

from sqlalchemy import Engine, StaticPool, create_engine, text
from structlog.testing import capture_logs

from hallflow.storage.database.checkpoints import COMMITS, Checkpoints
from hallflow.storage.database.engine import open_engine
from hallflow.storage.turns import Turns
from tests.makers import sqlite_url


def test_many_commits_leave_a_short_log(tmp_path: Path) -> None:
    engine = open_engine(sqlite_url(tmp_path))
    turns = Turns(engine)
    with turns.of("central") as connection:
        connection.execute(text("CREATE TABLE said (word TEXT)"))
    for n in range(3 * COMMITS):
        with turns.of("central") as connection:
            connection.execute(text("INSERT INTO said VALUES (:word)"), {"word": "x" * 3000})
        if n % 10 == 0:
            for thread in [each for each in threading.enumerate() if each.name == "checkpoint"]:
                thread.join()
    # each of these commits wrote two pages at least
    assert pages_in_log(engine) < 3 * COMMITS
    engine.dispose()


def test_a_checkpoint_that_fails_is_told_and_harms_nothing(tmp_path: Path) -> None:
    engine = create_engine(sqlite_url(tmp_path), poolclass=StaticPool)
    with engine.connect() as connection:
        connection.execute(text("PRAGMA journal_mode=WAL"))
        # SQLite makes no checkpoint in the middle of a transaction
        connection.execute(text("CREATE TABLE said (word TEXT)"))
        connection.exec_driver_sql("INSERT INTO said VALUES ('kept')")
        with capture_logs() as told:
            Checkpoints(engine).carry_over()
    assert [each["event"] for each in told] == ["checkpoint_failed"]
    engine.dispose()


def pages_in_log(engine: Engine) -> int:
    """How many pages a checkpoint finds."""
    connection = engine.raw_connection()
    cursor = connection.cursor()
    cursor.execute("PRAGMA wal_checkpoint(PASSIVE)")
    found = cursor.fetchone()
    connection.close()
    return int(found[1]) if found else -1
