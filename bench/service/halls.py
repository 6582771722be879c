"""Whether halls scale in parallel: one hall, then two at once, on PostgreSQL with two processes."""

import os
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from bench.figures import Figures, Goal
from bench.rig.house import COUNTERS, HALL, OTHER, Served, family, seconds_of, servers_of
from bench.rig.people import People, good
from bench.rig.wire import Clients, Timed

CLIENTS = 16
SECONDS, QUICK_SECONDS = 20, 2
GOAL = 1.6
BUSY = 0.9
WAITING = 200
COUNTED = (
    f"For each hall {CLIENTS} clients issue {COUNTERS} numbers, call at {COUNTERS} counters, let all arrive and finish, over and over; "
    f"{WAITING} customers wait. A hall's clients ask one process, or turn by turn both. CPU is in cores of this machine's "
    f"{os.cpu_count()}: of the processes that serve, of PostgreSQL's, and of the clients, which are one process."
)
COLUMNS = ("halls", "a second", "of one hall", "servers' cores", "PostgreSQL's", "clients'", "machine busy")


def measure(served: Served, database: int, *, quick: bool) -> Figures:
    """Changes a second of one hall at one process, of one at both, and of two at one each."""
    seconds = QUICK_SECONDS if quick else SECONDS
    first, second = served.ports
    plans = {
        "one hall, one process": {HALL: [first]},
        "one hall, both processes": {HALL: [first, second]},
        "two halls, a process each": {HALL: [first], OTHER: [second]},
    }
    people = {}
    for hall in (HALL, OTHER):
        with Clients(first, CLIENTS) as client:
            people[hall] = People(client, hall)
            people[hall].fill(client, WAITING)
    facts = [_run(what, people, halls, served, database, seconds) for what, halls in plans.items()]
    one, two = facts[0]["per_second"], facts[-1]
    ratio, limit = two["per_second"] / one, _limit(two)
    rows = [_row(fact, one) for fact in facts]
    goals = [Goal(f"two halls at least {GOAL} times one hall", f"{ratio:.2f}; the limit is {limit}", ratio >= GOAL)]
    return Figures("halls", "Two halls in parallel", COUNTED, COLUMNS, rows, {"runs": facts}, goals)


def _run(
    what: str,
    people: dict[str, People],
    halls: Mapping[str, Sequence[int]],
    served: Served,
    database: int,
    seconds: float,
) -> dict[str, Any]:
    servers, done = servers_of(served.process.pid), dict.fromkeys(halls, 0)
    spent, until = _spent(servers, database), time.monotonic() + seconds
    began, idle = time.monotonic(), _idle()

    def crowd(hall: str, ports: Sequence[int]) -> None:
        with Clients(ports, CLIENTS) as clients:
            while time.monotonic() < until:
                for asked in _round(people[hall]):
                    done[hall] += len([good(answer) for answer in clients.all(asked, Timed())])

    crowds = [threading.Thread(target=crowd, args=each) for each in halls.items()]
    for each in crowds:
        each.start()
    for each in crowds:
        each.join()
    passed = time.monotonic() - began
    cores = [(after - before) / passed for after, before in zip(_spent(servers, database), spent, strict=True)]
    busy = 1 - (_idle() - idle) / passed / (os.cpu_count() or 1)
    return {
        "what": what,
        "per_second": round(sum(done.values()) / passed, 1),
        "server_cores": round(cores[0], 2),
        "database_cores": round(cores[1], 2),
        "client_cores": round(cores[2], 2),
        "busy": round(busy, 3),
    }


def _round(people: People) -> list[list[bytes]]:
    return [people.arrivals(COUNTERS), *(people.verb(verb) for verb in ("call-next", "arrived", "finish"))]


def _spent(servers: Sequence[int], database: int) -> tuple[float, float, float]:
    """Seconds of the processor of the servers, of the database with its backends, and of this process."""
    return (
        sum(map(seconds_of, servers)),
        sum(map(seconds_of, (database, *family(database)))),
        time.process_time(),
    )


def _idle() -> float:
    """Seconds for which the machine's cores have had nothing to do."""
    told = Path("/proc/stat").read_text().split()
    return int(told[4]) / os.sysconf("SC_CLK_TCK")


def _limit(fact: dict[str, Any]) -> str:
    cores = os.cpu_count() or 1
    if fact["busy"] >= BUSY:
        used = f"servers {fact['server_cores']}, PostgreSQL {fact['database_cores']}, clients {fact['client_cores']}"
        return f"this machine's {cores} cores ({fact['busy']:.0%} busy: {used})"
    if fact["server_cores"] >= BUSY * 2:
        return "each process's one interpreter"
    return f"not the processor (machine {fact['busy']:.0%} busy): waiting for PostgreSQL's commits"


def _row(fact: dict[str, Any], one: float) -> list[str]:
    return [
        fact["what"],
        f"{fact['per_second']:,.0f}",
        f"{fact['per_second'] / one:.2f}",
        f"{fact['server_cores']:.2f}",
        f"{fact['database_cores']:.2f}",
        f"{fact['client_cores']:.2f}",
        f"{fact['busy']:.0%}",
    ]
