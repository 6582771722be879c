"""`python -m bench.service.whatif`: response time of a what-if, and how much it delays other requests meanwhile."""

import threading
import time
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import click
from rich.console import Console

from bench import machine
from bench.figures import Figures, Goal, put, share, show
from bench.methods.twin import NOW, busy_floor
from bench.rig.house import ROOT
from hallflow.config import load
from hallflow.foresight.learning.learned import from_plan
from hallflow.foresight.twin.openings import CounterChange
from hallflow.foresight.twin.whatif import compare
from tests.browser.house import Desk, open_house
from tests.makers import SAMPLES

TIMES = 40
COUNTED = (
    "By numba: the sample city hall in demo mode, served as `hallflow run` serves it, with its worker: 12 counters, 6 of them open, 60 "
    f"waiting, the next eight hours. {TIMES} what-ifs over HTTP, one after the other, each one counter open for two hours more; "
    "the first, which loads numpy, apart. Beside: how long another client waits for a number, one after the other, while nobody "
    "asks what if, and while somebody does all the time. By numpy: the same sum in this process, on the same hall, without the "
    "extra `fast`."
)


@click.command()
@click.option("--write", "write", is_flag=True, help="Put the section into docs/benchmarks.md.")
def main(write: bool) -> None:
    """Measure, print the figures, and keep them."""
    about = machine.described()
    figures = measure()
    show(Console(), figures)
    if write:
        put(ROOT / "docs/benchmarks.md", about, figures, "python -m bench.service.whatif --write")


def measure() -> Figures:
    """Served with the extra `fast`, and the sum alone without it."""
    with TemporaryDirectory() as folder:
        found = _served(Path(folder))
    found["alone"] = _alone()
    rows = [
        [name, f"{len(times)}", _ms(median(times)), _ms(share(times, 0.99)), _ms(max(times))]
        for name, times in (
            ("what-if, numba", found["what-if"]),
            ("a number, nobody asks what if", found["calm"]),
            ("a number, meanwhile", found["beside"]),
            ("what-if, numpy", found["alone"]),
        )
    ]
    goals = [
        Goal(f"one change within 500 ms with {way}", f"{_ms(max(times))} ms at most", max(times) <= 0.5)
        for way, times in (("numba", found["what-if"]), ("numpy", found["alone"]))
    ]
    return Figures(
        "what-if", "What if", COUNTED, ("request", "times", "p50 ms", "p99 ms", "max ms"), rows, found, goals
    )


def _served(folder: Path) -> dict[str, list[float]]:
    with open_house(folder) as url, closing(Desk(url)) as desk:
        desk.open("2", "4", "6", "9", "10", "12")
        for i in range(60):
            desk.take(("bills", "sim", "plan_change", "broadband")[i % 4])
        # the worker learns and draws its first outlook, and the kernel is compiled
        until = time.monotonic() + 25
        while time.monotonic() < until:
            desk.what_if("3", 0)
            time.sleep(1)
        calm = _numbers(url, lambda: time.sleep(8))
        asked: list[float] = []
        beside = _numbers(url, lambda: asked.extend(_asked(desk)))
    return {"what-if": asked, "calm": calm, "beside": beside}


def _alone() -> list[float]:
    plan = load(SAMPLES, demo=True).plans["central"]
    floor, learned, times = busy_floor(plan, 60, 6), from_plan(plan), []
    for i in range(TIMES // 2):
        began = time.perf_counter()
        change = CounterChange(("7", "8", "9")[i % 3], True, NOW, NOW + timedelta(hours=2))
        compare(floor, plan, learned, NOW, [change], seed=i, fast=False)
        times.append(time.perf_counter() - began)
    return times


def _asked(desk: Desk) -> list[float]:
    found = []
    for i in range(TIMES):
        began = time.perf_counter()
        desk.what_if(("1", "3", "5", "7", "8", "11")[i % 6], i % 4)
        found.append(time.perf_counter() - began)
    return found


def _numbers(url: str, meanwhile: Callable[[], object]) -> list[float]:
    """Seconds that each number took, as long as the other thing lasted."""
    found, over = [], threading.Event()

    def take() -> None:
        other = Desk(url)
        while not over.is_set():
            began = time.perf_counter()
            other.take("bills")
            found.append(time.perf_counter() - began)
            time.sleep(0.1)
        other.close()

    thread = threading.Thread(target=take)
    thread.start()
    meanwhile()
    over.set()
    thread.join()
    return found


def _ms(seconds: float) -> str:
    return f"{1000 * seconds:.0f}"


if __name__ == "__main__":
    main()
