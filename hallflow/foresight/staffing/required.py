"""What a day requires: how many counters of each skill group in every quarter-hour, and which promise decides it.

Sums of many seconds: made by the worker, kept, and read by whoever asks.
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
from hallflow.foresight.staffing.search import Found, search
from hallflow.foresight.staffing.skills import Group, groups_of, opened_first
from hallflow.foresight.staffing.trial import Trial, set_trial
from hallflow.foresight.staffing.verdicts import least_of
from hallflow.foresight.twin.compiled import ready

CUSTOMERS, SLOWLY = 200_000, 60_000
"""So many are played for each plan that is tried, of however many days that makes; with numpy alone fewer."""
FEWEST, MOST = 48, 400


@dataclass(frozen=True, slots=True)
class QuarterNeed:
    """One quarter-hour's counters."""

    start: datetime
    counters: int
    groups: tuple[int, ...]
    """Of each group so many."""
    because: str
    """`demand`, `abandoned`, `tier`, `guard`, `service`, `cover`, `least` or `most`; `beyond_` before a promise that is broken whatever
    is opened."""
    whose: str | None
    """The tier or service whose promise decides."""
    kept: Mapping[str, float]
    """The share within the hall's minutes (`in_time`), and of those who stay (`stay`), as played."""
    lacking: tuple[str, ...]
    """Services for which the plan has too few counters, whatever is opened."""
    formula: int
    """What Erlang A alone asked for at that time; if it comes to say more or less, so much more or less is required."""


@dataclass(frozen=True, slots=True)
class Requirement:
    """A day's, or what is left of one."""

    groups: tuple[Group, ...]
    quarters: tuple[QuarterNeed, ...]
    days_played: int
    """How many possible days the plan was tried on."""
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
                    "kept": dict(q.kept),
                    "lacking": list(q.lacking),
                    "formula": q.formula,
                }
                for q in self.quarters
            ],
            "days_played": self.days_played,
            "plans_tried": self.plans_tried,
        }

    def about(self) -> dict[str, Any]:
        """How it was found, and what its groups are."""
        return {key: value for key, value in self.as_data().items() if key != "quarters"}

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> "Requirement":
        """What `as_data` wrote."""
        return cls(
            tuple(Group(tuple(g["services"]), tuple(g["counters"])) for g in data["groups"]),
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
    def groups_now(plan: Plan) -> tuple[Group, ...]:
        """The groups that a requirement of this plan has."""
        return groups_of(plan)


def joined(before: Requirement, after: Requirement | None) -> Requirement:
    """A day of which the rest has been found anew; what is past stays as it was asked for."""
    if after is None or before.groups != after.groups:
        return after or before
    past = tuple(q for q in before.quarters if q.start < after.quarters[0].start)
    return replace(after, quarters=(*past, *after.quarters))


def settled(
    needs: Sequence[FormulaNeed], quarters: Sequence[Quarter], found: Requirement | None, *, moving: bool = True
) -> list[FormulaNeed]:
    """The formula's needs, with what was found by playing the day in place of them; `moving` by what the formula has since."""
    known = {q.start: q for q in found.quarters} if found else {}
    return [
        _settled(need, known.get(quarter.start), found, moving=moving)
        for need, quarter in zip(needs, quarters, strict=True)
    ]


def _settled(need: FormulaNeed, found: QuarterNeed | None, of: Requirement | None, *, moving: bool) -> FormulaNeed:
    if found is None or of is None:
        return need
    moved = need.counters - found.formula if moving else 0
    most = sum(len(group.counters) for group in of.groups)
    return replace(
        need,
        counters=min(max(found.counters + moved, 0), most),
        because=found.because,
        whose=found.whose,
        groups=found.groups if moved == 0 else (),
        lacking=found.lacking,
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
    """The fewest counters that keep every promise, for a whole day or for what is left of it at `now` on this floor.

    plays: possible days that each plan is tried on, by default as many as make 200,000 customers, or 60,000 with numpy alone. None for a day that is over,
    on which the hall is closed, or on which nobody is expected.
    """
    learned = fitted(learned, plan)
    quarters = [q for q in ahead.quarters if now is None or q.start + QUARTER > now]
    coming = sum(q.total.expected for q in quarters)
    if not quarters or coming < DEMAND:
        return None
    fast = ready() if fast is None else fast
    plays = plays or int(min(max((CUSTOMERS if fast else SLOWLY) / coming, FEWEST), MOST))
    trial, check = (
        set_trial(plan, learned, ahead, np.random.default_rng([*seed, i]), plays, floor, now, fast) for i in (0, 1)
    )
    loads = _loads(plan, learned, ahead, trial)
    wanted = [frozenset(key for key, n in q.services.items() if n.expected >= DEMAND) for q in quarters]
    first = len(ahead.quarters) - len(quarters)
    here = floor.waiting_count() if floor is not None else 0
    needs = requirement(plan, learned, ahead, in_hall=here, first=first)
    start = _spread(trial, needs, loads)
    found = search(trial, check, start, least_of(plan, trial, wanted), loads)
    return Requirement(trial.groups, tuple(_each(plan, quarters, found, needs)), plays, found.played)


def _loads(plan: Plan, learned: Learned, ahead: DayForecast, trial: Trial) -> Floats:
    """Work by quarter-hour and service, in erlangs, (Q, S)."""
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
    """Erlang A's numbers, spread over the groups by their work."""
    keys = list(trial.plan.services)
    each = [
        opened_first(trial.groups, dict(zip(keys, load, strict=True)), need.counters)
        for need, load in zip(needs, loads, strict=True)
    ]
    return np.array(each).T


def _each(plan: Plan, quarters: Sequence[Quarter], found: Found, needs: Sequence[FormulaNeed]) -> Iterator[QuarterNeed]:
    in_time, stay = (promise.share for promise in found.verdict.promises[:2])
    for i, quarter in enumerate(quarters):
        groups = tuple(int(n) for n in found.opened[:, i])
        kept = {"in_time": round(float(in_time[i]), 3), "stay": round(float(stay[i]), 3)}
        lacking = tuple(key for key, lacks in zip(plan.services, found.lacking[i], strict=True) if lacks)
        yield QuarterNeed(quarter.start, sum(groups), groups, *found.because[i], kept, lacking, needs[i].counters)
