"""`python -m bench.methods.advice`: staffing advice on simulated days: savings against a fixed plan, and predicted against actual effects.

A hall of 1,170 tickets a day, with a day-to-day variation of 15 %. Its parameters are fitted on days staffed by the fixed plan;
on the following days every advice is accepted. `hallflow backtest staffing` makes the same figures.
"""

from collections.abc import Mapping
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import asdict
from statistics import mean

import click
from rich.console import Console

from bench import machine
from bench.figures import Figures, Goal, put, show
from bench.rig.house import ROOT
from hallflow.backtests.staffing import LEARNED_DAYS, ComparedDays, figures, live
from hallflow.backtests.textbook_hall import CV, MINUTES, PATIENCE, PATIENT, TICKETS, WALK
from hallflow.cli.progress import counting
from hallflow.foresight.advice.eagerness import EAGERNESS
from hallflow.foresight.twin import compiled

DAYS, MEASURED, SEED = 100, 40, 20261127
HALLS = (("hardly anybody leaves", PATIENT), ("45 minutes", PATIENCE))
"""What is not known of the hall that the goals were set on is its customers' patience. Its fixed plan had 172 staff-hours and served
0.917: so does ours where hardly anybody leaves, while those who leave after 45 minutes lift the same plan to 0.96."""
COUNTED = (
    f"{{days}} days of {TICKETS:,} tickets on average, busyness gamma with CV {CV:.0%} (one day of each degree of it, in any "
    f"order: drawn freely, so few days can have 4 % more customers than the mean), two peaks, one service (walk {WALK} min and "
    f"{MINUTES} min lognormal), goal 80 % within 10 minutes. Fixed: the fewest counters by Erlang C in each "
    "quarter-hour (SIPP). Advised: it begins the day as that plan does and then only follows the advice, looked for as the "
    f"worker does (every 5 minutes, and in any minute after a large change) and always accepted; what it knows it has learned from {LEARNED_DAYS} other days. Staff-hours count "
    "clerks who only finish, and those who stay until the hall is empty. All meet the same people. The hall chooses its pace of "
    f"advice: calm (the default; whoever is asked sits there {EAGERNESS['calm'].lead_minutes:.0f} minutes later) or keen ({EAGERNESS['keen'].lead_minutes:.0f} "
    "minutes). Two halls: patience of "
    f"{PATIENT / 60:.0f} hours on average, that is, hardly anybody leaves; there the fixed plan of 171.5 hours "
    "serves 0.917 of its customers, as in the source of the goals, which does not tell the patience (here the mean of the days is "
    "told, among which a busy one counts no more than another). And of "
    f"{PATIENCE:.0f} minutes, where those who leave make room for the others and the same plan serves 0.960. "
    "Effects, of {measured} of the days: the change of the "
    "mean wait over those who wait or come within the advice's time, lived with and without each advice, against its range of four "
    f"in five. The rules of the advice were chosen on other random days (seed 777) than these (seed {SEED})."
)


@click.command()
@click.option("--days", default=DAYS, show_default=True, help="So many days are advised through, in each hall.")
@click.option("--measured", default=MEASURED, show_default=True, help="On so many of them every effect is measured.")
@click.option("--seed", default=SEED, show_default=True, help="Which days.")
@click.option("--write", "write", is_flag=True, help="Put the section into docs/benchmarks.md.")
def main(days: int, measured: int, seed: int, write: bool) -> None:
    """Live the days, print the figures, and keep them."""
    about = machine.described()
    kinds = [(hall, patience, pace) for hall, patience in HALLS for pace in EAGERNESS]
    with ProcessPoolExecutor() as pool:
        lives = [pool.submit(_live, patience, pace, days, measured, seed) for _, patience, pace in kinds]
        with counting("lives", len(lives), quiet=False) as progress:
            for n, _ in enumerate(as_completed(lives), start=1):
                progress(n)
    lived = {(hall, pace): one.result() for (hall, _, pace), one in zip(kinds, lives, strict=True)}
    told = _figures(days, measured, lived)
    show(Console(), told)
    if write:
        put(
            ROOT / "docs/benchmarks.md",
            about,
            told,
            f"python -m bench.methods.advice --days {days} --seed {seed} --write",
        )


def _live(patience: float, pace: str, days: int, measured: int, seed: int) -> ComparedDays:
    compiled.wait()
    return live(days, seed, lambda _: None, patience=patience, pace=pace, effects=measured)


def _figures(days: int, measured: int, lived: Mapping[tuple[str, str], ComparedDays]) -> Figures:
    rows, goals = [], []
    for hall, _ in HALLS:
        fixed = figures(lived[hall, "calm"])["sipp"]
        rows.append([f"{hall}: fixed plan (SIPP)", *_plan(fixed), "", ""])
        for pace in EAGERNESS:
            mine = lived[hall, pace]
            rows.append([f"{hall}: {pace}", *_plan(figures(mine)["advised"]), *_effects(mine, min(measured, days))])
            goals += _goals(f"{hall}, {pace}", mine)
    columns = (
        "hall, plan",
        "staff-hours",
        "of SIPP",
        "within 10 min",
        "leave",
        "advices a day",
        "effects inside",
    )
    facts = {
        f"{hall}, {pace}": {
            "fixed": [asdict(day) for day in mine.fixed],
            "advised": [asdict(day) for day in mine.advised],
            "effects": [asdict(one) for one in mine.effects],
        }
        for (hall, pace), mine in lived.items()
    }
    counted = COUNTED.format(days=days, measured=min(measured, days))
    return Figures("advice", "Live advice on simulated days", counted, columns, rows, {"halls": facts}, goals)


def _plan(of: Mapping[str, float]) -> list[str]:
    return [f"{of['hours']:.1f}", f"{of['of_sipp']:.3f}", f"{of['within']:.3f}", f"{of['left']:.3f}"]


def _effects(lived: ComparedDays, days: int) -> list[str]:
    inside = [one.inside for one in lived.effects]
    return [f"{len(inside) / days:.0f}", f"{mean(inside):.1%} of {len(inside):,}"] if inside else ["", ""]


def _goals(name: str, lived: ComparedDays) -> list[Goal]:
    told = figures(lived)
    ours, theirs, inside = told["advised"], told["sipp"], told["inside"] or 0.0
    return [
        Goal(f"{name}: at most 0.90 of SIPP's hours", f"{ours['of_sipp']:.3f}", ours["of_sipp"] <= 0.90),
        Goal(f"{name}: at equal or better service", f"{ours['within']:.3f} against {theirs['within']:.3f}", ours["within"] >= theirs["within"]),
        Goal(f"{name}: at least 0.92 within 10 minutes", f"{ours['within']:.3f}", ours["within"] >= 0.92),
        Goal(f"{name}: the 80 % range holds 78-82 % of the effects", f"{inside:.1%} of {told['effects']}", 0.78 <= inside <= 0.82),
    ]  # fmt: skip


if __name__ == "__main__":
    main()
