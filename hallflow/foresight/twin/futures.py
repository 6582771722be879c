"""What a stretch of the day would be like under one opening of the counters: many futures, summed up play by play.

Two openings met by the same chance (`seed`) can be set against each other play by play: the difference is what the opening
does and nothing else (common random numbers).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from hallflow.domain.floor import Floor, LineKey
from hallflow.domain.plan import Plan
from hallflow.foresight.arrays import Bools, Floats
from hallflow.foresight.arrivals import Coming, until_minutes
from hallflow.foresight.learning.learned import Learned
from hallflow.foresight.twin.chance import NEVER
from hallflow.foresight.twin.combined import only_customers, side_by_side
from hallflow.foresight.twin.openings import Opening, staged
from hallflow.foresight.twin.play import calls_of
from hallflow.foresight.twin.stage import Stage, set_stage

FEWEST, MOST = 60, 400
CUSTOMERS = {True: 150_000, False: 20_000}
"""Customers times plays that are played within about a quarter of a second, compiled and not."""
RANGE = (0.1, 0.5, 0.9)


@dataclass(frozen=True, slots=True)
class Future:
    """P plays of one opening, summed by line; shapes (P, L). Customers are those who wait now and those who come in the span."""

    lines: Sequence[LineKey]
    customers: Floats
    minutes: Floats
    """Their waits, until called or gone, added up."""
    within: Floats
    """How many are called within their tier's goal."""
    gone: Floats
    """How many give up."""
    by_quarter: Floats
    """Mean wait of those who come in each quarter-hour from now on, over all plays; NaN where nobody does."""

    def of(self, service: str | None = None, tier: str | None = None) -> "Figures":
        """The plays' figures of a service, a tier, both, or of everybody."""
        mine = [(service in (None, place)) and (tier in (None, rank)) for place, rank in self.lines]
        n = self.customers[:, mine].sum(axis=1)
        with np.errstate(invalid="ignore", divide="ignore"):
            return Figures(
                n,
                self.minutes[:, mine].sum(axis=1) / n,
                self.within[:, mine].sum(axis=1) / n,
                self.gone[:, mine].sum(axis=1) / n,
            )


@dataclass(frozen=True, slots=True)
class Figures:
    """Some customers of every play, shapes (P,); NaN where a play has none of them."""

    customers: Floats
    wait: Floats
    """Mean minutes until called or gone."""
    within: Floats
    """Share called within their goal."""
    left: Floats
    """Share that gives up."""


def plays_for(customers: float, fast: bool) -> int:
    """How many plays a hall of so many customers can be given while somebody waits for the answer."""
    return min(MOST, max(FEWEST, int(CUSTOMERS[fast] / max(customers, 1.0))))


def futures(
    floor: Floor, plan: Plan, learned: Learned, now: datetime, openings: Sequence[Opening], arrivals: Coming,
    span_minutes: float, tail_minutes: float, seed: int, plays: int, fast: bool,
) -> list[Future]:  # fmt: skip
    """Play the hall on from `now` under each of several openings, which meet the same customers.

    Arrivals come for the span; the tail is for those who still wait at its end.
    """
    came = until_minutes(arrivals, span_minutes)
    stages = []
    for opening in openings:
        draft, shifts = staged(floor, plan, opening)
        rng = np.random.default_rng(seed)
        stages.append(only_customers(set_stage(draft, plan, learned, now, rng, plays, came, shifts)))
    horizon = span_minutes + tail_minutes
    if fast:
        called = [calls_of(stage, horizon, True, fast)[0] for stage in stages]
    else:
        # a step of all of them takes numpy hardly longer than a step of one
        called = np.split(calls_of(side_by_side(stages), horizon, True, fast)[0], len(stages))
    return [_summed(stage, calls, horizon) for stage, calls in zip(stages, called, strict=True)]


def _summed(stage: Stage, called: Floats, horizon: float) -> Future:
    since, leaves, first = stage.since, stage.leaves.astype(float), stage.first
    counted = since < NEVER / 2
    ended = np.minimum(np.minimum(called, leaves), horizon)
    waits = np.where(counted, ended - since, 0.0)
    goals = np.repeat(
        [stage.plan.tiers[tier].goal_minutes for _, tier in stage.lines[: stage.real]],
        np.diff([*first, since.shape[1]]),
    )
    within = counted & (called <= leaves) & (called - since <= goals)
    gone = counted & (leaves < called) & (leaves < horizon)

    def by_line(values: Floats | Bools) -> Floats:
        return np.asarray(np.add.reduceat(values, first, axis=1, dtype=float))

    return Future(
        lines=stage.lines[: stage.real],
        customers=by_line(counted),
        minutes=by_line(waits),
        within=by_line(within),
        gone=by_line(gone),
        by_quarter=_by_quarter(since, waits, counted & ~stage.present, horizon),
    )


def _by_quarter(since: Floats, waits: Floats, to_come: Bools, horizon: float) -> Floats:
    at = np.clip(since[to_come] // 15, 0, horizon // 15).astype(np.int64)
    size = int(horizon // 15) + 1
    n = np.bincount(at, minlength=size)
    with np.errstate(invalid="ignore"):
        return np.asarray(np.bincount(at, weights=waits[to_come], minlength=size) / n)


def spread(values: Floats) -> tuple[float, float, float] | None:
    """Low, likely and high over the plays; the range holds four in five. None where no play has a value.

    One in ten lies below and one above. Where many plays have one and the same value, as where a counter helps nobody, fewer may
    lie beyond it: the other end then gives up the rest, or the range would hold more than it says.
    """
    known = values[np.isfinite(values)]
    if not len(known):
        return None
    low, likely, high = np.quantile(known, RANGE)
    below, above = np.mean(known < low), np.mean(known > high)
    tail, play = RANGE[0], 1 / len(known)
    if above < tail - play and above <= below:
        low = np.quantile(known, 2 * tail - above)
    elif below < tail - play:
        high = np.quantile(known, 1 - 2 * tail + below)
    return float(low), float(likely), float(high)
