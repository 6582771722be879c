"""Computing times of the simulation: a thousand replications of a hall, and a whole outlook."""

import time
import tracemalloc
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import cycle
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

from bench.figures import Figures, Goal
from bench.rig.house import HALL, OFFERED
from hallflow.config import load
from hallflow.domain.events import Event
from hallflow.domain.floor import Floor, empty_floor
from hallflow.domain.floor_events import evolve
from hallflow.domain.plan import Plan
from hallflow.foresight.learning.learned import from_plan
from hallflow.foresight.outlook import draw_outlook
from hallflow.foresight.twin.play import PLAYS, play

TIMES, QUICK_TIMES = 7, 2
HALLS = ((30, 12), (300, 40), (1000, 64))
WAYS = (("numba", True), ("numpy", False))
PLAY_GOALS = {"numba": 0.050, "numpy": 0.250}
REFRESH_GOAL = 1.0
MEMORY_GOAL = 400.0
# Monday, mid-morning at Shanghai
NOW = datetime(2026, 6, 1, 2, 30, tzinfo=UTC)
COUNTED = (
    f"On one core, in this process, seconds of its processor: `play` is {PLAYS:,} plays of everybody present and every next "
    "arrival; `draw_outlook` is the worker's whole refresh with ranges, quarters and recommendations, in which numpy takes fewer "
    "plays of a full hall. MB is the most that numpy's arrays held at once. All counters open and serving; no history learned yet."
)


def measure(where: Path, *, quick: bool) -> Figures:
    """Seconds of each sum on each hall."""
    plan = load(where / "config", demo=True).plans[HALL]
    rows, facts = [], []
    for waiting, counters in HALLS:
        floor = busy_floor(plan, waiting, counters)
        for way, fast in WAYS:
            for name, sum_of in (("play", _play), ("draw_outlook", _draw)):
                # a thousand plays of a full hall are asked of numba alone
                if name == "play" and waiting > 30 and not fast:
                    continue
                seconds = _timed(partial(sum_of, floor, plan, fast), QUICK_TIMES if quick else TIMES)
                peak = _peak_mb(partial(sum_of, floor, plan, fast))
                facts.append(
                    {"waiting": waiting, "counters": counters, "by": way, "sum": name, "seconds": seconds, "mb": peak}
                )
                rows.append(
                    [
                        f"{waiting} waiting x {counters} counters", way, name,
                        f"{median(seconds):.3f}", f"{max(seconds):.3f}", f"{peak:.0f}",
                    ]
                )  # fmt: skip
    columns = ("hall", "by", "sum", "median s", "longest s", "MB")
    return Figures("twin", "The twin", COUNTED, columns, rows, {"sums": facts}, list(_goals(facts)))


def _goals(facts: list[dict[str, Any]]) -> Iterator[Goal]:
    def found(waiting: int, way: str, name: str) -> dict[str, Any]:
        return next(f for f in facts if (f["waiting"], f["by"], f["sum"]) == (waiting, way, name))

    for way, goal in PLAY_GOALS.items():
        took = median(found(30, way, "play")["seconds"])
        what = f"{PLAYS:,} plays of 30 waiting x 12 counters in {1000 * goal:.0f} ms with {way}"
        yield Goal(what, f"{1000 * took:.0f} ms", took <= goal)
    for way, _ in WAYS:
        took = median(found(300, way, "draw_outlook")["seconds"])
        what = f"a refresh of all ranges of 300 waiting x 40 counters in {REFRESH_GOAL:.0f} s with {way}"
        yield Goal(what, f"{took:.2f} s", took <= REFRESH_GOAL)
    most = max(f["mb"] for f in facts)
    yield Goal(f"never more than {MEMORY_GOAL:.0f} MB", f"{most:.0f} MB", most <= MEMORY_GOAL)


def busy_floor(plan: Plan, waiting: int, counters: int) -> Floor:
    """A floor with so many open counters, a customer served at each, and so many who wait."""
    floor = empty_floor(plan, plan.hours.day_of(NOW))

    def happens(at: datetime, kind: str, ticket: str | None = None, counter: str | None = None, **data: object) -> None:
        evolve(floor, Event(floor.seq + 1, at, kind, ticket, counter, data))

    opened = NOW - timedelta(minutes=60)
    happens(opened, "day_opened", day=floor.day.isoformat(), counters=floor.planned)
    tiers = cycle(("gold", "standard", "silver", "standard", "standard"))
    for index in range(counters):
        key, number, service = str(index + 1), f"Z{index + 1:03d}", OFFERED[index % len(OFFERED)][0]
        began = NOW - timedelta(seconds=20 * index % 400)
        happens(opened, "counter_opened", counter=key, clerk=key, services=list(OFFERED[index % len(OFFERED)]))
        happens(
            opened, "issued", number, letter="Z", count=index + 1, services=[service], tier="standard", language="zh"
        )
        happens(began, "started", number, key, reason={"code": "at_counter"}, waited=0.0, within=True)
    services = cycle(OFFERED)
    for index in range(waiting):
        at, service = NOW - timedelta(minutes=20 * (1 - index / waiting)), next(services)[0]
        happens(at, "issued", f"Y{index + 1:03d}", letter="Y", count=index + 1, services=[service], tier=next(tiers), language="zh")  # fmt: skip
    return floor


def _play(floor: Floor, plan: Plan, fast: bool) -> object:
    return play(floor, plan, from_plan(plan), NOW, np.random.default_rng(1), fast=fast)


def _draw(floor: Floor, plan: Plan, fast: bool) -> object:
    return draw_outlook(floor, plan, from_plan(plan), NOW, np.random.default_rng(1), fast=fast)


def _timed(sum_of: Callable[[], object], times: int) -> list[float]:
    sum_of()
    seconds = []
    for _ in range(times):
        began = time.process_time()
        sum_of()
        seconds.append(round(time.process_time() - began, 4))
    return seconds


def _peak_mb(sum_of: Callable[[], object]) -> float:
    tracemalloc.start()
    try:
        sum_of()
        return round(tracemalloc.get_traced_memory()[1] / 1e6, 1)
    finally:
        tracemalloc.stop()
