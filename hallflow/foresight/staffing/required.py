"""Minimum staffing by simulation: counters of each skill group in every quarter-hour, and the constraint that decides each.

It takes many seconds, so a background worker computes it and others read the stored result.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import numpy as np

from hallflow.domain.floor import Floor
from hallflow.domain.plan import Plan
from hallflow.domain.quarters import QUARTER
from hallflow.foresight.arrays import Floats, Ints
from hallflow.foresight.arrivals import DayForecast, Quarter
from hallflow.foresight.learning.learned import Learned, fitted
from hallflow.foresight.staffing.erlang import carried_load
from hallflow.foresight.staffing.formula import DEMAND, FormulaNeed, requirement
from hallflow.foresight.staffing.search import SearchResult, search
from hallflow.foresight.staffing.skills import SkillGroup, groups_of, opened_first
from hallflow.foresight.staffing.trial import Trial, set_trial
from hallflow.foresight.staffing.verdicts import lower_bound
from hallflow.foresight.twin.compiled import ready

CUSTOMERS, CUSTOMERS_NUMPY = 200_000, 60_000
"""Customers simulated for each plan that is tried, compiled and with numpy alone; it determines the number of replications."""
FEWEST, MOST = 48, 400


@dataclass(frozen=True, slots=True)
class QuarterNeed:
    """Required counters of one quarter-hour."""

    start: datetime
    counters: int
    groups: tuple[int, ...]
    """Counters of each skill group."""
    because: str
    """The binding constraint: `demand`, `abandoned`, `tier`, `guard`, `service`, `cover`, `least` or `most`; `beyond_` before
    one that is violated with all counters open.
    """
    whose: str | None
    """The tier or service of that constraint."""
    shares: Mapping[str, float]
    """Simulated shares: called within the hall's goal (`in_time`), and not abandoning (`stay`)."""
    lacking: tuple[str, ...]
    """Services for which even all counters are too few."""
    formula: int
    """The formula's counters when this was computed; later changes of the formula's figure are added."""


@dataclass(frozen=True, slots=True)
class Requirement:
    """Staffing requirement of a day or of the rest of it."""

    groups: tuple[SkillGroup, ...]
    quarters: tuple[QuarterNeed, ...]
    days_played: int
    """Replications that each plan was simulated in."""
    plans_tried: int

    def as_data(self) -> dict[str, Any]:
        """Plain JSON; `from_data` gives the same value back."""
        return {
            "groups": [{"services": list(g.services), "counters": list(g.counters)} for g in self.groups],
            "quarters": [
                {
                    "start": q.start.isoformat(),
                    "counters": q.counters,
                    "groups": list(q.groups),
                    "because": q.because,
                    "whose": q.whose,
                    "kept": dict(q.shares),
                    "lacking": list(q.lacking),
                    "formula": q.formula,
                }
                for q in self.quarters
            ],
            "days_played": self.days_played,
            "plans_tried": self.plans_tried,
        }

    def about(self) -> dict[str, Any]:
        """Everything but the quarter-hours, as plain JSON."""
        return {key: value for key, value in self.as_data().items() if key != "quarters"}

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> "Requirement":
        """The value that `as_data` wrote."""
        return cls(
            tuple(SkillGroup(tuple(g["services"]), tuple(g["counters"])) for g in data["groups"]),
            tuple(
                QuarterNeed(
                    datetime.fromisoformat(q["start"]), q["counters"], tuple(q["groups"]),
                    q["because"], q["whose"], q["kept"], tuple(q["lacking"]), q["formula"],
                )
                for q in data["quarters"]
            ),
            data["days_played"],
            data["plans_tried"],
        )  # fmt: skip

    @staticmethod
    def groups_now(plan: Plan) -> tuple[SkillGroup, ...]:
        """The skill groups of this plan."""
        return groups_of(plan)


def merged(before: Requirement, after: Requirement | None) -> Requirement:
    """The day's requirement with its rest replaced by `after`; a result for other skill groups replaces all."""
    if after is None or before.groups != after.groups:
        return after or before
    past = tuple(q for q in before.quarters if q.start < after.quarters[0].start)
    return replace(after, quarters=(*past, *after.quarters))


