"""`python -m bench.methods.arrivals --visits LOG ...`: arrival forecasts made at noon for days of real logs, into docs/benchmarks.md."""

from collections.abc import Mapping, Sequence
from datetime import time
from pathlib import Path
from typing import Any

import click
from rich.console import Console

from bench import machine
from bench.figures import Figures, Goal, put, show
from bench.rig.house import ROOT
from hallflow.backtests.arrivals import Score, backtest_arrivals, figures_of
from hallflow.backtests.visit_log import read_log

COUNTED = (
    "Each day of each hall, in its order, from the fourth on: who would still come, foretold at 12:00 from the days before and "
    "this day's morning, without the hall's opening hours. The error is the mean absolute error of the rest of the day, as a "
    "share of who came; beside it that of the mean of the same weekday's earlier days (of all days while there is none). In "
    "brackets: days alone whose weekday was known. Range: the quarter-hours whose count lay in its range of four in five."
)


@click.command()
@click.option("--visits", "logs", multiple=True, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--write", "write", is_flag=True, help="Put the section into docs/benchmarks.md.")
def main(logs: Sequence[Path], write: bool) -> None:
    """Foretell every day of these logs, print the figures, and keep them."""
    scores = [
        score for log in logs for score in backtest_arrivals(read_log(log, None, lambda _: None).visits, time(12))
    ]
    figures = measured(scores)
    show(Console(), figures)
    if write:
        names = " ".join(f"--visits {log.parent.name}/{log.name}" for log in logs)
        put(
            ROOT / "docs/benchmarks.md",
            machine.described(),
            figures,
            f"python -m bench.methods.arrivals {names} --write",
        )


def measured(scores: Sequence[Score]) -> Figures:
    """The figures of `hallflow backtest arrivals` as a table."""
    told = figures_of(scores)
    known = {score.hall: score.of_known_weekdays().figures() for score in scores if score.of_known_weekdays().days}
    rows = [_row(hall["hall"], str(hall["days"]), hall, known.get(hall["hall"])) for hall in told["halls"]]
    mean, mean_known = told["mean"], told["mean_of_known_weekdays"]
    rows.append(_row("mean", "", mean, mean_known))
    reached = f"{mean['less']:.1%} (known weekdays {mean_known['less']:.1%})"
    each = f"{mean['less_each']:.1%} (known weekdays {mean_known['less_each']:.1%})"
    goals = [
        Goal("at least 15% less error than weekday means, in the mean of all halls", reached, mean["less"] >= 0.15),
        Goal("at least 15% less, averaged over what each hall gains", each, mean["less_each"] >= 0.15),
    ]
    columns = ("hall", "days", "weekday means", "forecast", "less", "range")
    return Figures("arrivals", "The rest of the day, foretold at noon", COUNTED, columns, rows, told, goals)


def _row(hall: str, days: str, all_days: Mapping[str, Any], known: Mapping[str, Any] | None) -> list[str]:
    def both(name: str, form: str) -> str:
        return f"{all_days[name]:{form}}" + (f" ({known[name]:{form}})" if known else "")

    return [
        hall, days, both("weekday_means", ".3f"), both("forecast", ".3f"), both("less", ".0%"), both("quarters_within", ".0%"),
    ]  # fmt: skip


if __name__ == "__main__":
    main()
