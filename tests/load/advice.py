"""`python -m tests.load.advice`: live advice on simulated days, what it saves against a fixed plan, and how often its foreseen effect is what comes.

A hall of 1,170 tickets a day that differs from day to day by 15 %. It learns from days staffed by the fixed plan, and is then
advised through others: every advice is accepted. For each advice the day is lived on twice from that moment, with it and
without it, by the same people (their numbers of minutes and their patience are theirs, whatever the hall does).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from statistics import mean
from typing import Any

import click
import numpy as np
from rich.console import Console

from hallflow.domain.plan import Plan
from hallflow.foresight import compiled
from hallflow.foresight.advising import TAIL_MINUTES, Advice, advise
from hallflow.foresight.erlang import within_c
from hallflow.foresight.learned import Learned, learn
from hallflow.foresight.profile import QUARTER, slot_of
from hallflow.foresight.steadiness import Given
from tests.load import machine
from tests.load.acted import Acted, Customer, people
from tests.load.figures import Figures, Goal, put, show
from tests.load.house import ROOT
from tests.load.paper import COUNTERS, MINUTES, OPENS, QUARTERS, TICKETS, WALK, a_day, peaks_of, staffing_hall

CV = 0.15
LEARNED_DAYS, DAYS = 28, 20
LOOK = timedelta(minutes=10)
PLAYS = 120
GRACE = timedelta(minutes=60)
CLOSES = OPENS + QUARTERS * QUARTER
COUNTED = (
    f"{DAYS} days of {TICKETS:,} tickets on average, busyness gamma with CV {CV:.0%}, two peaks, one service (walk {WALK} min and "
    f"{MINUTES} min lognormal), patience {45} min, goal 80 % within 10 minutes. Fixed: the fewest counters by Erlang C in each "
    "quarter-hour (SIPP). Advised: it begins the day as that plan does and then only follows the advice, looked for every "
    f"{LOOK.seconds // 60} minutes and always accepted; what it knows it has learned from {LEARNED_DAYS} other days. Staff-hours count "
    "clerks who only finish, and those who stay until the hall is empty. Both meet the same people. Effects: the change of the "
    "mean wait over those who wait or come within the next 40 minutes, lived with and without each advice, against its range of four in five."
)


@click.command()
@click.option("--days", default=DAYS, show_default=True, help="So many days are advised through.")
@click.option("--write", "write", is_flag=True, help="Put the section into BENCHMARKS.md.")
def main(days: int, write: bool) -> None:
    """Live the days, print the figures, and keep them."""
    compiled.wait()
    about = machine.described()
    figures = measure(quick=False, days=days)
    show(Console(), figures)
    if write:
        put(ROOT / "BENCHMARKS.md", about, figures, f"python -m tests.load.advice --days {days} --write")


@dataclass(slots=True)
class Came:
    """One day's outcome."""

    hours: float
    within: float
    left: float


def measure(*, quick: bool, days: int | None = None) -> Figures:
    """Hours and service of both, and the coverage of the effects."""
    plan, learned = _hall()
    rng = np.random.default_rng(20260304)
    fixed = sipp()
    learned = _learned(plan, fixed, 6 if quick else LEARNED_DAYS, rng) or learned
    beside, advised, effects = [], [], []
    for day in range(days or (1 if quick else DAYS)):
        everybody = _people(rng)
        beside.append(_fixed_day(plan, fixed, everybody))
        came, found = _advised_day(plan, learned, fixed, everybody, day)
        advised.append(came)
        effects += found
    return _figures(beside, advised, effects)


def sipp() -> list[int]:
    """Counters of each quarter-hour: each taken by itself, stationary and without anybody who leaves."""
    found = []
    for quarter in a_day(peaks_of(TICKETS), {"bills": 1.0}).quarters:
        load = quarter.total.expected / 15 * (MINUTES + WALK)
        fewest = range(int(load) + 1, COUNTERS + 1)
        found.append(next(n for n in fewest if within_c(load, n, MINUTES + WALK, 10.0) >= 0.8))
    return found


def _hall() -> tuple[Plan, Learned]:
    plan, learned = staffing_hall()
    week = np.zeros((7, 96))
    for quarter in a_day(peaks_of(TICKETS), {"bills": 1.0}).quarters:
        week[:, slot_of(quarter.start, plan)] = quarter.total.expected
    return plan, replace(learned, week={"bills": tuple(map(tuple, week.tolist()))}, busyness_cv=CV)


def _people(rng: np.random.Generator) -> list[Customer]:
    quarters = a_day(peaks_of(TICKETS), {"bills": 1.0}).quarters
    busyness = float(rng.gamma(CV**-2, CV**2))
    return people([q.start for q in quarters], [q.total.expected for q in quarters], busyness, rng)


def _learned(plan: Plan, fixed: Sequence[int], days: int, rng: np.random.Generator) -> Learned:
    """From days before, as `hallflow` learns from a history."""
    visits = []
    for back in range(days, 0, -1):
        acted = _live_fixed(plan, fixed, _people(rng))
        off = timedelta(days=-back)
        visits += [
            replace(
                v,
                number=f"{back}-{v.number}",
                issued_at=v.issued_at + off,
                called_at=v.called_at and v.called_at + off,
                arrived_at=v.arrived_at and v.arrived_at + off,
                ended_at=v.ended_at and v.ended_at + off,
            )
            for v in acted.past()
        ]
    return learn(visits, plan, OPENS)


def _live_fixed(plan: Plan, fixed: Sequence[int], everybody: Sequence[Customer]) -> Acted:
    acted = Acted.begin(plan, OPENS, everybody)
    before = 0
    for i, n in enumerate(fixed):
        at = OPENS + i * QUARTER
        for key in range(before + 1, n + 1):
            acted.open(str(key), at)
        for key in range(n + 1, before + 1):
            acted.close(str(key), at)
        before = n
    acted.live(CLOSES)
    _empty(acted)
    return acted