def with_simulated(
    needs: Sequence[FormulaNeed], quarters: Sequence[Quarter], simulated: Requirement | None, *, moving: bool = True
) -> list[FormulaNeed]:
    """The formula's needs, replaced by the simulated ones where known; with `moving`, plus what the formula has changed by since."""
    known = {q.start: q for q in simulated.quarters} if simulated else {}
    return [
        _with_simulated(need, known.get(quarter.start), simulated, moving=moving)
        for need, quarter in zip(needs, quarters, strict=True)
    ]


def _with_simulated(
    need: FormulaNeed, simulated: QuarterNeed | None, of: Requirement | None, *, moving: bool
) -> FormulaNeed:
    if simulated is None or of is None:
        return need
    moved = need.counters - simulated.formula if moving else 0
    most = sum(len(group.counters) for group in of.groups)
    return replace(
        need,
        counters=min(max(simulated.counters + moved, 0), most),
        because=simulated.because,
        whose=simulated.whose,
        groups=simulated.groups if moved == 0 else (),
        lacking=simulated.lacking,
    )


def required(
    plan: Plan,
    learned: Learned,
    ahead: DayForecast,
    seed: Sequence[int],
    floor: Floor | None = None,
    now: datetime | None = None,
    plays: int | None = None,
    fast: bool | None = None,
) -> Requirement | None:
    """Find the fewest counters that meet every constraint, for a whole day or its rest from `now` on this floor.

    `plays` is the number of replications for each plan, by default as many as make 200,000 customers, or 60,000 with numpy
    alone. None if the day is over, closed, or without expected arrivals.
    """
    learned = fitted(learned, plan)
    quarters = [q for q in ahead.quarters if now is None or q.start + QUARTER > now]
    coming = sum(q.total.expected for q in quarters)
    if not quarters or coming < DEMAND:
        return None
    fast = ready() if fast is None else fast
    plays = plays or int(min(max((CUSTOMERS if fast else CUSTOMERS_NUMPY) / coming, FEWEST), MOST))
    trial, check = (
        set_trial(plan, learned, ahead, np.random.default_rng([*seed, i]), plays, floor, now, fast) for i in (0, 1)
    )
    loads = _loads(plan, learned, ahead, trial)
    wanted = [frozenset(key for key, n in q.services.items() if n.expected >= DEMAND) for q in quarters]
    first = len(ahead.quarters) - len(quarters)
    here = floor.waiting_count() if floor is not None else 0
    needs = requirement(plan, learned, ahead, in_hall=here, first=first)
    start = _spread(trial, needs, loads)
    result = search(trial, check, start, lower_bound(plan, trial, wanted), loads)
    return Requirement(trial.groups, tuple(_each(plan, quarters, result, needs)), plays, result.plans_tried)


def _loads(plan: Plan, learned: Learned, ahead: DayForecast, trial: Trial) -> Floats:
    """Offered load by quarter-hour and service, in erlangs, (Q, S)."""
    left = len(trial.starts)
    return np.stack(
        [
            carried_load(
                [q.services[key].expected if key in q.services else 0.0 for q in ahead.quarters],
                learned.occupied_minutes(key),
            )[-left:]
            for key in plan.services
        ],
        axis=1,
    )


def _spread(trial: Trial, needs: Sequence[FormulaNeed], loads: Floats) -> Ints:
    """The formula's counters, distributed over the skill groups by load, (G, Q)."""
    keys = list(trial.plan.services)
    each = [
        opened_first(trial.groups, dict(zip(keys, load, strict=True)), need.counters)
        for need, load in zip(needs, loads, strict=True)
    ]
    return np.array(each).T


def _each(
    plan: Plan, quarters: Sequence[Quarter], result: SearchResult, needs: Sequence[FormulaNeed]
) -> Iterator[QuarterNeed]:
    in_time, stay = (constraint.share for constraint in result.verdict.constraints[:2])
    for i, quarter in enumerate(quarters):
        groups = tuple(int(n) for n in result.opened[:, i])
        shares = {"in_time": round(float(in_time[i]), 3), "stay": round(float(stay[i]), 3)}
        lacking = tuple(key for key, lacks in zip(plan.services, result.lacking[i], strict=True) if lacks)
        yield QuarterNeed(quarter.start, sum(groups), groups, *result.because[i], shares, lacking, needs[i].counters)
