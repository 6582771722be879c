"""`hallflow backtest staffing`: staff-hours and service level of an Erlang C plan, a simulation-based plan, and live advice."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import click

from hallflow.backtests import textbook_hall
from hallflow.backtests.sipp import SimulatedPlan
from hallflow.backtests.staffing import LEARNED_DAYS, StaticPlans, figures, lines, live, static
from hallflow.backtests.staffing_of_log import FEWEST_DAYS, days_of, of_log
from hallflow.backtests.visit_log import read_log
from hallflow.cli.progress import counting
from hallflow.cli.reading import tell
from hallflow.domain.plan import StaffingRules
from hallflow.foresight.advice.eagerness import EAGERNESS
from hallflow.foresight.twin import compiled
from hallflow.sheets import Unreadable

JUDGED = 2000
SEED = 20261127


@click.command()
@click.option(
    "--visits",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="visits.csv (or .csv.gz): the last days of its halls. Without it: the simulated hall of docs/benchmarks.md.",
)
@click.option(
    "--days", type=click.IntRange(1, 500), help="Live so many days: of each hall of the log [3], or simulated [40]."
)
@click.option("--seed", default=SEED, show_default=True, help="Which simulated days.")
@click.option(
    "--patience",
    type=click.FloatRange(1, 1440),
    default=textbook_hall.PATIENCE,
    show_default=True,
    help="Simulated customers wait so many minutes on average before they give up.",
)
@click.option(
    "--pace",
    type=click.Choice(tuple(EAGERNESS)),
    default="calm",
    show_default=True,
    help="How eagerly counters are advised.",
)
@click.option("--goal", default="80/10", show_default=True, help="For a log: per cent called within so many minutes.")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def staffing(
    visits: Path | None, days: int | None, seed: int, patience: float, pace: str, goal: str, as_json: bool
) -> None:
    """Staff the same days by Erlang C (SIPP), by playing them beforehand, and by live advice, and compare.

    A day of a log is planned from the days before it alone and lived with the arrivals as they came; its hall serves
    everything at every counter.
    """
    rules = _rules(goal, pace)
    # the compiled simulation: without it every day takes twenty times as long
    compiled.wait()
    told = (
        _of_log(visits, days or 3, rules, as_json) if visits else _simulated(days or 40, seed, patience, pace, as_json)
    )
    if as_json:
        click.echo(json.dumps(told, ensure_ascii=False, indent=2))
        return
    for line in _static_lines(told["static"]):
        click.echo(line)
    for line in lines(told["lived"]):
        click.echo(line)


def _simulated(days: int, seed: int, patience: float, pace: str, quiet: bool) -> dict[str, Any]:
    with counting("Planning", 2, quiet=quiet) as progress:
        plans = []
        for n, cv in enumerate((0.0, 0.15)):
            plans.append(_of_static(static(cv, JUDGED, patience=patience)))
            progress(n + 1)
    with counting("Living days", LEARNED_DAYS + days, quiet=quiet) as progress:
        return {"static": plans, "lived": [figures(live(days, seed, progress, patience=patience, pace=pace))]}


def _of_log(path: Path, last: int, rules: StaffingRules, quiet: bool) -> dict[str, Any]:
    try:
        log = read_log(path, None, lambda _: None)
    except Unreadable as fault:
        raise click.ClickException(f"{fault}.") from fault
    total = days_of(log.visits, last)
    if not total:
        raise click.ClickException(f"{path}: no hall has more than {FEWEST_DAYS} days: there is nothing to learn from.")
    if not quiet:
        log.imported.new = log.imported.rows - sum(refusals.count for refusals in log.imported.refused.values())
        tell(str(path), log.imported)
    with counting("Living days", total, quiet=quiet) as progress:
        return {"static": [], "lived": [figures(each) for each in of_log(log.visits, last, rules, progress)]}


def _rules(goal: str, pace: str) -> StaffingRules:
    share, _, minutes = goal.partition("/")
    try:
        rules = StaffingRules(goal_share=float(share) / 100, goal_minutes=float(minutes), advice=pace)
    except ValueError as fault:
        raise click.BadParameter(f"{goal}: not PER CENT/MINUTES, such as 80/10", param_hint="--goal") from fault
    if not (0 < rules.goal_share < 1 and 0 < rules.goal_minutes <= 240):
        raise click.BadParameter(f"{goal}: between 0 and 100 per cent, within 240 minutes", param_hint="--goal")
    return rules


def _of_static(told: StaticPlans) -> dict[str, Any]:
    plans = {"sipp": told.sipp, "lowered": told.lowered, "found": told.searched}
    return {"cv": told.cv, "days": told.days} | {name: _bought(one, told.sipp) for name, one in plans.items()}


def _bought(one: SimulatedPlan, sipp: SimulatedPlan) -> dict[str, Any]:
    return {
        "hours": one.hours,
        "of_sipp": round(one.hours / sipp.hours, 4),
        "within": round(float(one.within_goal.sum() / one.came.sum()), 4),
        "worst_quarter": round(float(one.service_levels.min()), 4),
        "left": round(float(one.abandoned.sum() / one.came.sum()), 4),
        "most_left": round(float(one.abandonment.max()), 4),
        "counters": list(one.counters),
    }


def _static_lines(plans: list[Mapping[str, Any]]) -> Iterator[str]:
    words = {"sipp": "SIPP", "lowered": "SIPP lowered", "found": "found"}
    if plans:
        yield f"{'plans on paper':24} {'plan':12} staff-hours  of SIPP  within  worst quarter  leave  most"
    for told in plans:
        for name, said in words.items():
            of = told[name]
            days = f"days vary by {told['cv']:.0%}" if told["cv"] else "chance alone"
            yield (
                f"{days:24} {said:12} {of['hours']:11.2f} {of['of_sipp']:8.3f} {of['within']:7.3f} "
                f"{of['worst_quarter']:14.3f} {of['left']:6.3f} {of['most_left']:5.3f}"
            )
    if plans:
        yield ""
