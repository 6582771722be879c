"""Idempotency under load: a hundred thousand changes by crowds of every size, in one process and in four."""

import random
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bench.figures import Figures
from bench.rig import chain, house
from bench.rig.house import COUNTERS
from bench.rig.people import People, good
from bench.rig.wire import Answer, Clients, Timed
from bench.service.traffic import count_twice, never_twice

CLIENTS = (1, 2, 4, 16, 64)
OPERATIONS, QUICK_OPERATIONS = 100_000, 1_000
PROCESSES = (1, 4)
# of the numbers and calls asked for, one in so many is asked for twice in the same moment, as by a line that broke
AGAIN = 20
COUNTED = (
    f"In each round {COUNTERS} customers ask for numbers while every one of {COUNTERS} counters calls, in random order and at once; "
    f"then all arrive, then all finish. One request in {AGAIN} is sent twice with the same key. One process is the default on SQLite; "
    "four are on PostgreSQL and Valkey, and each client sends each request to the next process. Counted are the answers to every "
    "client, and the hall's log afterwards."
)
COLUMNS = ("processes, clients", "operations", "a second", "asked twice", "answered differently")


def measure(quick: bool) -> Figures:
    """Counts at each number of clients, with one process and with four."""
    each = (QUICK_OPERATIONS if quick else OPERATIONS) // len(PROCESSES) // len(CLIENTS)
    rows: list[list[str]] = []
    seen: dict[str, int] = {}
    for processes in PROCESSES:
        with house.folder() as fresh:
            if processes == 1:
                counted = _crowds(fresh, None, processes, each, rows, settled=not quick)
            else:
                with chain.servers(fresh) as named:
                    counted = _crowds(fresh, named, processes, each, rows, settled=not quick)
        seen = {what: seen.get(what, 0) + counted.get(what, 0) for what in {**seen, **counted}}
    return Figures(
        "once",
        f"Exactly once, {(QUICK_OPERATIONS if quick else OPERATIONS):,} operations",
        COUNTED,
        COLUMNS,
        rows,
        {"twice": seen},
        [never_twice(seen)],
    )


def _crowds(
    where: Path,
    named: Mapping[str, str] | None,
    processes: int,
    operations: int,
    rows: list[list[str]],
    *,
    settled: bool,
) -> dict[str, int]:
    rng = random.Random(processes)
    issued: list[Answer] = []
    called: list[Answer] = []
    differently = 0
    with house.serving(where, named, processes, settled=settled) as served:
        with Clients(served.ports, 4) as client:
            people = People(client)
            issued += people.fill(client, 200)
        for clients in CLIENTS:
            with Clients(served.ports, clients) as crowd:
                told = Told()
                began = time.perf_counter()
                while told.operations < operations:
                    told.round(people, crowd, rng)
                rate = told.operations / (time.perf_counter() - began)
            issued += told.issued
            called += told.called
            differently += told.differently
            rows.append(
                [
                    f"{processes}, {clients}",
                    f"{told.operations:,}",
                    f"{rate:,.0f}",
                    str(told.again),
                    str(told.differently),
                ]
            )
        with Clients(served.port, 1) as client:
            return count_twice(issued, called, people.log(client)) | {"retries answered differently": differently}


class Told:
    """What a crowd was told."""

    def __init__(self) -> None:
        self.operations = self.again = self.differently = 0
        self.issued: list[Answer] = []
        self.called: list[Answer] = []

    def round(self, people: People, crowd: Clients, rng: random.Random) -> None:
        """Numbers and calls at once, then everybody served."""
        arrivals, calls = people.arrivals(COUNTERS), people.verb("call-next")
        asked = arrivals + calls
        rng.shuffle(asked)
        # the second of a pair follows at once, so that both are under way together
        asked = [each for one in asked for each in [one] * (1 + (rng.randrange(AGAIN) == 0))]
        answers: dict[bytes, list[Answer]] = {}
        for request, answer in zip(asked, crowd.all(asked, Timed()), strict=True):
            answers.setdefault(request, []).append(good(answer))
        wanted = set(arrivals)
        for request, each in answers.items():
            # the answer that did it; the other one was told what had been done
            each.sort(key=lambda answer: b"Idempotent-Replay" in answer.raw)
            (self.issued if request in wanted else self.called).append(each[0])
            self.again += len(each) - 1
            self.differently += len({_number(answer.body) for answer in each}) - 1
        for verb in ("arrived", "finish"):
            for answer in crowd.all(people.verb(verb), Timed()):
                good(answer)
        self.operations += len(asked) + 2 * COUNTERS


def _number(body: dict[str, Any]) -> Any:
    return body["number"] if "number" in body else (body["serving"] or {}).get("number")
