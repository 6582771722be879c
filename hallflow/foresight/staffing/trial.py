"""Evaluation of staffing plans by simulation: each plan is simulated with the same customers, and measured by quarter-hour.

The stage has every counter of the plan and the customers of many possible days; a plan only sets when each counter is away.
Plans thus share their random numbers (common random numbers), and what differs between results is the plan.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np

from hallflow.domain.floor import Floor, empty_floor
from hallflow.domain.plan import Plan
from hallflow.domain.quarters import QUARTER, QUARTER_MINUTES
from hallflow.foresight.arrays import Bools, Floats, Ints
from hallflow.foresight.arrivals import DayForecast, arrival_rates
from hallflow.foresight.learning.learned import Learned
from hallflow.foresight.staffing.skills import SkillGroup, groups_of
from hallflow.foresight.twin.chance import NEVER
from hallflow.foresight.twin.combined import only_customers
from hallflow.foresight.twin.compiled import ready
from hallflow.foresight.twin.plays import Plays
from hallflow.foresight.twin.stage import Stage, set_stage


@dataclass(frozen=True, slots=True)
class TrialResult:
    """Simulated counts of one plan, summed over replications by quarter-hour of arrival and line; all (Q, L)."""

    came: Floats
    in_goal: Floats
    """Called within their tier's goal."""
    in_time: Floats
    """Called within the hall's goal."""
    past_guard: Floats
    """Waited longer than their tier's maximum wait."""
    abandoned: Floats
    """Abandoned before they were called."""
    longest: Floats
    """(L): longest wait of anybody called, in minutes."""


@dataclass(frozen=True, slots=True)
class Trial:
    """A day's customers, simulated under one plan after another; Q quarter-hours, G groups, L lines."""

    plan: Plan
    groups: tuple[SkillGroup, ...]
    starts: Floats
    """(Q): start of each quarter-hour, in minutes from the trial's first instant."""
    grace: float
    stage: Stage
    fast: bool
    places: tuple[tuple[int, int], ...]
    """Group of each counter of the stage and its turn within the group; -1 for a counter that the plan lacks."""
    who: tuple[Ints, Ints]
    """Replication and slot of every arrival within the trial, (A,) each."""
    cell: Ints
    """(A): quarter-hour x L + line."""
    goal: Floats
    guard: Floats

    @property
    def customers(self) -> int:
        """Arrivals in all replications."""
        return len(self.cell)

    def play(self, opened: Ints) -> TrialResult:
        """Simulate a plan of open counters by group and quarter-hour, (G, Q)."""
        called = self._called(opened)[self.who]
        since, leaves = self.stage.since[self.who], self.stage.leaves[self.who]
        wait = called - since
        abandoned = leaves < called
        stayed = ~abandoned
        count = len(self.starts) * self.stage.real

        def summed(of: Bools) -> Floats:
            return np.bincount(self.cell[of], minlength=count).reshape(len(self.starts), -1).astype(float)

        longest = np.zeros(self.stage.real)
        np.maximum.at(longest, (self.cell % self.stage.real)[stayed], wait[stayed])
        return TrialResult(
            came=summed(np.ones(len(wait), bool)),
            in_goal=summed(stayed & (wait <= self.goal)),
            in_time=summed(stayed & (wait <= self.plan.staffing.goal_minutes)),
            past_guard=summed(np.minimum(called, leaves) - since > self.guard),
            abandoned=summed(abandoned),
            longest=longest,
        )

    def _called(self, opened: Ints) -> Floats:
        stage = replace(self.stage, breaks=self._breaks(opened))
        horizon = float(self.starts[-1] + QUARTER_MINUTES + self.grace)
        if self.fast:
            from hallflow.foresight.twin import kernel

            return kernel.run(stage, horizon, whole=True)[0]
        plays = Plays(stage, horizon, whole=True)
        plays.run()
        return plays.calls

    def _breaks(self, opened: Ints) -> Floats:
        """Spans in which the plan has each counter closed."""
        away = [self._away(opened[group] > turn if group >= 0 else None) for group, turn in self.places]
        breaks = np.full((len(away), max(len(each) for each in away), 2), NEVER)
        for own, row in zip(away, breaks, strict=True):
            row[: len(own)] = own
        return breaks

    def _away(self, open_now: Bools | None) -> list[tuple[float, float]]:
        ends = -NEVER
        away = []
        for i in np.flatnonzero(open_now) if open_now is not None else ():
            start = float(self.starts[i])
            if start > ends:
                away.append((ends, start))
            ends = start + QUARTER_MINUTES
            over = i + 1 == len(self.starts)
            if over or self.starts[i + 1] > ends:
                # customers inside at closing time are served as long as somebody is there
                ends = min(ends + self.grace, NEVER if over else float(self.starts[i + 1]))
        return [*away, (ends, NEVER)]


def set_trial(
    plan: Plan,
    learned: Learned,
    ahead: DayForecast,
    rng: np.random.Generator,
    plays: int,
    floor: Floor | None = None,
    now: datetime | None = None,
    fast: bool | None = None,
) -> Trial:
    """Set up a day of the forecast, or its rest from `now` with the customers on this floor.

    Raises ValueError for a day that is over or has no business hours.
    """
    quarters = [q for q in ahead.quarters if now is None or q.start + QUARTER > now]
    if not quarters:
        raise ValueError("there is nothing to try of a day that is over or never opens")
    begin = now if now is not None else quarters[0].start
    here = floor if floor is not None else empty_floor(plan, ahead.day)
    starts = np.array([(q.start - begin).total_seconds() / 60 for q in quarters])
    grace = plan.rules.closing_grace_minutes
    horizon = float(starts[-1] + QUARTER_MINUTES)
    everybody = {key: [(begin, quarters[-1].start + QUARTER)] for key in here.counters}
    arrivals = arrival_rates(learned, ahead, begin, horizon)
    stage = only_customers(set_stage(here, plan, learned, begin, rng, plays, arrivals, everybody))
    groups = groups_of(plan)
    line = np.repeat(np.arange(stage.real), np.diff([*stage.first, stage.since.shape[1]]))
    quarter = np.searchsorted(starts, stage.since, side="right") - 1
    comes = ~stage.present & (stage.since < horizon) & (quarter >= 0)
    play, slot = np.nonzero(comes)
    tiers = [plan.tiers[tier] for _, tier in stage.lines]
    return Trial(
        plan=plan,
        groups=groups,
        starts=starts,
        grace=grace,
        stage=stage,
        fast=ready() if fast is None else fast,
        places=_places(groups, here),
        who=(play, slot),
        cell=quarter[play, slot] * stage.real + line[slot],
        goal=np.array([tier.goal_minutes for tier in tiers])[line[slot]],
        guard=np.array([tier.guard_minutes for tier in tiers])[line[slot]],
    )


def _places(groups: Sequence[SkillGroup], floor: Floor) -> tuple[tuple[int, int], ...]:
    """Counters open now come first in their group, so that a plan moves nobody without need."""
    place: dict[str, tuple[int, int]] = {}
    for index, group in enumerate(groups):
        in_turn = sorted(
            group.counters, key=lambda key: key not in floor.counters or floor.counters[key].state == "closed"
        )
        place |= {key: (index, turn) for turn, key in enumerate(in_turn)}
    return tuple(place.get(key, (-1, 0)) for key in floor.counters)
