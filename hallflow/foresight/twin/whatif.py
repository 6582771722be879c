"""Paired comparison of scenarios: the rest of the day with some counters opened or closed, against the day as it stands."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import numpy as np

from hallflow.domain.floor import Floor
from hallflow.domain.plan import Plan
from hallflow.domain.quarters import QUARTER
from hallflow.domain.roster.seats import Seats
from hallflow.foresight.arrays import Floats
from hallflow.foresight.arrivals import ArrivalRates, arrival_rates, forecast
from hallflow.foresight.learning.learned import Learned, fitted
from hallflow.foresight.twin.compiled import ready
from hallflow.foresight.twin.futures import Future, Performance, futures, plays_for, spread
from hallflow.foresight.twin.openings import CounterChange, Opening, changed, open_at, open_minutes
from hallflow.foresight.twin.rostered import as_planned

LONGEST_MINUTES = 8 * 60.0
"""Longest span in minutes that is simulated while somebody waits for the answer."""
TAIL_MINUTES = 60.0
"""Minutes after the last arrival counted in which those present are still called."""


@dataclass(frozen=True, slots=True)
class Ahead:
    """The span of the day that is simulated, and the customers expected in it."""

    now: datetime
    end: datetime
    """Closing time, or the longest span's end."""
    arrivals: ArrivalRates
    customers: float
    """Expected number of customers: arrivals and those waiting now."""

    @property
    def minutes(self) -> float:
        """Length in minutes."""
        return (self.end - self.now).total_seconds() / 60


def ahead_of(
    floor: Floor, plan: Plan, learned: Learned, now: datetime, longest_minutes: float = LONGEST_MINUTES
) -> Ahead:
    """The rest of the hall's open span; of zero length where the hall is closed."""
    closes = plan.hours.closes_at(now) or now
    end = min(closes, now + timedelta(minutes=longest_minutes))
    span = (end - now).total_seconds() / 60
    arrivals = arrival_rates(
        learned, forecast(plan, learned, floor.day, now, floor.tally.arrivals), now, max(span, 1.0)
    )
    expected = sum(float(counts.sum()) for counts in arrivals.counts.values())
    return Ahead(now, end.astimezone(now.tzinfo), arrivals, floor.waiting_count() + expected)


def compare(
    floor: Floor, plan: Plan, learned: Learned, now: datetime, changes: Sequence[CounterChange],
    seed: int = 0, plays: int | None = None, fast: bool | None = None, seats: Seats | None = None,
) -> dict[str, Any]:  # fmt: skip
    """Compare the hall with and without changes, as plain JSON: waits, service levels and staff-minutes, each with an 80 % interval.

    Waits are minutes until called or abandoned, of all who wait now or arrive until closing. Both scenarios share their random
    numbers (`seed`). With a roster, its `seats` open and close the counters in both.
    """
    learned = fitted(learned, plan)
    ahead = ahead_of(floor, plan, learned, now)
    before = as_planned(floor, plan, seats, now, ahead.end + timedelta(minutes=TAIL_MINUTES))
    return compared(floor, plan, learned, ahead, before, changed(before, changes, plan), seed, plays, fast)


def compared(
    floor: Floor, plan: Plan, learned: Learned, ahead: Ahead, before: Opening, after: Opening,
    seed: int = 0, plays: int | None = None, fast: bool | None = None,
) -> dict[str, Any]:  # fmt: skip
    """Compare any two schedules over the span `ahead`; the result is that of `compare`."""
    fast = ready() if fast is None else fast
    plays = plays or plays_for(ahead.customers, fast)
    outcome = futures(
        floor, plan, learned, ahead.now, (before, after), ahead.arrivals, ahead.minutes, TAIL_MINUTES, seed, plays, fast
    )
    return {
        "at": ahead.now.isoformat(),
        "until": ahead.end.isoformat(),
        "plays": plays,
        "before": side(plan, outcome[0], before, ahead),
        "after": side(plan, outcome[1], after, ahead),
        "change": _change(plan, outcome[0], outcome[1], before, after, ahead),
        "quarters": list(_quarters(ahead, before, after, outcome[0], outcome[1])),
    }


def side(plan: Plan, outcome: Future, opening: Opening, ahead: Ahead) -> dict[str, Any]:
    """Performance measures of one scenario."""
    return {
        "staff_minutes": round(open_minutes(opening, ahead.now, ahead.end)),
        "all": _figures(outcome.of()),
        "tiers": {key: _figures(outcome.of(tier=key)) for key in plan.tiers},
        "services": {key: _figures(outcome.of(service=key)) for key in plan.services},
    }


def _change(
    plan: Plan, before: Future, after: Future, opening: Opening, opened: Opening, ahead: Ahead
) -> dict[str, Any]:
    minutes = open_minutes(opened, ahead.now, ahead.end) - open_minutes(opening, ahead.now, ahead.end)
    return {
        "staff_minutes": round(minutes),
        "all": _figures(difference(before.of(), after.of())),
        "tiers": {key: _figures(difference(before.of(tier=key), after.of(tier=key))) for key in plan.tiers},
        "services": {key: _figures(difference(before.of(key), after.of(key))) for key in plan.services},
    }


def difference(before: Performance, after: Performance) -> Performance:
    """Paired differences, replication by replication, shapes (P,)."""
    return Performance(
        after.customers,
        after.wait - before.wait,
        after.within_goal - before.within_goal,
        after.abandoned - before.abandoned,
    )


def _figures(group: Performance) -> dict[str, Any]:
    return {
        "customers": _range(group.customers, 0),
        "wait": _range(group.wait, 1),
        "within_goal": _range(group.within_goal, 3),
        "left": _range(group.abandoned, 3),
    }


def _range(values: Floats, digits: int) -> Mapping[str, float] | None:
    interval = spread(values)
    if interval is None:
        return None
    # + 0.0 turns a negative zero into zero
    low, likely, high = (round(value, digits) + 0.0 for value in interval)
    return {"low": low, "likely": likely, "high": high}


def _quarters(
    ahead: Ahead, before: Opening, after: Opening, outcome: Future, changed: Future
) -> Iterator[dict[str, Any]]:
    for i in range(int(np.ceil(ahead.minutes / 15))):
        at = ahead.now + i * QUARTER
        yield {
            "from": at.isoformat(),
            "open": {"before": open_at(before, at), "after": open_at(after, at)},
            "wait": {"before": _mean(outcome.by_quarter, i), "after": _mean(changed.by_quarter, i)},
        }


def _mean(by_quarter: Floats, i: int) -> float | None:
    return round(float(by_quarter[i]), 1) if i < len(by_quarter) and np.isfinite(by_quarter[i]) else None
