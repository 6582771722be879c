"""Backtest of staffing: SIPP, the plan from simulation-based search, and live advice, on the same days.

Here on the simulated textbook hall; `staffing_of_log.py` does the same on the days of a log.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import numpy as np
from scipy.special import gammaincinv

from hallflow.backtests import textbook_hall
from hallflow.backtests.acted_day import SERVICE, ActedCustomer, ActedDay, people
from hallflow.backtests.advised_day import AdviceEffect, DayOutcome, advised_day, fixed_day, outcome_of
from hallflow.backtests.sipp import SimulatedPlan, simulate_plan, sipp
from hallflow.domain.past.visit import Visit
from hallflow.domain.plan import Plan
from hallflow.domain.quarters import QUARTER
from hallflow.foresight.learning.learned import Learned, learn
from hallflow.foresight.staffing.required import required
from hallflow.foresight.staffing.trial import set_trial

LEARNED_DAYS = 28
LOWER = (0.75, 0.7, 0.65, 0.6, 0.55, 0.5, 0.4, 0.3, 0.2, 0.1)
"""Service levels that SIPP is also asked for, lower than the goal."""
Progress = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class StaticPlans:
    """Plans compared on the same simulated days, which none was found on."""

    cv: float
    days: int
    sipp: SimulatedPlan
    searched: SimulatedPlan
    lowered: SimulatedPlan
    """The cheapest SIPP plan, for whatever service level, whose worst quarter-hour is as good as that of the search."""


@dataclass(frozen=True, slots=True)
class ComparedDays:
    """Simulated days under SIPP, under the search's plan, and with live advice; the same customers each time."""

    hall: str
    fixed: tuple[DayOutcome, ...]
    searched: tuple[DayOutcome, ...]
    advised: tuple[DayOutcome, ...]
    effects: tuple[AdviceEffect, ...]


def static(cv: float, days: int, plays: int = 1200, patience: float = textbook_hall.PATIENCE) -> StaticPlans:
    """Compare static plans on the simulated hall's usual day with day-to-day variation `cv`; the search uses `plays` replications.

    `patience` is the mean in minutes. Raises RuntimeError if the search has nothing to staff.
    """
    plan, learned = textbook_hall.staffing_hall(patience)
    ahead = textbook_hall.usual_day(cv)
    found = required(plan, learned, ahead, [7], plays=plays)
    if found is None:
        raise RuntimeError("the search found nothing for a day on which somebody comes")
    judged = set_trial(plan, learned, ahead, np.random.default_rng(99), days)
    theirs = simulate_plan(judged, sipp(plan, learned, ahead))
    ours = simulate_plan(judged, [quarter.counters for quarter in found.quarters])
    lower = (simulate_plan(judged, sipp(plan, learned, ahead, share)) for share in LOWER)
    enough = [one for one in lower if one.service_levels.min() >= ours.service_levels.min()]
    return StaticPlans(cv, days, theirs, ours, min(enough, key=lambda one: one.hours, default=theirs))


def live(
    days: int, seed: int, progress: Progress = lambda _: None, learned_days: int = LEARNED_DAYS,
    patience: float = textbook_hall.PATIENCE, pace: str = "calm", effects: int | None = None,
) -> ComparedDays:  # fmt: skip
    """Simulate days of the hall after it has learned from others, all drawn from `seed`.

    `patience` is the mean in minutes, `pace` the sensitivity of the advice; `effects` limits the days on which each advice's
    effect is measured.
    """
    plan, true = textbook_hall.staffing_hall(patience)
    plan = replace(plan, staffing=replace(plan.staffing, advice=pace))
    rng = np.random.default_rng(seed)
    usual = textbook_hall.usual_day(textbook_hall.CV)
    fixed = sipp(plan, true, usual)

    def draw(busyness: float) -> list[ActedCustomer]:
        starts, means = [q.start for q in usual.quarters], [q.total.expected for q in usual.quarters]
        return people(starts, means, busyness, rng, true.times[SERVICE], patience)

    visits: list[Visit] = []
    for back in range(learned_days, 0, -1):
        busyness = float(rng.gamma(textbook_hall.CV**-2, textbook_hall.CV**2))
        before = fixed_day(plan, textbook_hall.OPENS, fixed, draw(busyness), textbook_hall.WALK)
        visits += [_moved(visit, back) for visit in before.past()]
        progress(learned_days - back + 1)
    learned = learn(visits, plan, textbook_hall.OPENS)
    days_run = []
    for day, busyness in enumerate(_every_busyness(days, rng)):
        measured, everybody = effects is None or day < effects, draw(busyness)
        days_run.append(
            compare_day(
                plan, learned, textbook_hall.WALK, textbook_hall.OPENS, fixed, None, everybody, day, effects=measured
            )
        )
        progress(learned_days + day + 1)
    return summarise_days("simulated", days_run)


