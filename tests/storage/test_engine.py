"""The database is opened the one safe way, or it is said what is wrong with it."""

import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, event, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from hallflow.domain.refusals import Refused
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


def test_a_postgresql_that_would_answer_before_it_has_written_is_told_to_write_first(postgres_url: str) -> None:
    engine = open_engine(postgres_url)
    with engine.connect() as first, engine.connect() as second:
        for connection in (first, second):
            assert connection.execute(text("SHOW synchronous_commit")).scalar_one() == "on"
    engine.dispose()


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


def test_those_who_stand_in_line_are_made_durable_together(engine: Engine) -> None:
    """Ten behind one: eleven customers, two commits at most, and nobody is told before all of them are kept."""
    turns, commits = Turns(engine), []
    event.listen(engine, "commit", commits.append)
    line = InLine(turns, 10, lambda name, connection: add(connection, name))
    begin_and_wait(turns, line)
    line.join()
    assert customers(engine) == {"first", *(str(n) for n in range(10))}
    assert len(commits) <= 2
    assert not line.faults


def test_one_who_fails_in_line_undoes_nobody_else(engine: Engine) -> None:
    """A row that is there already, and a plain refusal, among others who are served."""

    def act(name: str, connection: Connection) -> None:
        add(connection, name)
        if name == "3":
            add(connection, "first")
        if name == "5":
            raise Refused("nobody_waiting")

    turns = Turns(engine)
    line = InLine(turns, 8, act)
    begin_and_wait(turns, line)
    line.join()
    assert {name: type(fault) for name, fault in line.faults.items()} == {"3": IntegrityError, "5": Refused}
    assert customers(engine) == {"first", "0", "1", "2", "4", "6", "7"}


def test_nobody_is_told_of_a_change_that_could_not_be_kept(engine: Engine) -> None:
    """One in line breaks the database's own transaction: all who shared it are told, and the next turn is good again."""

    def act(name: str, connection: Connection) -> None:
        add(connection, name)
        if name == "broken":
            connection.execute(text("SELECT nothing FROM nowhere"))

    turns = Turns(engine)
    line = InLine(turns, 1, lambda _, connection: act("broken", connection))
    with pytest.raises(DBAPIError, match="nowhere"):
        begin_and_wait(turns, line)
    line.join()
    assert list(map(type, line.faults.values())) == [type(line.faults["0"])]
    assert isinstance(line.faults["0"], DBAPIError)
    assert customers(engine) == set()
    with turns.of("central") as connection:
        add(connection, "afterwards")
    assert customers(engine) == {"afterwards"}


def test_what_was_done_in_line_is_seen_by_the_next_in_line(engine: Engine) -> None:
    turns, seen = Turns(engine), []

    def act(name: str, connection: Connection) -> None:
        add(connection, name)
        seen.append(connection.execute(text("SELECT count(*) FROM customers")).scalar_one())

    line = InLine(turns, 5, act)
    begin_and_wait(turns, line)
    line.join()
    assert seen == [2, 3, 4, 5, 6]


class InLine:
    """Threads that want the turn while somebody else has it."""

    def __init__(self, turns: Turns, count: int, act: Callable[[str, Connection], None]) -> None:
        self.faults: dict[str, Exception] = {}
        self._turns, self._act, self._count = turns, act, count
        self._threads = [threading.Thread(target=self._want, args=(str(n),)) for n in range(count)]

    def wait_for_all(self) -> None:
        """Let them come, and wait until each stands in line."""
        for thread in self._threads:
            thread.start()
        line = next(iter(self._turns._lines.values()))
        for _ in range(2000):
            if line._waiting == self._count:
                return
            time.sleep(0.005)
        raise AssertionError(f"only {line._waiting} of {self._count} came")

    def join(self) -> None:
        for thread in self._threads:
            thread.join()

    def _want(self, name: str) -> None:
        try:
            with self._turns.of("central") as connection:
                self._act(name, connection)
        except (Refused, DBAPIError) as fault:
            self.faults[name] = fault


def begin_and_wait(turns: Turns, line: InLine) -> None:
    """Do something first, and keep the turn until the others stand in line."""
    with turns.of("central") as connection:
        add(connection, "first")
        line.wait_for_all()


def add(connection: Connection, name: str) -> None:
    connection.execute(text("INSERT INTO customers (digest, tier) VALUES (:name, 'gold')"), {"name": name})


def customers(engine: Engine) -> set[str]:
    with engine.connect() as connection:
        return set(connection.execute(text("SELECT digest FROM customers")).scalars())
