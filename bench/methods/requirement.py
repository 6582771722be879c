"""Time of a day's staffing search, and how much it slows down the issuing of tickets meanwhile."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.figures import Figures, Goal, share
from bench.methods import paper
from bench.rig import house
from bench.rig.people import People
from bench.rig.wire import Clients, Timed
from hallflow.foresight.arrivals import DayForecast
from hallflow.foresight.staffing.required import required
from hallflow.foresight.twin import compiled
from hallflow.jobs.schedule import STANDS_BACK

GOAL_SECONDS = 30.0
PER_QUARTER, CV = 85.0, 0.12
SECONDS, QUICK_SECONDS = 20.0, 3.0
EVERY = 0.1
SLOWER_AT_MOST = 1.5
COUNTED = (
    "A hall of 40 counters in eight skill groups, five services, three tiers, {tickets:,} customers a day of varying busyness, with numba: seconds "
    "of this machine's clock for the whole search. Then the same search goes on beside a server, over and over, in a process that "
    "stands back as the worker's does, while a customer takes a number every {every} ms for {seconds:.0f} s, without it and with it: milliseconds "
    "until the answer."
)


def measure(quick: bool) -> Figures:
    """Seconds of the search; and the answers' times without and with it."""
    _wait_for_the_compiler()
    rows, facts, goals = [], {}, []
    seconds, tried, days, counters = _search()
    facts["search"] = {"seconds": seconds, "plans": tried, "days": days, "counters": counters}
    rows.append(["search", f"{seconds:.1f} s", f"{tried} plans on {days} days each", ""])
    goals.append(Goal(f"40 counters in {GOAL_SECONDS:.0f} s", f"{seconds:.1f} s", seconds <= GOAL_SECONDS))
    times = {}
    with house.folder() as where, house.serving(where, settled=not quick) as served:
        people, client = People(Clients(served.port, 1)), Clients(served.port, 1)
        _ticketing(people, client, QUICK_SECONDS)
        for name, beside in (("alone", False), ("beside the search", True)):
            with _searching(where) if beside else _nothing():
                times[name] = _ticketing(people, client, QUICK_SECONDS if quick else SECONDS)
            rows.append(
                [
                    f"a number, {name}",
                    f"{len(times[name])}",
                    *(f"{1000 * share(times[name], part):.1f} ms" for part in (0.5, 0.95)),
                ]
            )
    alone, beside = (share(each, 0.5) for each in times.values())
    facts["milliseconds"] = {name: [round(1000 * each, 1) for each in found] for name, found in times.items()}
    goals.append(
        Goal(
            f"a number beside the search within {SLOWER_AT_MOST} x its time alone, at the median",
            f"{beside / alone:.2f} x",
            beside <= SLOWER_AT_MOST * alone,
        )
    )
    counted = COUNTED.format(
        tickets=round(_day().expected()), every=round(1000 * EVERY), seconds=QUICK_SECONDS if quick else SECONDS
    )
    columns = ("what", "seconds, or how many", "p50, or how", "p95")
    return Figures("requirement", "What a day requires", counted, columns, rows, facts, goals)


def _day() -> DayForecast:
    return paper.a_day(PER_QUARTER, paper.SHARES, CV)


def _search() -> tuple[float, int, int, list[int]]:
    plan, learned = paper.forty_counters()
    began = time.perf_counter()
    found = required(plan, learned, _day(), [7], fast=True)
    seconds = time.perf_counter() - began
    if found is None:
        raise RuntimeError("the search found nothing for a day on which somebody comes")
    return seconds, found.plans_tried, found.days_played, [quarter.counters for quarter in found.quarters]


def _wait_for_the_compiler() -> None:
    while not compiled.ready():
        time.sleep(0.1)


def _ticketing(people: People, client: Clients, seconds: float) -> list[float]:
    """The answers' seconds of customers who come one after another."""
    found, until = [], time.perf_counter() + seconds
    while time.perf_counter() < until:
        began = time.perf_counter()
        answers = client.all(people.arrivals(1), Timed())
        found += [answer.seconds for answer in answers]
        time.sleep(max(EVERY - (time.perf_counter() - began), 0.0))
    return found


@contextmanager
def _searching(where: Path) -> Iterator[None]:
    """A process that searches over and over, once it has begun."""
    begun = where / "searching"
    process = subprocess.Popen([sys.executable, "-m", "bench.methods.requirement", str(begun)], cwd=house.ROOT)
    try:
        while not begun.exists():
            time.sleep(0.05)
        yield
    finally:
        process.kill()
        process.wait()


@contextmanager
def _nothing() -> Iterator[None]:
    yield


if __name__ == "__main__":
    os.nice(STANDS_BACK)
    _wait_for_the_compiler()
    Path(sys.argv[1]).touch()
    while True:
        _search()