def _every_busyness(days: int, rng: np.random.Generator) -> list[float]:
    """Stratified sample of day-to-day load factors in random order: with so few days, a free sample's mean would be off by some
    per cent.
    """
    shares = (rng.permutation(days) + 0.5) / days
    return [float(factor) for factor in gammaincinv(textbook_hall.CV**-2, shares) * textbook_hall.CV**2]


def figures(compared: ComparedDays) -> dict[str, Any]:
    """Plain JSON: means over the days, and the coverage of the advices' predicted effects."""
    result: dict[str, Any] = {"hall": compared.hall, "days": len(compared.fixed)}
    for name, days in (("sipp", compared.fixed), ("found", compared.searched), ("advised", compared.advised)):
        if days:
            result[name] = _mean(days, compared.fixed)
    inside = [effect.inside for effect in compared.effects]
    return result | {"effects": len(inside), "inside": round(sum(inside) / len(inside), 4) if inside else None}


def _mean(days: Sequence[DayOutcome], beside: Sequence[DayOutcome]) -> dict[str, float]:
    hours, theirs = (float(np.mean([day.hours for day in each])) for each in (days, beside))
    return {
        "hours": round(hours, 2),
        "of_sipp": round(hours / theirs, 4),
        "within": round(float(np.mean([day.within_goal for day in days])), 4),
        "left": round(float(np.mean([day.abandoned for day in days])), 4),
    }


@dataclass(frozen=True, slots=True)
class ComparedDay:
    """One day simulated under each plan; `searched` is None where the search has no plan."""

    fixed: ActedDay
    searched: ActedDay | None
    advised: ActedDay
    effects: list[AdviceEffect]


def compare_day(
    plan: Plan, learned: Learned, walk: float, opens: datetime, fixed: Sequence[int], searched: Sequence[int] | None,
    everybody: Sequence[ActedCustomer], seed: int, *, effects: bool = True,
) -> ComparedDay:  # fmt: skip
    """Simulate one day under the fixed plan, the plan found (if any), and with live advice."""
    closes = opens + len(fixed) * QUARTER
    advised, measured = advised_day(plan, learned, opens, closes, fixed[0], everybody, walk, seed, effects=effects)
    return ComparedDay(
        fixed_day(plan, opens, fixed, everybody, walk),
        fixed_day(plan, opens, searched, everybody, walk) if searched else None,
        advised,
        measured,
    )


def summarise_days(hall: str, days_run: Sequence[ComparedDay]) -> ComparedDays:
    """Performance measures of the days of one hall."""
    return ComparedDays(
        hall,
        tuple(outcome_of(day.fixed) for day in days_run),
        tuple(outcome_of(day.searched) for day in days_run if day.searched),
        tuple(outcome_of(day.advised) for day in days_run),
        tuple(effect for day in days_run for effect in day.effects),
    )


def _moved(visit: Visit, back: int) -> Visit:
    off = timedelta(days=-back)
    return replace(
        visit,
        number=f"{back}-{visit.number}",
        issued_at=visit.issued_at + off,
        called_at=visit.called_at and visit.called_at + off,
        arrived_at=visit.arrived_at and visit.arrived_at + off,
        ended_at=visit.ended_at and visit.ended_at + off,
    )


def lines(results: Sequence[dict[str, Any]]) -> Iterator[str]:
    """For a person."""
    yield f"{'':24} days  plan      staff-hours  of SIPP  within  leave"
    for row in results:
        for name, label in (("sipp", "SIPP"), ("found", "found"), ("advised", "advised")):
            if name in row:
                of = row[name]
                yield (
                    f"{row['hall'][:24]:24} {row['days']:>4}  {label:8} {of['hours']:12.1f} {of['of_sipp']:8.3f} "
                    f"{of['within']:7.3f} {of['left']:6.3f}"
                )
        if row["effects"]:
            yield f"{'':30} of {row['effects']} foreseen effects {row['inside']:.1%} came within their range of four in five"
