"""The database is opened the one safe way, or it is said what is wrong with it."""

import threading
import time
from pathlib import Path

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import IntegrityError

from hallflow.storage.engine import Turns, Unreachable, open_engine
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


PRAGMAS = {"journal_mode": "wal", "synchronous": 2, "busy_timeout": 10000, "foreign_keys": 1}


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


def test_turns_of_one_hall_never_cross(engine: Engine) -> None:
    seen = {"central": 0, "most": 0}
    turns = [Turns(engine), Turns(engine)]

    def change(turn: Turns) -> None:
        for _ in range(5):
            with turn.of("central"):
                seen["central"] += 1
                seen["most"] = max(seen["most"], seen["central"])
                time.sleep(0.002)
                seen["central"] -= 1

    threads = [threading.Thread(target=change, args=(turns[n % 2],)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen["most"] == 1


def test_halls_of_a_chain_change_in_parallel(postgres_url: str) -> None:
    engine = open_engine(postgres_url)
    turns = Turns(engine)
    with turns.of("central"), turns.of("county") as other:
        assert other.execute(text("SELECT 1")).scalar_one() == 1
    engine.dispose()


def test_a_crowd_that_waits_for_one_hall_leaves_the_others_their_connections(postgres_url: str) -> None:
    engine = open_engine(postgres_url)
    turns, begun = Turns(engine), threading.Semaphore(0)

    def wait_for_central() -> None:
        begun.release()
        with turns.of("central") as mine:
            mine.execute(text("SELECT 1"))

    # more than the pool has connections
    crowd = [threading.Thread(target=wait_for_central) for _ in range(100)]
    with turns.of("central"):
        for one in crowd:
            one.start()
        for _ in crowd:
            begun.acquire()
        time.sleep(0.3)
        with turns.of("county") as other:
            assert other.execute(text("SELECT 1")).scalar_one() == 1
        assert engine.pool.checkedout() <= 2
    for one in crowd:
        one.join(30)
    assert not any(one.is_alive() for one in crowd)
    engine.dispose()


def test_a_turn_that_fails_leaves_nothing(engine: Engine) -> None:
    turns = Turns(engine)
    with pytest.raises(IntegrityError):
        insert_twice(turns)
    with engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM customers")).scalar_one() == 0


def insert_twice(turns: Turns) -> None:
    with turns.of("central") as connection:
        for _ in range(2):
            connection.execute(text("INSERT INTO customers (digest, tier) VALUES ('x', 'gold')"))
