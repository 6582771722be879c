"""The fewest counters with which every promise is kept, found by playing the day.

Erlang A gives the start. Where a promise is broken, counters are added, most where most customers are late; then one counter
after another is tried away, in quarter-hours so far apart that each answers for itself, and stays away where all is kept. What
is found is played once more for other customers than those it was found on, and mended there.
(Atlason, Epelman & Henderson 2008; Cezik & L'Ecuyer 2008; Feldman et al. 2008 for the start by simulation.)
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

import numpy as np

from hallflow.foresight.arrays import Bools, Floats, Ints
from hallflow.foresight.staffing.trial import Trial
from hallflow.foresight.staffing.verdicts import Least, Verdict, beyond, judge

MARGIN = 0.01
"""So much more is asked of the plays a plan is found on than of those that come after."""
APART = 6
BEFORE, AFTER = 2, 3
"""The quarter-hours that may feel one counter less: those whose customers still wait, and those it leaves more for."""
HARDLY = 0.002
ROUNDS = 14


@dataclass(frozen=True, slots=True)
class Found:
    """A plan of counters and what each quarter-hour of it rests on."""

    opened: Ints
    """(G, Q)"""
    because: tuple[tuple[str, str | None], ...]
    """(Q): the promise that the next counter less would break, and whose it is."""
    lacking: Bools
    """(Q, S): services with too few counters in the plan, whatever is opened; no promise but their own is judged by them."""
    verdict: Verdict
    """Of the plays it was checked on."""
    played: int
    """How many times a whole day was played."""


def search(trial: Trial, check: Trial, start: Ints, least: Least, loads: Floats) -> Found:
    """The fewest counters by group and quarter-hour, (G, Q), found on `trial` and made good on `check`.

    start: where to begin, (G, Q); loads: work by quarter-hour and service in erlangs, (Q, S).
    """
    everything = np.repeat([[len(group.counters)] for group in trial.groups], start.shape[1], axis=1)
    lacking = beyond(trial, trial.play(everything))
    seeking = _Search(trial, start.copy(), least, loads, lacking, MARGIN)
    seeking.add()
    seeking.trim()
    seeking.add()
    checking = _Search(check, seeking.opened, least, loads, lacking, 0.0, leniency=1.0)
    verdict = checking.add()
    because = tuple(seeking.because.get(quarter, ("demand", None)) for quarter in range(start.shape[1]))
    return Found(checking.opened, because, lacking, verdict, seeking.played + checking.played)


class _Search:
    """A plan that is being made better."""

    def __init__(
        self,
        trial: Trial,
        opened: Ints,
        least: Least,
        loads: Floats,
        lacking: Bools,
        margin: float,
        leniency: float = 0.0,
    ) -> None:
        self.trial, self.opened, self.least, self.loads = trial, opened, least, loads
        self.lacking, self.margin, self.leniency, self.played = lacking, margin, leniency, 0
        self.most = np.array([len(group.counters) for group in trial.groups])
        keys = list(trial.plan.services)
        self.offers = np.array([[key in group.services for key in keys] for group in trial.groups], bool)
        self.because: dict[int, tuple[str, str | None]] = {}

    def add(self) -> Verdict:
        """Open more where a promise is broken, until none is or nothing helps."""
        verdict = self._judge(self.opened)
        for _ in range(ROUNDS):
            broken = np.flatnonzero(verdict.short.max(axis=0) > 0)
            if not sum(self._open_more(int(q), verdict) for q in broken):
                break
            verdict = self._judge(self.opened)
        return verdict

    def _open_more(self, quarter: int, verdict: Verdict) -> int:
        """Open counters for the customers of the promise that falls shortest, of those for whom there are some to open."""
        short = verdict.short[:, quarter]
        for row in np.argsort(-short, kind="stable"):
            if short[row] <= 0:
                return 0
            whose, late = verdict.promises[row], verdict.late[quarter]
            if whose.because == "service":
                late = late * (np.array(list(self.trial.plan.services)) == whose.key)
            wanted = max(ceil(float(short[row]) * self.opened[:, quarter].sum() * 0.4), 1)
            done = 0
            for _ in range(wanted):
                # or shortly before, where those late now were let wait
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
        """Close one counter after another that no promise needs."""
        verdict = self._judge(self.opened)
        base = verdict.short
        allowed = np.where(base > 0, base + HARDLY, 0.0)
        settled: set[tuple[int, int]] = set()
        quarters, phases = self.opened.shape[1], list(range(APART))
        while phases:
            # one from each in turn, so that no quarter-hour pays for its neighbours
            first = phases.pop(0)
            tries = self._closable(range(first, quarters, APART), settled)
            if tries:
                self._try_without(tries, allowed, settled)
                phases.append(first)
        for quarter in np.flatnonzero(base.max(axis=0) > 0):
            self.because[int(quarter)] = _broken(verdict, int(quarter))

    def _try_without(self, tries: Sequence[tuple[int, int]], allowed: Floats, settled: set[tuple[int, int]]) -> None:
        tried = self.opened.copy()
        for quarter, group in tries:
            tried[group, quarter] -= 1
        verdict = self._judge(tried)
        worse = np.maximum(verdict.short - allowed, 0.0)
        for quarter, group in tries:
            felt = worse[:, max(quarter - BEFORE, 0) : quarter + AFTER + 1]
            if felt.max() <= 0:
                self.opened[group, quarter] -= 1
            else:
                settled.add((quarter, group))
                promise = verdict.promises[int(felt.max(axis=1).argmax())]
                self.because[quarter] = (promise.because, promise.key)

    def _closable(self, quarters: Sequence[int], settled: set[tuple[int, int]]) -> list[tuple[int, int]]:
        """For each quarter-hour the open counter it would miss least, of those not tried in vain."""
        found = []
        for quarter in quarters:
            now = self.opened[:, quarter]
            use = self.offers @ (self.loads[quarter] / np.maximum(self.offers.T @ now, 1))
            for group in np.argsort(use, kind="stable"):
                if now[group] == 0 or (quarter, int(group)) in settled:
                    continue
                less = self.opened.copy()
                less[group, quarter] -= 1
                missing = self.least.keeps(self.trial, less, quarter)
                if missing is None:
                    found.append((quarter, int(group)))
                    break
                settled.add((quarter, int(group)))
                self.because.setdefault(quarter, (missing, None))
        return found

    def _judge(self, opened: Ints) -> Verdict:
        self.played += 1
        return judge(self.trial, self.trial.play(opened), self.lacking, self.margin, self.leniency)


def _broken(verdict: Verdict, quarter: int) -> tuple[str, str | None]:
    """What is broken whatever is opened: `most` where it is the hall's own goal, else `beyond_...` with whose promise it is most;
    where all are only just kept, the one that is nearest to its limit.
    """
    by = [each.asked - float(each.share[quarter]) for each in verdict.promises]
    demand = next(n for n, each in enumerate(verdict.promises) if each.because == "demand")
    if by[demand] > 0:
        return "most", None
    most = max(range(len(by)), key=by.__getitem__)
    worst = verdict.promises[most]
    return (f"beyond_{worst.because}" if by[most] > 0 else worst.because), worst.key
