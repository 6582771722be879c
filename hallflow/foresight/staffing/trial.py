"""A day on trial: one opening plan after another played against the same customers, and what each quarter-hour then shows.

The stage is set once, with every counter of the plan and every customer of many possible days; a plan only says when each
counter is away. So two plans meet the same people, and what differs between them is the plan (common random numbers).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np

from hallflow.domain.floor import Floor, empty_floor
from hallflow.domain.plan import Plan
from hallflow.domain.quarters import QUARTER, QUARTER_MINUTES
from hallflow.foresight.arrays import Bools, Floats, Ints
from hallflow.foresight.arrivals import DayForecast, coming
from hallflow.foresight.learning.learned import Learned
from hallflow.foresight.staffing.skills import Group, groups_of
from hallflow.foresight.twin.chance import NEVER
from hallflow.foresight.twin.combined import only_customers
from hallflow.foresight.twin.compiled import ready
from hallflow.foresight.twin.plays import Plays
from hallflow.foresight.twin.stage import Stage, set_stage


@dataclass(frozen=True, slots=True)
class TrialResult:
    """What the plays of one plan showed, summed over the plays by quarter-hour of arrival and line; all (Q, L)."""

    came: Floats
    in_goal: Floats
    """Called within their tier's goal, and still there."""
    in_time: Floats
    """Called within the minutes the hall is staffed for, and still there."""
    past_guard: Floats
    """Waited past their tier's guard, until called or gone."""
    left: Floats
    """Gave up before they were called."""
    longest: Floats
    """By line, the longest wait of anybody who was called, in minutes (L,)."""


@dataclass(frozen=True, slots=True)
class Trial:
    """A day's customers, met by one plan after another; Q quarter-hours, G groups, L lines."""

    plan: Plan
    groups: tuple[Group, ...]
    starts: Floats
    """(Q): minutes from the trial's first instant at which each quarter-hour begins."""
    grace: float
    stage: Stage
    fast: bool
    places: tuple[tuple[int, int], ...]
    """The group of each counter of the stage, and its turn to be opened within it; -1 for one the plan has not."""
    who: tuple[Ints, Ints]
    """Play and slot of everybody who comes within the trial, (A,) each."""
    cell: Ints
    """(A): quarter-hour x L + line."""
    goal: Floats
    guard: Floats

    @property
    def customers(self) -> int:
        """How many come, in all plays."""
        return len(self.cell)

    def play(self, opened: Ints) -> TrialResult:
        """Every play under a plan of so many open counters by group and quarter-hour, (G, Q)."""
        called = self._called(opened)[self.who]
        since, leaves = self.stage.since[self.who], self.stage.leaves[self.who]
        wait = called - since
        left = leaves < called
        there = ~left
        count = len(self.starts) * self.stage.real

        def summed(of: Bools) -> Floats:
            return np.bincount(self.cell[of], minlength=count).reshape(len(self.starts), -1).astype(float)

        longest = np.zeros(self.stage.real)
        np.maximum.at(longest, (self.cell % self.stage.real)[there], wait[there])
        return TrialResult(
            came=summed(np.ones(len(wait), bool)),
            in_goal=summed(there & (wait <= self.goal)),
            in_time=summed(there & (wait <= self.plan.staffing.goal_minutes)),
            past_guard=summed(np.minimum(called, leaves) - since > self.guard),
            left=summed(left),
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
        """When each counter of the stage is away: whenever the plan does not have it open."""
        away = [self._away(opened[group] > turn if group >= 0 else None) for group, turn in self.places]
        breaks = np.full((len(away), max(len(each) for each in away), 2), NEVER)
        for own, kept in zip(away, breaks, strict=True):
            kept[: len(own)] = own
        return breaks

    def _away(self, open_now: Bools | None) -> list[tuple[float, float]]:
        ends = -NEVER
        found = []
        for i in np.flatnonzero(open_now) if open_now is not None else ():
            start = float(self.starts[i])
            if start > ends:
                found.append((ends, start))
            ends = start + QUARTER_MINUTES
            over = i + 1 == len(self.starts)
            if over or self.starts[i + 1] > ends:
                # those inside when the hall shuts are served as long as somebody is there
                ends = min(ends + self.grace, NEVER if over else float(self.starts[i + 1]))
        return [*found, (ends, NEVER)]


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
    """A day of the forecast from its opening, or what is left of it at `now` with those on this floor."""
    quarters = [q for q in ahead.quarters if now is None or q.start + QUARTER > now]
    if not quarters:
        raise ValueError("there is nothing to try of a day that is over or never opens")
    begin = now if now is not None else quarters[0].start
    here = floor if floor is not None else empty_floor(plan, ahead.day)
    starts = np.array([(q.start - begin).total_seconds() / 60 for q in quarters])
    grace = plan.rules.closing_grace_minutes
    horizon = float(starts[-1] + QUARTER_MINUTES)
    everybody = {key: [(begin, quarters[-1].start + QUARTER)] for key in here.counters}
    arrivals = coming(learned, ahead, begin, horizon)
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


def _places(groups: Sequence[Group], floor: Floor) -> tuple[tuple[int, int], ...]:
    """Within a group the counters that are open already come first, so that a plan moves nobody without need."""
    place: dict[str, tuple[int, int]] = {}
    for index, group in enumerate(groups):
        in_turn = sorted(
            group.counters, key=lambda key: key not in floor.counters or floor.counters[key].state == "closed"
        )
        place |= {key: (index, turn) for turn, key in enumerate(in_turn)}
    return tuple(place.get(key, (-1, 0)) for key in floor.counters)
