"""Mutual exclusion and group commit: one at a time, durable together, no notification of what was not committed."""

import threading
import time
from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy import Connection, Engine, event, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from hallflow.domain.refusals import Refused
from hallflow.storage.database.engine import open_engine
from hallflow.storage.log import ledger
from hallflow.storage.log.ledger import Head
from hallflow.storage.turns import Turn, Turns
from tests.makers import DAY, WEDNESDAY


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
        one.join(60)
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
    line = InLine(turns, 10, lambda name, turn: add(turn.connection, name))
    begin_and_wait(turns, line)
    line.join()
    assert customers(engine) == {"first", *(str(n) for n in range(10))}
    assert len(commits) <= 2
    assert not line.faults


def test_one_who_fails_in_line_undoes_nobody_else(engine: Engine) -> None:
    """A row that is there already, and a plain refusal, among others who are served."""

    def act(name: str, turn: Turn) -> None:
        connection = turn.connection
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

    def act(name: str, turn: Turn) -> None:
        connection = turn.connection
        add(connection, name)
        if name == "broken":
            connection.execute(text("SELECT nothing FROM nowhere"))

    turns = Turns(engine)
    line = InLine(turns, 1, lambda _, turn: act("broken", turn))
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

    def act(name: str, turn: Turn) -> None:
        connection = turn.connection
        add(connection, name)
        seen.append(connection.execute(text("SELECT count(*) FROM customers")).scalar_one())

    line = InLine(turns, 5, act)
    begin_and_wait(turns, line)
    line.join()
    assert seen == [2, 3, 4, 5, 6]


def test_a_head_goes_from_turn_to_turn_and_is_written_at_the_end(engine: Engine) -> None:
    """Ten behind one: each finds the log where the one before it left it."""
    turns, found = Turns(engine), []
    begin_log(turns)

    def act(_: str, turn: Turn) -> None:
        found.append(step_on(turn).seq)

    line = InLine(turns, 10, act)
    with turns.turn("central") as turn:
        act("first", turn)
        line.wait_for_all()
    line.join()
    assert found == list(range(1, 12))
    with engine.connect() as connection:
        assert ledger.heads(connection) == {"central": 11}


def test_a_turn_that_fails_in_line_leaves_the_head_where_it_found_it(engine: Engine) -> None:
    turns = Turns(engine)
    begin_log(turns)

    def act(_: str, turn: Turn) -> None:
        if step_on(turn).seq == 3:
            failed.append(True)
            raise Refused("nobody_waiting")

    failed: list[bool] = []
    line = InLine(turns, 3, act)
    with turns.turn("central") as turn:
        act("first", turn)
        line.wait_for_all()
    line.join()
    # 1 and 2, then nobody gets past 3
    assert failed == [True, True]
    with engine.connect() as connection:
        assert ledger.heads(connection) == {"central": 2}


def test_whoever_reads_the_tables_in_line_finds_the_head_there(engine: Engine) -> None:
    turns, seen = Turns(engine), []
    begin_log(turns)

    def read(_: str, turn: Turn) -> None:
        turn.settle()
        seen.append(ledger.heads(turn.connection))

    line = InLine(turns, 1, read)
    with turns.turn("central") as turn:
        step_on(turn)
        line.wait_for_all()
    line.join()
    assert seen == [{"central": 1}]


def begin_log(turns: Turns) -> None:
    with turns.of("central") as connection:
        ledger.begin(connection, "central", WEDNESDAY, DAY)


def step_on(turn: Turn) -> Head:
    """Move the head on by one, as a change does."""
    head = turn.head("central")
    assert head is not None
    after = replace(head, seq=head.seq + 1)
    turn.move_head("central", head, after)
    return after


class InLine:
    """Threads that want the turn while somebody else has it."""

    def __init__(self, turns: Turns, count: int, act: Callable[[str, Turn], None]) -> None:
        self.faults: dict[str, Exception] = {}
        self._turns, self._act, self._count = turns, act, count
        self._threads = [threading.Thread(target=self._want, args=(str(n),)) for n in range(count)]

    def wait_for_all(self) -> None:
        """Let them come, and wait until each stands in line."""
        for thread in self._threads:
            thread.start()
        line = next(iter(self._turns._lines.values()))
        for _ in range(12_000):
            if line._waiting == self._count:
                return
            time.sleep(0.005)
        raise AssertionError(f"only {line._waiting} of {self._count} came")

    def join(self) -> None:
        for thread in self._threads:
            thread.join()

    def _want(self, name: str) -> None:
        try:
            with self._turns.turn("central") as turn:
                self._act(name, turn)
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
