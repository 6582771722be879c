"""Concurrency: no number twice, no customer called by two counters, no gap in the log."""

import os
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import Engine

from hallflow.domain.refusals import Refused
from hallflow.hall import Hall
from hallflow.operations.floor import calling, days, serving, ticketing
from hallflow.operations.floor.ticketing import Wish
from hallflow.storage.database.engine import open_engine
from hallflow.storage.log import ledger
from hallflow.storage.turns import Turns
from tests.exactly_once import check_events
from tests.makers import FakeClock, a_hall, a_plan, a_visit, an_engine, log_of, sqlite_url, take
from tests.operations.refusing import refuses

ROOT = Path(__file__).parents[2]
THREADS = 16


def all_at_once(*work: Callable[[], None]) -> None:
    """Run these on threads that begin together; the first fault of any comes out here."""
    barrier = threading.Barrier(len(work))

    def run(one: Callable[[], None]) -> None:
        barrier.wait()
        one()

    with ThreadPoolExecutor(len(work)) as pool:
        for begun in [pool.submit(run, one) for one in work]:
            begun.result()


def check_log(hall: Hall) -> None:
    """The log is gapless, gives no number twice, and calls nobody who is already called."""
    check_events(log_of(hall))


def issue(hall: Hall, times: int) -> Callable[[], None]:
    def run() -> None:
        for n in range(times):
            take(hall, ("bills", "sim", "loan")[n % 3])

    return run


def serve(hall: Hall, counter: str, times: int) -> Callable[[], None]:
    def run() -> None:
        for _ in range(times):
            try:
                calling.call_next(hall, counter)
                calling.arrived(hall, counter)
                serving.finish(hall, counter)
            except Refused as fault:
                if fault.code != "nobody_waiting":
                    raise

    return run


def test_sixteen_clients_of_one_hall_never_cross(engine: Engine) -> None:
    hall = a_hall(engine, a_plan(counters={str(n): ("bills", "sim", "loan") for n in range(1, 9)}))
    all_at_once(*(issue(hall, 8) for _ in range(8)), *(serve(hall, str(n), 8) for n in range(1, 9)))
    check_log(hall)
    assert hall.floor.tally.issued == 64
    assert hall.floor.tally.served + hall.floor.waiting_count() == 64


def test_clients_of_several_processes_never_cross(engine: Engine, clock: FakeClock) -> None:
    """Each Hall is a process of its own: another memory, another pool, one database."""
    plan = a_plan(counters={str(n): ("bills", "sim", "loan") for n in range(1, 5)})
    first = a_hall(engine, plan, clock)
    others = [open_engine(engine.url.render_as_string(hide_password=False)) for _ in range(3)]
    halls = [first, *(Hall(plan, Turns(other), clock) for other in others)]
    work = [issue(hall, 6) for hall in halls] + [serve(hall, str(n), 6) for n, hall in enumerate(halls, 1)]
    all_at_once(*work)
    check_log(first)
    for hall in halls:
        hall.catch_up()
        assert hall.floor == halls[0].floor
    assert first.floor.tally.issued == 24
    for other in others:
        other.dispose()


def test_one_counter_calls_one_customer_however_often_it_is_asked_at_once(small_hall: Hall) -> None:
    for _ in range(THREADS):
        take(small_hall)
    outcomes: list[str] = []

    def call() -> None:
        try:
            outcomes.append(calling.call_next(small_hall, "1").number)
        except Refused as fault:
            outcomes.append(fault.code)

    all_at_once(*[call] * THREADS)
    assert Counter(outcomes) == {"A001": 1, "counter_busy": THREADS - 1}


def test_a_kiosk_that_asks_again_and_again_gets_one_ticket(small_hall: Hall) -> None:
    visit = a_visit()
    given: list[tuple[str, str, bool]] = []

    def ask() -> None:
        held, new = ticketing.take_ticket(small_hall, Wish(["bills"], visit=visit))
        given.append((held.ticket.number, held.token, new))

    all_at_once(*[ask] * THREADS)
    assert len({(number, token) for number, token, _ in given}) == 1
    assert sum(new for _, _, new in given) == 1
    assert small_hall.floor.tally.issued == 1


def test_two_processes_never_decide_on_an_old_floor(engine: Engine, clock: FakeClock) -> None:
    first = a_hall(engine, clock=clock)
    second = Hall(first.plan, Turns(engine), clock)
    assert take(first).ticket.number == "A001"
    assert take(second).ticket.number == "A002"
    assert calling.call_next(second, "1").number == "A001"
    # the first has not looked around since, and still knows
    with refuses_after_catching_up(first, "counter_busy"):
        calling.call_next(first, "1")
    assert calling.call_next(first, "2").number == "A002"
    serving_now = calling.arrived(second, "2")
    assert serving_now.state == "serving"
    second.catch_up()
    first.catch_up()
    assert first.floor == second.floor
    check_log(first)


def refuses_after_catching_up(hall: Hall, code: str):
    hall.catch_up()
    return refuses(hall, code)


def test_another_process_may_open_the_next_day(engine: Engine, clock: FakeClock) -> None:
    first = a_hall(engine, clock=clock)
    second = Hall(first.plan, Turns(engine), clock)
    take(first)
    second.catch_up()
    clock.forward(hours=24)
    days.begin_day(second)
    assert take(first).ticket.number == "A001"
    assert take(second).ticket.number == "A002"
    assert first.catch_up()
    assert first.floor == second.floor


def test_a_process_that_starts_later_knows_everything(engine: Engine, clock: FakeClock) -> None:
    first = a_hall(engine, clock=clock)
    take(first)
    calling.call_next(first, "1")
    fresh = Hall(first.plan, Turns(engine), clock)
    assert fresh.catch_up() is True
    assert fresh.floor == first.floor
    assert fresh.catch_up() is False


ISSUE = """
import sys
from tests.makers import *
hall = Hall(a_plan(), Turns(open_engine(sys.argv[1])), FakeClock())
for n in range(int(sys.argv[2])):
    print(take(hall).ticket.number, flush=True)
"""


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_real_processes_on_one_database_give_no_number_twice(
    kind: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    url = sqlite_url(tmp_path) if kind == "sqlite" else request.getfixturevalue("postgres_url")
    engine = an_engine(url)
    hall = a_hall(engine)
    command = [sys.executable, "-c", ISSUE, url, "40"]
    processes = [
        subprocess.Popen(
            command, cwd=ROOT, env=os.environ | {"PYTHONPATH": str(ROOT)}, stdout=subprocess.PIPE, text=True
        )
        for _ in range(2)
    ]
    given = [number for process in processes for number in process.communicate(timeout=300)[0].split()]
    assert [process.returncode for process in processes] == [0, 0]
    assert sorted(given) == [f"A{n:03}" for n in range(1, 81)]
    hall.catch_up()
    check_log(hall)
    with hall.reading() as connection:
        assert len(ledger.tickets_of(connection, hall.key, hall.floor.day)) == 80
    engine.dispose()
