"""Simulation-based staffing search: the fewest counters for which a simulated day meets every constraint.

Erlang A gives the start. Where a constraint is violated, counters are added, most where most customers are late. Then counters
are removed one by one, simultaneously in quarter-hours far enough apart not to affect each other, and a removal is kept if all
constraints still hold. The result is checked out of sample, on other customers than it was found with, and repaired there.
(Atlason, Epelman & Henderson 2008; Cezik & L'Ecuyer 2008; Feldman et al. 2008 for staffing by iterated simulation.)
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

import numpy as np

from hallflow.foresight.arrays import Bools, Floats, Ints
from hallflow.foresight.staffing.trial import Trial
from hallflow.foresight.staffing.verdicts import LowerBound, Verdict, judge, unattainable

MARGIN = 0.01
"""Safety margin: added to each target while searching, since a plan looks better on the replications it was found with."""
PHASES = 6
BEFORE, AFTER = 2, 3
"""Quarter-hours before and after that one counter less may affect: where its customers still wait, and where it leaves a backlog."""
TOLERANCE = 0.002
ROUNDS = 14


@dataclass(frozen=True, slots=True)
class SearchResult:
    """A staffing plan and the constraint that decides each quarter-hour."""

    opened: Ints
    """(G, Q): open counters."""
    because: tuple[tuple[str, str | None], ...]
    """(Q): the constraint that one counter less would violate, and its tier or service."""
    lacking: Bools
    """(Q, S): services with too few counters even if all are open; only their own constraint is judged by them."""
    verdict: Verdict
    """Of the out-of-sample check."""
    plans_tried: int
    """Number of plans simulated."""


def search(trial: Trial, check: Trial, start: Ints, bound: LowerBound, loads: Floats) -> SearchResult:
    """Find the fewest counters by group and quarter-hour, (G, Q), with `trial`, and repair the plan with `check`.

    `start`: initial plan, (G, Q); `loads`: offered load by quarter-hour and service in erlangs, (Q, S).
    """
    everything = np.repeat([[len(group.counters)] for group in trial.groups], start.shape[1], axis=1)
    lacking = unattainable(trial, trial.play(everything))
    seeking = _Search(trial, start.copy(), bound, loads, lacking, MARGIN)
    seeking.add()
    seeking.trim()
    seeking.add()
    checking = _Search(check, seeking.opened, bound, loads, lacking, 0.0, leniency=1.0)
    verdict = checking.add()
    because = tuple(seeking.because.get(quarter, ("demand", None)) for quarter in range(start.shape[1]))
    return SearchResult(checking.opened, because, lacking, verdict, seeking.plans_tried + checking.plans_tried)


class _Search:
    """A plan under improvement."""

    def __init__(
        self,
        trial: Trial,
        opened: Ints,
        bound: LowerBound,
        loads: Floats,
        lacking: Bools,
        margin: float,
        leniency: float = 0.0,
    ) -> None:
        self.trial, self.opened, self.bound, self.loads = trial, opened, bound, loads
        self.lacking, self.margin, self.leniency, self.plans_tried = lacking, margin, leniency, 0
        self.most = np.array([len(group.counters) for group in trial.groups])
        keys = list(trial.plan.services)
        self.offers = np.array([[key in group.services for key in keys] for group in trial.groups], bool)
        self.because: dict[int, tuple[str, str | None]] = {}

    def add(self) -> Verdict:
        """Add counters until no constraint is violated or nothing helps."""
        verdict = self._judge(self.opened)
        for _ in range(ROUNDS):
            broken = np.flatnonzero(verdict.shortfall.max(axis=0) > 0)
            if not sum(self._open_more(int(q), verdict) for q in broken):
                break
            verdict = self._judge(self.opened)
        return verdict

    def _open_more(self, quarter: int, verdict: Verdict) -> int:
        """Add counters for the most violated constraint that has counters left to open."""
        shortfall = verdict.shortfall[:, quarter]
        for row in np.argsort(-shortfall, kind="stable"):
            if shortfall[row] <= 0:
                return 0
            constraint, late = verdict.constraints[row], verdict.late[quarter]
            if constraint.because == "service":
                late = late * (np.array(list(self.trial.plan.services)) == constraint.key)
            wanted = max(ceil(float(shortfall[row]) * self.opened[:, quarter].sum() * 0.4), 1)
            done = 0
            for _ in range(wanted):
                # or shortly before, where those who are late now began to wait
                done += any(self._open_one(at, late) for at in range(quarter, max(quarter - 3, -1), -1))
            if done:
                return done
        return 0

    def _open_one(self, quarter: int, late: Floats) -> bool:
        now = self.opened[:, quarter]
        at_work = self.offers.T @ now
        worth = self.offers @ (late / (1 + at_work))
        worth[now >= self.most] = 0.0
        best = int(worth.argmax())
        if worth[best] <= 0:
            return False
        self.opened[best, quarter] += 1
        return True

    def trim(self) -> None:
        """Remove every counter that no constraint needs."""
        verdict = self._judge(self.opened)
        base = verdict.shortfall
        allowed = np.where(base > 0, base + TOLERANCE, 0.0)
        needed: set[tuple[int, int]] = set()
        quarters, phases = self.opened.shape[1], list(range(PHASES))
        while phases:
            # one counter from each phase in turn, so that no quarter-hour is trimmed at its neighbours' expense
            first = phases.pop(0)
            tries = self._closable(range(first, quarters, PHASES), needed)
            if tries:
                self._try_without(tries, allowed, needed)
                phases.append(first)
        for quarter in np.flatnonzero(base.max(axis=0) > 0):
            self.because[int(quarter)] = _decisive(verdict, int(quarter))

    def _try_without(self, tries: Sequence[tuple[int, int]], allowed: Floats, needed: set[tuple[int, int]]) -> None:
        tried = self.opened.copy()
        for quarter, group in tries:
            tried[group, quarter] -= 1
        verdict = self._judge(tried)
        worse = np.maximum(verdict.shortfall - allowed, 0.0)
        for quarter, group in tries:
            felt = worse[:, max(quarter - BEFORE, 0) : quarter + AFTER + 1]
            if felt.max() <= 0:
                self.opened[group, quarter] -= 1
            else:
                needed.add((quarter, group))
                constraint = verdict.constraints[int(felt.max(axis=1).argmax())]
                self.because[quarter] = (constraint.because, constraint.key)

    def _closable(self, quarters: Sequence[int], needed: set[tuple[int, int]]) -> list[tuple[int, int]]:
        """For each quarter-hour the least used open counter, of those whose removal has not failed."""
        closable = []
        for quarter in quarters:
            now = self.opened[:, quarter]
            use = self.offers @ (self.loads[quarter] / np.maximum(self.offers.T @ now, 1))
            for group in np.argsort(use, kind="stable"):
                if now[group] == 0 or (quarter, int(group)) in needed:
                    continue
                less = self.opened.copy()
                less[group, quarter] -= 1
                missing = self.bound.missing(self.trial, less, quarter)
                if missing is None:
                    closable.append((quarter, int(group)))
                    break
                needed.add((quarter, int(group)))
                self.because.setdefault(quarter, (missing, None))
        return closable

    def _judge(self, opened: Ints) -> Verdict:
        self.plans_tried += 1
        return judge(self.trial, self.trial.play(opened), self.lacking, self.margin, self.leniency)


def _decisive(verdict: Verdict, quarter: int) -> tuple[str, str | None]:
    """The decisive constraint of a quarter-hour that cannot meet all: `most` for the hall's own goal, else `beyond_...` for the
    most violated one; if all are just met, the one nearest to its target.
    """
    by = [each.target - float(each.share[quarter]) for each in verdict.constraints]
    demand = next(n for n, each in enumerate(verdict.constraints) if each.because == "demand")
    if by[demand] > 0:
        return "most", None
    most = max(range(len(by)), key=by.__getitem__)
    worst = verdict.constraints[most]
    return (f"beyond_{worst.because}" if by[most] > 0 else worst.because), worst.key
