"""`hallflow backtest`: predictions for past days from what was known then, scored against the outcomes."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from hallflow.backtests.arrivals import Score, backtest_arrivals, figures_of
from hallflow.backtests.scores import score
from hallflow.backtests.visit_log import read_log
from hallflow.backtests.waits import backtest, events_of, write_predictions
from hallflow.cli.backtest_staffing import staffing
from hallflow.cli.progress import counting
from hallflow.cli.reading import tell
from hallflow.clock import monotonic
from hallflow.domain.waits.ranges import Minutes
from hallflow.foresight.waits.estimators import ESTIMATORS
from hallflow.sheets import Imported, Unreadable

A_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group(name="backtest")
def command() -> None:
    """Foresee past days with what was known then."""


command.add_command(staffing)


@command.command()
@click.option("--history", type=A_FILE, required=True, help="visits.csv (or .csv.gz) of the days before.")
@click.option("--history-counters", type=A_FILE, help="counters.csv of the days before.")
@click.option("--visits", type=A_FILE, required=True, help="visits.csv of the days to foresee.")
@click.option("--counters", type=A_FILE, help="counters.csv of the days to foresee.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), required=True, help="predictions.csv, written.")
@click.option(
    "--estimator",
    type=click.Choice(("corrected", *ESTIMATORS)),
    default="corrected",
    help="What foresees; corrected is the model that learns from the history.",
)
@click.option(
    "--score", "scored", is_flag=True, help="Hold what was foreseen against what happened, beside simple estimates."
)
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def waits(
    history: Path,
    history_counters: Path | None,
    visits: Path,
    counters: Path | None,
    out: Path,
    estimator: str,
    scored: bool,
    as_json: bool,
) -> None:
    """Write the wait foreseen for every visit: hall,number,service,issued_at,low,likely,high in minutes.

    Four waits in five should lie between low and high, half of them under likely. Events of both logs stream in the order of
    time; a wait is learned from only once its customer was called.
    """
    began = monotonic()
    try:
        past = read_log(history, history_counters, lambda _: None)
        test = read_log(visits, counters, lambda _: None)
        with counting("Foreseeing", events_of(past, test), quiet=as_json) as progress:
            done = backtest(past, test, estimator, progress)
        write_predictions(out, test, done.predictions)
    except Unreadable as fault:
        raise click.ClickException(f"{fault}. Nothing was written.") from fault
    except OSError as fault:
        raise click.ClickException(f"{out} cannot be written: {fault.strerror}") from fault
    seconds = round(monotonic() - began, 1)
    # the predictions are written to the hundredth of a minute, and scored as they are written
    scores = score(past, test, [_written(range_) for range_ in done.predictions]) if scored else None
    told = {
        "history": past.imported,
        "history counters": past.imported_readings,
        "visits": test.imported,
        "counters": test.imported_readings,
    }
    for imported in told.values():
        # a faulty row is counted, and still predicted or skipped
        imported.new = imported.rows - sum(refusals.count for refusals in imported.refused.values())
    if as_json:
        faults = {what: _faults(imported) for what, imported in told.items() if imported.rows}
        click.echo(
            json.dumps(
                {"predictions": len(done.predictions), "seconds": seconds, "estimator": estimator, "logs": faults,
                 "notes": done.notes} | ({"scores": scores} if scores else {}), ensure_ascii=False, indent=2,
            )
        )  # fmt: skip
        return
    for what, imported in told.items():
        if imported.rows:
            tell(what, imported)
    for reason, count in done.notes.items():
        click.echo(f"  {count:>7,}  {reason}")
    click.echo(f"{len(done.predictions):,} waits foreseen in {seconds:.0f} s: {out}")
    if scores:
        _tell_scores(scores)


def _written(range_: Minutes) -> Minutes:
    low, likely, high = (round(minutes, 2) for minutes in range_)
    return low, likely, high


def _tell_scores(scores: Mapping[str, Any]) -> None:
    if not scores["visits"]:
        click.echo("Nobody was served who had found somebody before them: there is nothing to score.")
        return
    click.echo(f"{scores['visits']:,} served visits with somebody ahead, mean wait {scores['mean_wait']:.1f} min")
    for name in ("predictions", "typical", "les"):
        found = scores[name]
        click.echo(
            f"  {name:12} MAE {found['mae']:.2f} min, RMSE {found['rmse']:.2f}; range: {_range(found['interval'])}"
        )
    ours = scores["predictions"]
    for tier, found in ours["per_tier"].items():
        click.echo(f"  tier {tier}: {found['n']:,} visits, {_range(found)}")
    ratios = ("mae_ratio_to_typical", "mae_ratio_to_les", "winkler_ratio_to_best_baseline")
    said = (f"{name.replace('_', ' ')} {ours[name]:.3f}" for name in ratios if ours[name] is not None)
    click.echo(f"  {', '.join(said)}")


def _range(found: Mapping[str, Any]) -> str:
    return f"{found['coverage']:.1%} within, {found['width']:.1f} min wide, Winkler {found['winkler']:.1f}"


@command.command()
@click.option(
    "--visits", "logs", type=A_FILE, required=True, multiple=True, help="visits.csv (or .csv.gz); may be repeated."
)
@click.option("--at", "at", type=click.DateTime(["%H:%M"]), default="12:00", help="When each day is foretold.")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def arrivals(logs: Sequence[Path], at: datetime, as_json: bool) -> None:
    """Foretell the rest of every day at noon, hall by hall, beside the mean of the same weekday's earlier days.

    Days stream in their order: only earlier days and this day's morning are known. The first three are only learned from.
    """
    scores: list[Score] = []
    for path in logs:
        try:
            log = read_log(path, None, lambda _: None)
        except Unreadable as fault:
            raise click.ClickException(f"{fault}.") from fault
        halls = len({visit.hall for visit in log.visits})
        with counting("Foretelling", halls, quiet=as_json) as progress:
            scores += backtest_arrivals(log.visits, at.time(), progress)
        if not as_json:
            log.imported.new = log.imported.rows - sum(refusals.count for refusals in log.imported.refused.values())
            tell(str(path), log.imported)
    told = figures_of(scores)
    click.echo(json.dumps(told, ensure_ascii=False, indent=2) if as_json else "\n".join(_lines(told)))


def _lines(told: dict[str, Any]) -> Iterator[str]:
    yield f"{'':24} days  weekday means  forecast   less  ranges hold"
    for row in (*told["halls"], {"hall": "mean", "days": "", **told["mean"]} if told["halls"] else None):
        if row is None:
            yield "No hall has more than three days: nothing to backtest_arrivals."
            return
        errors = f"{row['weekday_means']:14.3f} {row['forecast']:9.3f} {row['less']:6.0%}"
        yield f"{row['hall'][:24]:24} {row['days']!s:>4} {errors} {row['quarters_within']:12.0%}"


def _faults(imported: Imported) -> dict[str, object]:
    return {"rows": imported.rows, "faults": {reason: asdict(found) for reason, found in imported.refused.items()}}
