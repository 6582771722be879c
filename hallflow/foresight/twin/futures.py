"""Performance measures of scenarios: waits, service level and abandonment of a span of the day, for each replication.

Scenarios simulated with the same `seed` can be compared replication by replication: with common random numbers the difference
is the effect of the counters' opening.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from hallflow.domain.floor import Floor, LineKey
from hallflow.domain.plan import Plan
from hallflow.foresight.arrays import Bools, Floats
from hallflow.foresight.arrivals import ArrivalRates, until_minutes
from hallflow.foresight.learning.learned import Learned
from hallflow.foresight.twin.chance import NEVER
from hallflow.foresight.twin.combined import only_customers, side_by_side
from hallflow.foresight.twin.openings import Opening, staged
from hallflow.foresight.twin.play import calls_of
from hallflow.foresight.twin.stage import Stage, set_stage

FEWEST, MOST = 60, 400
CUSTOMERS = {True: 150_000, False: 20_000}
"""Customers x replications that are simulated within about a quarter of a second, compiled (True) and not."""
RANGE = (0.1, 0.5, 0.9)


@dataclass(frozen=True, slots=True)
class Future:
    """Sums over P replications of one scenario by line, shapes (P, L), over customers waiting now and arriving in the span."""

    lines: Sequence[LineKey]
    customers: Floats
    wait_minutes: Floats
    """Sum of their waits in minutes, until called or abandoned."""
    within_goal: Floats
    """Customers called within their tier's goal."""
    abandoned: Floats
    """Customers who abandon."""
    by_quarter: Floats
    """Mean wait over all replications of arrivals in each quarter-hour from now on, in minutes; NaN without arrivals."""

    def of(self, service: str | None = None, tier: str | None = None) -> "Performance":
        """Figures of a service, a tier, both, or of all customers."""
        mine = [(service in (None, place)) and (tier in (None, own_tier)) for place, own_tier in self.lines]
        n = self.customers[:, mine].sum(axis=1)
        with np.errstate(invalid="ignore", divide="ignore"):
            return Performance(
                n,
                self.wait_minutes[:, mine].sum(axis=1) / n,
                self.within_goal[:, mine].sum(axis=1) / n,
                self.abandoned[:, mine].sum(axis=1) / n,
            )


@dataclass(frozen=True, slots=True)
class Performance:
    """Performance measures of some customers in each replication, shapes (P,); NaN where a replication has none of them."""

    customers: Floats
    wait: Floats
    """Mean wait in minutes, until called or abandoned."""
    within_goal: Floats
    """Service level: share called within their goal."""
    abandoned: Floats
    """Share that abandons."""


def plays_for(customers: float, fast: bool) -> int:
    """Number of replications for so many customers that answers while somebody waits, compiled (`fast`) or not."""
    return min(MOST, max(FEWEST, int(CUSTOMERS[fast] / max(customers, 1.0))))


def futures(
    floor: Floor, plan: Plan, learned: Learned, now: datetime, openings: Sequence[Opening], arrivals: ArrivalRates,
    span_minutes: float, tail_minutes: float, seed: int, plays: int, fast: bool,
) -> list[Future]:  # fmt: skip
    """Simulate the hall from `now` under each of several openings, with common random numbers (`seed`).

    Arrivals occur for `span_minutes`; `tail_minutes` more serve those who still wait then. Raises KeyError for arrivals of a
    tier that the plan lacks.
    """
    arrivals_in_span = until_minutes(arrivals, span_minutes)
    stages = []
    for opening in openings:
        draft, shifts = staged(floor, plan, opening)
        rng = np.random.default_rng(seed)
        stages.append(only_customers(set_stage(draft, plan, learned, now, rng, plays, arrivals_in_span, shifts)))
    horizon = span_minutes + tail_minutes
    if fast:
        called = [calls_of(stage, horizon, True, fast)[0] for stage in stages]
    else:
        # numpy takes hardly longer to advance all scenarios than one
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
    within_goal = counted & (called <= leaves) & (called - since <= goals)
    abandoned = counted & (leaves < called) & (leaves < horizon)

    def by_line(values: Floats | Bools) -> Floats:
        return np.asarray(np.add.reduceat(values, first, axis=1, dtype=float))

    return Future(
        lines=stage.lines[: stage.real],
        customers=by_line(counted),
        wait_minutes=by_line(waits),
        within_goal=by_line(within_goal),
        abandoned=by_line(abandoned),
        by_quarter=_by_quarter(since, waits, counted & ~stage.present, horizon),
    )


def _by_quarter(since: Floats, waits: Floats, to_come: Bools, horizon: float) -> Floats:
    at = np.clip(since[to_come] // 15, 0, horizon // 15).astype(np.int64)
    size = int(horizon // 15) + 1
    n = np.bincount(at, minlength=size)
    with np.errstate(invalid="ignore"):
        return np.asarray(np.bincount(at, weights=waits[to_come], minlength=size) / n)


def spread(values: Floats) -> tuple[float, float, float] | None:
    """P10, median and P90 over the replications, a central 80 % interval; None without a finite value.

    Where many replications share one value, as if a counter helps nobody, fewer than one in ten may lie beyond an end. The
    other end is then moved to keep the nominal coverage.
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
