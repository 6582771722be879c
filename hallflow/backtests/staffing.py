"""The staffing figures: a plan by Erlang C (SIPP), the plan found by playing the day, and live advice, on the same days.

Here on the simulated hall of `foresight.paperhall`; `stafflog` does the same with the days of a log.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import numpy as np
from scipy.special import gammaincinv

from hallflow.backtests import textbook_hall
from hallflow.backtests.acted_day import SERVICE, Acted, ActedCustomer, people
from hallflow.backtests.advised_day import Came, Effect, advised_day, came, fixed_day
from hallflow.backtests.sipp import Bought, bought, sipp
from hallflow.domain.past.visit import Visit
from hallflow.domain.plan import Plan
from hallflow.domain.quarters import QUARTER
from hallflow.foresight.learning.learned import Learned, learn
from hallflow.foresight.staffing.required import required
from hallflow.foresight.staffing.trial import set_trial

LEARNED_DAYS = 28
LOWER = (0.75, 0.7, 0.65, 0.6, 0.55, 0.5, 0.4, 0.3, 0.2, 0.1)
"""Goals by which Erlang C is asked for less than it is meant to."""
Progress = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Static:
    """Plans judged on the same simulated days, none of which they have seen."""

    cv: float
    days: int
    sipp: Bought
    found: Bought
    lowered: Bought
    """The cheapest plan by Erlang C, at whatever goal, that serves as well in its worst quarter-hour as the one found."""


@dataclass(frozen=True, slots=True)
class Lived:
    """Days under a fixed plan of Erlang C, under the plan found by playing them, and with live advice; the same people each time."""

    hall: str
    fixed: tuple[Came, ...]
    found: tuple[Came, ...]
    advised: tuple[Came, ...]
    effects: tuple[Effect, ...]


def static(cv: float, days: int, plays: int = 1200, patience: float = textbook_hall.PATIENCE) -> Static:
    """The simulated hall's usual day, with days that vary by `cv` beside chance; plans are sought on `plays` days.

    patience: mean minutes before a customer gives up.
    """
    plan, learned = textbook_hall.staffing_hall(patience)
    ahead = textbook_hall.usual_day(cv)
    found = required(plan, learned, ahead, [7], plays=plays)
    if found is None:
        raise RuntimeError("the search found nothing for a day on which somebody comes")
    judged = set_trial(plan, learned, ahead, np.random.default_rng(99), days)
    theirs = bought(judged, sipp(plan, learned, ahead))
    ours = bought(judged, [quarter.counters for quarter in found.quarters])
    lower = (bought(judged, sipp(plan, learned, ahead, share)) for share in LOWER)
    enough = [one for one in lower if one.shares.min() >= ours.shares.min()]
    return Static(cv, days, theirs, ours, min(enough, key=lambda one: one.hours, default=theirs))


def live(
    days: int, seed: int, progress: Progress = lambda _: None, learned_days: int = LEARNED_DAYS,
    patience: float = textbook_hall.PATIENCE, pace: str = "calm", effects: int | None = None,
) -> Lived:  # fmt: skip
    """So many days of the simulated hall, after it has learned from others; all of them drawn from this seed.

    patience: mean minutes before a customer gives up; pace: how eagerly it is advised; effects: on how many of the days each
    advice's effect is measured, by default on all.
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
    knows = learn(visits, plan, textbook_hall.OPENS)
    acts = []
    for day, busyness in enumerate(_every_busyness(days, rng)):
        measured, everybody = effects is None or day < effects, draw(busyness)
        acts.append(
            lived_by(
                plan, knows, textbook_hall.WALK, textbook_hall.OPENS, fixed, None, everybody, day, effects=measured
            )
        )
        progress(learned_days + day + 1)
    return summed("simulated", acts)


def _every_busyness(days: int, rng: np.random.Generator) -> list[float]:
    """One day of each degree of busyness, in any order: of so few days drawn freely, the mean alone would be off by some per cent."""
    shares = (rng.permutation(days) + 0.5) / days
    return [float(factor) for factor in gammaincinv(textbook_hall.CV**-2, shares) * textbook_hall.CV**2]


def figures(lived: Lived) -> dict[str, Any]:
    """Plain JSON: means over the days, and how often an advice's effect lay in its range of four in five."""
    told: dict[str, Any] = {"hall": lived.hall, "days": len(lived.fixed)}
    for name, days in (("sipp", lived.fixed), ("found", lived.found), ("advised", lived.advised)):
        if days:
            told[name] = _mean(days, lived.fixed)
    inside = [effect.inside for effect in lived.effects]
    return told | {"effects": len(inside), "inside": round(sum(inside) / len(inside), 4) if inside else None}


def _mean(days: Sequence[Came], beside: Sequence[Came]) -> dict[str, float]:
    hours, theirs = (float(np.mean([day.hours for day in each])) for each in (days, beside))
    return {
        "hours": round(hours, 2),
        "of_sipp": round(hours / theirs, 4),
        "within": round(float(np.mean([day.within for day in days])), 4),
        "left": round(float(np.mean([day.left for day in days])), 4),
    }


@dataclass(frozen=True, slots=True)
class Acts:
    fixed: Acted
    found: Acted | None
    advised: Acted
    effects: list[Effect]


def lived_by(
    plan: Plan, knows: Learned, walk: float, opens: datetime, fixed: Sequence[int], found: Sequence[int] | None,
    everybody: Sequence[ActedCustomer], seed: int, *, effects: bool = True,
) -> Acts:  # fmt: skip
    closes = opens + len(fixed) * QUARTER
    advised, measured = advised_day(plan, knows, opens, closes, fixed[0], everybody, walk, seed, effects=effects)
    return Acts(
        fixed_day(plan, opens, fixed, everybody, walk),
        fixed_day(plan, opens, found, everybody, walk) if found else None,
        advised,
        measured,
    )


def summed(hall: str, acts: Sequence[Acts]) -> Lived:
    return Lived(
        hall,
        tuple(came(day.fixed) for day in acts),
        tuple(came(day.found) for day in acts if day.found),
        tuple(came(day.advised) for day in acts),
        tuple(effect for day in acts for effect in day.effects),
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


def lines(told: Sequence[dict[str, Any]]) -> Iterator[str]:
    """For a person."""
    yield f"{'':24} days  plan      staff-hours  of SIPP  within  leave"
    for row in told:
        for name, words in (("sipp", "SIPP"), ("found", "found"), ("advised", "advised")):
            if name in row:
                of = row[name]
                yield (
                    f"{row['hall'][:24]:24} {row['days']:>4}  {words:8} {of['hours']:12.1f} {of['of_sipp']:8.3f} "
                    f"{of['within']:7.3f} {of['left']:6.3f}"
                )
        if row["effects"]:
            yield f"{'':30} of {row['effects']} foreseen effects {row['inside']:.1%} came within their range of four in five"
