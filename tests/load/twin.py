"""How long the heavy sums take: a hall played forward a thousand times, and a whole outlook."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import cycle
from pathlib import Path
from statistics import median

import numpy as np

from hallflow.config import load
from hallflow.domain.events import Event
from hallflow.domain.floor import Floor, empty_floor, evolve
from hallflow.domain.plan import Plan
from hallflow.foresight.learned import from_plan
from hallflow.foresight.outlook import draw_outlook
from hallflow.foresight.twin import PLAYS, play
from tests.load.figures import Figures
from tests.load.house import HALL, OFFERED

TIMES, QUICK_TIMES = 7, 2
HALLS = ((30, 12), (300, 40))
# Monday, mid-morning at Shanghai
NOW = datetime(2026, 6, 1, 2, 30, tzinfo=UTC)
COUNTED = (
    f"On one core, in this process: `play` is {PLAYS:,} plays of everybody present and every next arrival; `draw_outlook` is the "
    "worker's whole refresh with ranges, quarters and recommendations. All counters open and serving; no history learned yet."
)


def measure(where: Path, *, quick: bool) -> Figures:
    """Seconds of each sum on each hall."""
    plan = load(where / "config", demo=True).plans[HALL]
    rows, facts = [], []
    for waiting, counters in HALLS:
        floor = busy_floor(plan, waiting, counters)
        for name, sum_of in (("play", _play), ("draw_outlook", _draw)):
            seconds = _timed(sum_of, floor, plan, QUICK_TIMES if quick else TIMES)
            facts.append({"waiting": waiting, "counters": counters, "sum": name, "seconds": seconds})
            rows.append(
                [f"{waiting} waiting x {counters} counters", name, f"{median(seconds):.2f}", f"{max(seconds):.2f}"]
            )
    return Figures("twin", "The twin", COUNTED, ("hall", "sum", "median s", "longest s"), rows, {"sums": facts})


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


def _play(floor: Floor, plan: Plan) -> object:
    return play(floor, plan, from_plan(plan), NOW, np.random.default_rng(1))


def _draw(floor: Floor, plan: Plan) -> object:
    return draw_outlook(floor, plan, from_plan(plan), NOW, np.random.default_rng(1))


def _timed(sum_of: Callable[[Floor, Plan], object], floor: Floor, plan: Plan, times: int) -> list[float]:
    sum_of(floor, plan)
    seconds = []
    for _ in range(times):
        began = time.perf_counter()
        sum_of(floor, plan)
        seconds.append(round(time.perf_counter() - began, 3))
    return seconds
