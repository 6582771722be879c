"""`python -m tests.load`: measure, print, and write BENCHMARKS.md."""

import json
import os
import signal
from collections.abc import Iterator
from dataclasses import asdict

# one core for each sum, as the worker has; before numpy is read
os.environ |= {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}

import click
from rich.console import Console

from tests.load import house, machine, memory, starts, traffic, twin, walls
from tests.load.figures import Figures, show, write
from tests.load.house import ROOT

NAMES = ("traffic", "walls", "memory", "start", "twin")
PAGE = ROOT / "BENCHMARKS.md"


@click.command()
@click.option(
    "--only", "names", multiple=True, type=click.Choice(NAMES), help="This measurement alone; may be repeated."
)
@click.option("--quick", is_flag=True, help="Few rounds: whether it runs, not how fast.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of tables.")
def main(names: tuple[str, ...], quick: bool, as_json: bool) -> None:
    """Measure the house on this machine. A whole run also writes BENCHMARKS.md; one with --only or --quick does not."""
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
    if as_json:
        print(json.dumps({"machine": about, "measured": [asdict(each) for each in measured]}, ensure_ascii=False))
    if not names and not quick:
        write(PAGE, about, measured)
        console.print(f"Written: {PAGE.name}")


def measure(names: tuple[str, ...], quick: bool) -> Iterator[Figures]:
    """The measurements of these names, in the order in which one leaves the house for the next."""
    with house.folder() as where:
        if {"traffic", "walls", "memory"} & set(names):
            with house.serving(where) as served:
                if "traffic" in names:
                    yield traffic.measure(served, where, quick=quick)
                if "walls" in names:
                    yield walls.measure(served, quick=quick)
                if "memory" in names:
                    yield memory.measure(served)
        if "start" in names:
            yield starts.measure(where, quick=quick)
        if "twin" in names:
            yield twin.measure(where, quick=quick)


if __name__ == "__main__":
    main()