def _empty(acted: Acted) -> None:
    """Serve whoever is still inside; clerks go as they are no longer needed."""
    while acted.floor.tickets:
        for counter in acted.floor.open_counters():
            if counter.ticket is None:
                acted.close(counter.key, acted.now)
        acted.live(acted.now + timedelta(minutes=1))
    for counter in acted.floor.open_counters():
        acted.close(counter.key, acted.now)
    acted.live(acted.now)


def _fixed_day(plan: Plan, fixed: Sequence[int], everybody: Sequence[Customer]) -> Came:
    return _came(_live_fixed(plan, fixed, everybody))


def _came(acted: Acted) -> Came:
    n = len(acted.people)
    within = sum(wait <= 10 and number not in acted.left for number, wait in acted.waits.items())
    return Came(acted.staff_minutes / 60, within / n, len(acted.left) / n)


def _advised_day(
    plan: Plan, learned: Learned, fixed: Sequence[int], everybody: Sequence[Customer], seed: int
) -> tuple[Came, list[dict[str, Any]]]:
    acted, given, effects = Acted.begin(plan, OPENS, everybody), [], []
    for key in range(1, fixed[0] + 1):
        acted.open(str(key), OPENS)
    now = OPENS
    while now < CLOSES:
        acted.live(now)
        floor = acted.floor.draft()
        for key in acted.closing:
            # as the hall has it: paused, and closed once its customer has been served
            floor.counters[key] = replace(floor.counters[key], state="paused", reason="closing")
        past = [one for one in given if one.end > now]
        found = advise(floor, plan, learned, now, past, seed=1000 * seed + len(given), plays=PLAYS)
        split = acted
        for one in found:
            split, effect = _effect(split, one, now)
            effects.append(effect)
        for one in found:
            (acted.close if one.kind == "close" else acted.open)(one.counter, one.start)
            wait = one.after["wait"]
            given.append(Given(one.kind, one.counter, one.end, wait["low"], wait["high"], "done", one.services))
        now += LOOK
    acted.live(CLOSES)
    _empty(acted)
    return _came(acted), effects


def _effect(acted: Acted, one: Advice, now: datetime) -> tuple[Acted, dict[str, Any]]:
    """The mean wait of those who wait or come within the advice's time, with the advice less without it; and the hall that follows it."""
    without, with_it = acted.twin(one.end), acted.twin(one.end)
    more, less = (with_it.open, with_it.close) if one.kind != "close" else (with_it.close, with_it.open)
    more(one.counter, one.start)
    follows = with_it.twin(one.end)
    less(one.counter, one.end)
    horizon = one.end + timedelta(minutes=TAIL_MINUTES)
    mine = [
        p
        for p in acted.people.values()
        if now <= p.comes < one.end
        or (p.number in acted.floor.tickets and acted.floor.tickets[p.number].state == "waiting")
    ]
    waits = []
    for hall in (without, with_it):
        hall.live(horizon)
        waits.append(
            mean(hall.waits.get(p.number, (horizon - p.comes).total_seconds() / 60) for p in mine) if mine else 0.0
        )
    change = one.change["wait"]
    realised = waits[1] - waits[0]
    return follows, {"kind": one.kind, "low": change["low"], "high": change["high"], "realised": round(realised, 3)}


def _figures(beside: Sequence[Came], advised: Sequence[Came], effects: Sequence[dict[str, Any]]) -> Figures:
    rows = [_row("fixed plan (SIPP)", beside, beside), _row("advised", advised, beside)]
    share = mean(c.hours for c in advised) / mean(c.hours for c in beside)
    service, served = mean(c.within for c in advised), mean(c.within for c in beside)
    inside = [one for one in effects if one["low"] - 0.005 <= one["realised"] <= one["high"] + 0.005]
    coverage = len(inside) / len(effects) if effects else 0.0
    for kind in ("open", "close"):
        mine = [one for one in effects if one["kind"] == kind]
        if mine:
            hit = sum(one in inside for one in mine) / len(mine)
            width = mean(one["high"] - one["low"] for one in mine)
            rows.append([f"effects: {kind}", f"{len(mine)}", f"{width:.2f} min wide", f"{hit:.1%} inside", "", ""])
    goals = [
        Goal("at most 0.90 of SIPP's hours", f"{share:.3f}", share <= 0.90),
        Goal("at equal or better service", f"{service:.3f} against {served:.3f}", service >= served),
        Goal("at least 0.92 within 10 minutes", f"{service:.3f}", service >= 0.92),
        Goal(
            "the 80 % range holds 78-82 % of the effects", f"{coverage:.1%} of {len(effects)}", 0.78 <= coverage <= 0.82
        ),
    ]
    columns = ("day", "days", "staff-hours a day", "of SIPP", "within 10 min", "leave")
    facts = {"fixed": [vars_of(c) for c in beside], "advised": [vars_of(c) for c in advised], "effects": list(effects)}
    return Figures("advice", "Live advice on simulated days", COUNTED, columns, rows, facts, goals)


def vars_of(came: Came) -> dict[str, float]:
    """For a program."""
    return {"hours": came.hours, "within": came.within, "left": came.left}


def _row(name: str, days: Sequence[Came], beside: Sequence[Came]) -> list[str]:
    hours = mean(c.hours for c in days)
    of = hours / mean(c.hours for c in beside)
    within, left = mean(c.within for c in days), mean(c.left for c in days)
    return [name, f"{len(days)}", f"{hours:.1f}", f"{of:.3f}", f"{within:.3f}", f"{left:.3f}"]


if __name__ == "__main__":
    main()
