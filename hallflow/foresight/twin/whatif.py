"""What if: the rest of the day with some counters opened or closed, beside the day as it stands."""

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
from hallflow.foresight.arrivals import Coming, coming, forecast
from hallflow.foresight.learning.learned import Learned, fitted
from hallflow.foresight.twin.compiled import ready
from hallflow.foresight.twin.futures import Figures, Future, futures, plays_for, spread
from hallflow.foresight.twin.openings import CounterChange, Opening, changed, open_at, open_minutes
from hallflow.foresight.twin.rostered import as_planned

LONGEST_MINUTES = 8 * 60.0
"""No further ahead is played while somebody waits for the answer."""
TAIL_MINUTES = 60.0
"""So long after the last arrival counted, those who came are still called."""


@dataclass(frozen=True, slots=True)
class Ahead:
    """The stretch of the day that is looked at, and who is expected in it."""

    now: datetime
    end: datetime
    """Closing time, or as far as is played."""
    arrivals: Coming
    customers: float
    """How many are expected or wait already."""

    @property
    def minutes(self) -> float:
        """How long it is."""
        return (self.end - self.now).total_seconds() / 60


def ahead_of(
    floor: Floor, plan: Plan, learned: Learned, now: datetime, longest_minutes: float = LONGEST_MINUTES
) -> Ahead:
    """The rest of the open stretch; nothing of it where the hall is closed."""
    closes = plan.hours.closes_at(now) or now
    end = min(closes, now + timedelta(minutes=longest_minutes))
    span = (end - now).total_seconds() / 60
    arrivals = coming(learned, forecast(plan, learned, floor.day, now, floor.tally.arrivals), now, max(span, 1.0))
    expected = sum(float(counts.sum()) for counts in arrivals.counts.values())
    return Ahead(now, end.astimezone(now.tzinfo), arrivals, floor.waiting_count() + expected)


def compare(
    floor: Floor, plan: Plan, learned: Learned, now: datetime, changes: Sequence[CounterChange],
    seed: int = 0, plays: int | None = None, fast: bool | None = None, seats: Seats | None = None,
) -> dict[str, Any]:  # fmt: skip
    """Plain JSON: waits, goals and cost before and after, and the difference, each as a range that holds four plays in five.

    Waits are minutes until called or gone, of all who wait now or come until closing; costs are staff-minutes. Both sides meet
    the same customers. Where the day has a roster, its `seats` open and close the counters on both sides.
    """
    learned = fitted(learned, plan)
    ahead = ahead_of(floor, plan, learned, now)
    before = as_planned(floor, plan, seats, now, ahead.end + timedelta(minutes=TAIL_MINUTES))
    return compared(floor, plan, learned, ahead, before, changed(before, changes, plan), seed, plays, fast)


def compared(
    floor: Floor, plan: Plan, learned: Learned, ahead: Ahead, before: Opening, after: Opening,
    seed: int = 0, plays: int | None = None, fast: bool | None = None,
) -> dict[str, Any]:  # fmt: skip
    """The same for any two openings."""
    fast = ready() if fast is None else fast
    plays = plays or plays_for(ahead.customers, fast)
    ran = futures(
        floor, plan, learned, ahead.now, (before, after), ahead.arrivals, ahead.minutes, TAIL_MINUTES, seed, plays, fast
    )
    return {
        "at": ahead.now.isoformat(),
        "until": ahead.end.isoformat(),
        "plays": plays,
        "before": side(plan, ran[0], before, ahead),
        "after": side(plan, ran[1], after, ahead),
        "change": _change(plan, ran[0], ran[1], before, after, ahead),
        "quarters": list(_quarters(ahead, before, after, ran[0], ran[1])),
    }


def side(plan: Plan, ran: Future, opening: Opening, ahead: Ahead) -> dict[str, Any]:
    """One opening's figures."""
    return {
        "staff_minutes": round(open_minutes(opening, ahead.now, ahead.end)),
        "all": _figures(ran.of()),
        "tiers": {key: _figures(ran.of(tier=key)) for key in plan.tiers},
        "services": {key: _figures(ran.of(service=key)) for key in plan.services},
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


def difference(before: Figures, after: Figures) -> Figures:
    """What the change does, play by play; the customers are the same."""
    return Figures(after.customers, after.wait - before.wait, after.within - before.within, after.left - before.left)


def _figures(group: Figures) -> dict[str, Any]:
    return {
        "customers": _range(group.customers, 0),
        "wait": _range(group.wait, 1),
        "within_goal": _range(group.within, 3),
        "left": _range(group.left, 3),
    }


def _range(values: Floats, digits: int) -> Mapping[str, float] | None:
    found = spread(values)
    if found is None:
        return None
    # + 0.0: no minus before a nought
    low, likely, high = (round(value, digits) + 0.0 for value in found)
    return {"low": low, "likely": likely, "high": high}


def _quarters(ahead: Ahead, before: Opening, after: Opening, ran: Future, changed: Future) -> Iterator[dict[str, Any]]:
    for i in range(int(np.ceil(ahead.minutes / 15))):
        at = ahead.now + i * QUARTER
        yield {
            "from": at.isoformat(),
            "open": {"before": open_at(before, at), "after": open_at(after, at)},
            "wait": {"before": _mean(ran.by_quarter, i), "after": _mean(changed.by_quarter, i)},
        }


def _mean(by_quarter: Floats, i: int) -> float | None:
    return round(float(by_quarter[i]), 1) if i < len(by_quarter) and np.isfinite(by_quarter[i]) else None
