"""`python -m bench.methods.waits --warsaw FOLDER --bank FOLDER`: accuracy of waits on real logs, into docs/benchmarks.md.

Each folder holds a log, visits.csv.gz and (Warsaw) counters.csv.gz, as `hallflow backtest waits` reads it. Other days than the
usual ones may be asked for: `--days 2020-01-09..2020-01-10`.
"""

import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import click
from rich.console import Console

from bench import machine
from bench.figures import Figures, Goal, put, show
from bench.rig.house import ROOT
from hallflow.backtests.scores import score
from hallflow.backtests.visit_log import Log, read_log
from hallflow.backtests.waits import backtest

USUAL = {"warsaw": "2020-01-15..2020-01-16", "bank": "1999-02-17..1999-02-20"}
GOALS = {
    "warsaw": {"typical": 0.70, "les": 0.65, "winkler": 0.65, "minutes": 10},
    "bank": {"typical": 0.85, "les": 0.68, "winkler": 0.90},
}
MANY = 300
"""A tier with so many visits is asked for its own coverage."""
COUNTED = (
    "Every visit of the test days that was served and found somebody before it, foreseen by `hallflow backtest waits` with what was "
    "known when its number was taken; everything before the test days is the history. Typical is people ahead x counter-minutes of "
    "a call / open counters; LES the wait of the last customer called from the same queue and tier. MAE in minutes; Winkler is the "
    "score of the range of four in five, beside the better of the ranges that the errors of typical and LES in the history make."
)


@click.command()
@click.option("--warsaw", type=click.Path(exists=True, file_okay=False, path_type=Path), help="The halls' log.")
@click.option("--bank", type=click.Path(exists=True, file_okay=False, path_type=Path), help="The call centre's log.")
@click.option("--days", help="These test days instead, FIRST..LAST; for one log.")
@click.option("--write", "write", is_flag=True, help="Put the section into docs/benchmarks.md.")
def main(warsaw: Path | None, bank: Path | None, days: str | None, write: bool) -> None:
    """Foresee the test days of these logs, print the scores, and keep them."""
    about = machine.described()
    folders = {"warsaw": warsaw, "bank": bank}
    facts = [_measure(name, folder, days or USUAL[name]) for name, folder in folders.items() if folder]
    figures = measured(facts)
    show(Console(), figures)
    if write:
        put(ROOT / "docs/benchmarks.md", about, figures, "make bench-waits")


def _measure(name: str, folder: Path, days: str) -> dict[str, Any]:
    began = time.monotonic()
    counters = folder / "counters.csv.gz"
    log = read_log(folder / "visits.csv.gz", counters if counters.exists() else None, lambda _: None)
    first, last = map(date.fromisoformat, days.split(".."))
    history, test = split(log, first, last)
    done = backtest(history, test, "corrected", lambda _: None)
    foreseen = [(round(low, 2), round(likely, 2), round(high, 2)) for low, likely, high in done.predictions]
    return {"log": name, "days": days, "seconds": time.monotonic() - began, "notes": done.notes} | score(
        history, test, foreseen
    )


def split(log: Log, first: date, last: date) -> tuple[Log, Log]:
    """What was before these days, and these days, by the clock of the log."""
    offset = next(visit.offset for visit in log.visits if visit.issued is not None)
    begin, end = (
        datetime.combine(day, datetime.min.time(), UTC).timestamp() / 60 - offset
        for day in (first, last + timedelta(days=1))
    )
    known = [visit for visit in log.visits if visit.issued is not None]
    return (
        Log([v for v in known if v.issued < begin], [r for r in log.readings if r[0] < begin]),
        Log([v for v in known if begin <= v.issued < end], [r for r in log.readings if begin <= r[0] < end]),
    )


def measured(facts: list[dict[str, Any]]) -> Figures:
    """The scores as a table, and whether they reach what they should."""
    rows = []
    for fact in facts:
        ours, interval = fact["predictions"], fact["predictions"]["interval"]
        rows.append(
            [
                f"{fact['log']}, {fact['days']}", f"{fact['visits']:,}", f"{fact['mean_wait']:.1f}", f"{ours['mae']:.2f}",
                f"{fact['typical']['mae']:.2f} ({ours['mae_ratio_to_typical']:.3f})",
                f"{fact['les']['mae']:.2f} ({ours['mae_ratio_to_les']:.3f})",
                f"{interval['coverage']:.1%}", f"{interval['width']:.1f}",
                f"{interval['winkler']:.1f} ({ours['winkler_ratio_to_best_baseline']:.3f})", f"{fact['seconds']:.0f}",
            ]
        )  # fmt: skip
    columns = (
        "log",
        "visits",
        "mean wait",
        "MAE",
        "typical (ratio)",
        "LES (ratio)",
        "within",
        "width",
        "Winkler (ratio)",
        "seconds",
    )
    return Figures(
        "waits",
        "Waits foreseen on real logs",
        COUNTED,
        columns,
        rows,
        {"logs": facts},
        [g for f in facts for g in _goals(f)],
    )


def _goals(fact: dict[str, Any]) -> Iterator[Goal]:
    name, ours = fact["log"], fact["predictions"]
    goals = GOALS[name]
    for what, ratio in (
        ("MAE at most {} of typical", ours["mae_ratio_to_typical"]),
        ("MAE at most {} of LES", ours["mae_ratio_to_les"]),
        ("Winkler at most {} of the best baseline's", ours["winkler_ratio_to_best_baseline"]),
    ):
        most = goals["typical" if "typical" in what else "les" if "LES" in what else "winkler"]
        yield Goal(f"{name}: {what.format(most)}", f"{ratio:.3f}", ratio <= most)
    coverage = ours["interval"]["coverage"]
    yield Goal(f"{name}: 78-82% within", f"{coverage:.1%}", 0.78 <= coverage <= 0.82)
    large = {tier: found["coverage"] for tier, found in ours["per_tier"].items() if found["n"] >= MANY}
    reached = ", ".join(f"{tier} {coverage:.1%}" for tier, coverage in large.items())
    yield Goal(
        f"{name}: at least 75% within in every tier of {MANY} visits", reached, min(large.values(), default=1) >= 0.75
    )
    if most := goals.get("minutes"):
        yield Goal(f"{name}: within {most} minutes", f"{fact['seconds']:.0f} s", fact["seconds"] <= 60 * most)


if __name__ == "__main__":
    main()
