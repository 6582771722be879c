"""`python -m bench`: run the benchmarks, print the figures, and write docs/benchmarks.md."""

import json
import os
import signal
from collections.abc import Callable, Iterator
from dataclasses import asdict

# one core for each sum, as the worker has; before numpy is read
os.environ |= {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}

import click
from rich.console import Console

from bench import machine
from bench.figures import Figures, put, show, write
from bench.methods import covering, fairness, requirement, routing, staffing, twin
from bench.rig import chain, house
from bench.rig.house import HALL, OTHER, ROOT
from bench.service import halls, idle, memory, once, past, push, starts, traffic, walls  # fmt: skip

NAMES = (
    "traffic",
    "walls",
    "memory",
    "start",
    "screens",
    "chain-traffic",
    "chain-screens",
    "halls",
    "idle",
    "once",
    "past",
    "twin",
    "staffing",
    "routing",
    "fairness",
    "requirement",
    "cover",
)
PAGE = ROOT / "docs/benchmarks.md"


@click.command()
@click.option(
    "--only", "names", multiple=True, type=click.Choice(NAMES), help="This measurement alone; may be repeated."
)
@click.option("--quick", is_flag=True, help="Few rounds: whether it runs, not how fast.")
@click.option("--write", "write_them", is_flag=True, help="With --only: put these parts into docs/benchmarks.md.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of tables.")
def main(names: tuple[str, ...], quick: bool, as_json: bool, write_them: bool) -> None:
    """Measure the house on this machine. A whole run also writes docs/benchmarks.md; one with --only or --quick does not.

    With --write one with --only puts its own part into the page.
    """
    # ended from outside, it ends its servers too
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    console = Console(stderr=as_json)
    if not console.is_terminal:
        console.width = 130
    about = machine.described()
    console.print("\n".join(f"{name}: {value}" for name, value in about.items()), highlight=False)
    console.print()
    measured = []
    for figures in measure(names or NAMES, quick):
        measured.append(figures)
        show(console, figures)
        if write_them and names and not quick:
            put(PAGE, about, figures, f'make bench ARGS="--only {figures.name} --write"')
    if as_json:
        print(json.dumps({"machine": about, "measured": [asdict(each) for each in measured]}, ensure_ascii=False))
    if not names and not quick:
        write(PAGE, about, measured)
        console.print(f"Written: {PAGE.relative_to(ROOT)}")


def measure(names: tuple[str, ...], quick: bool) -> Iterator[Figures]:
    """The measurements of these names, in the order in which one leaves the house for the next."""
    with house.folder() as where:
        if {"traffic", "walls", "memory"} & set(names):
            with house.serving(where, settled=not quick) as served:
                if "traffic" in names:
                    yield traffic.measure(served, where, quick=quick)
                if "walls" in names:
                    yield walls.measure(served, where, quick=quick)
                if "memory" in names:
                    yield memory.measure(served)
        if "start" in names:
            yield starts.measure(where, quick=quick)
        for name, part in APART.items():
            if name in names:
                yield part(quick)
        if "twin" in names:
            yield twin.measure(where, quick=quick)
    for name, sums in SUMS.items():
        if name in names:
            yield sums(quick)


def _chain_traffic(quick: bool) -> Figures:
    with (
        house.folder() as where,
        chain.servers(where) as named,
        house.serving(where, named, settled=not quick) as served,
    ):
        return traffic.measure(served, where, quick=quick, database=named["HALLFLOW_DATABASE_URL"])


def _screens(quick: bool) -> Figures:
    with house.folder() as where, house.serving(where, settled=not quick) as served:
        return push.measure("screens", served, where, 500, 150, quick=quick)


def _chain_screens(quick: bool) -> Figures:
    with house.folder() as where, chain.servers(where) as named:  # noqa: SIM117 - one line would not tell
        with house.serving(where, named, 2, settled=not quick) as served:
            return push.measure("chain-screens", served, where, 40 if quick else 4000, 700, quick=quick)


def _halls(quick: bool) -> Figures:
    with house.folder((HALL, OTHER)) as where, chain.servers(where) as named:  # noqa: SIM117
        with house.serving(where, named, 2, settled=not quick) as served:
            return halls.measure(served, chain.database_of(where), quick=quick)


def _idle(quick: bool) -> Figures:
    with house.folder(samples=False) as where, house.serving(where, settled=not quick) as served:
        return idle.measure(served, quick=quick)


APART: dict[str, Callable[[bool], Figures]] = {
    "chain-traffic": _chain_traffic,
    "once": once.measure,
    "past": past.measure,
    "screens": _screens,
    "chain-screens": _chain_screens,
    "halls": _halls,
    "idle": _idle,
}
"""What opens a house of its own."""
SUMS: dict[str, Callable[[bool], Figures]] = {
    "staffing": staffing.measure,
    "routing": routing.measure,
    "fairness": fairness.measure,
    "requirement": requirement.measure,
    "cover": covering.measure,
}
"""What is simulated, and how long that takes."""


if __name__ == "__main__":
    main()
