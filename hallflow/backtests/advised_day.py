"""Backtest of live advice: simulated days on which every advice is accepted, against the same days under a fixed plan.

The hall has one service and one tier. The effect of each advice is measured by branching the day at that moment into one with
it and one without it, with the same customers: their service times and patience do not depend on what the hall does.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from statistics import mean

from hallflow.backtests.acted_day import SERVICE, ActedCustomer, ActedDay
from hallflow.domain.plan import Plan
from hallflow.domain.quarters import QUARTER
from hallflow.foresight.advice.advice import Advice
from hallflow.foresight.advice.advising import advise
from hallflow.foresight.advice.steadiness import PastAdvice, Review, review_due
from hallflow.foresight.advice.tryout import TAIL_MINUTES
from hallflow.foresight.learning.learned import Learned
from hallflow.foresight.twin.openings import CounterChange

MINUTE = timedelta(minutes=1)
PLAYS = 120


@dataclass(frozen=True, slots=True)
class DayOutcome:
    """Performance measures of one day: service level (`within`) and abandonment (`left`) as shares."""

    hours: float
    """Staff-hours, including those of clerks who finish or who stay until the hall is empty."""
    within_goal: float
    abandoned: float


@dataclass(frozen=True, slots=True)
class AdviceEffect:
    """Effect of an advice on the mean wait in its time, in minutes: predicted interval and realised value."""

    kind: str
    low: float
    high: float
    realised: float

    @property
    def inside(self) -> bool:
        """Whether the realised effect lies in the predicted 80 % interval; the interval is rounded."""
        return self.low - 0.005 <= self.realised <= self.high + 0.005


def fixed_day(
    plan: Plan, opens: datetime, fixed: Sequence[int], everybody: Sequence[ActedCustomer], walk: float
) -> ActedDay:
    """Simulate a day with a fixed number of counters in each quarter-hour from its opening."""
    acted = ActedDay.begin(plan, opens, everybody, walk)
    before = 0
    for i, n in enumerate(fixed):
        at = opens + i * QUARTER
        for key in range(before + 1, n + 1):
            acted.open(str(key), at)
        for key in range(n + 1, before + 1):
            acted.close(str(key), at)
        before = n
    acted.live(opens + len(fixed) * QUARTER)
    _empty(acted)
    return acted


def advised_day(
    plan: Plan, learned: Learned, opens: datetime, closes: datetime, first: int, everybody: Sequence[ActedCustomer],
    walk: float, seed: int, plays: int = PLAYS, *, effects: bool = True,
) -> tuple[ActedDay, list[AdviceEffect]]:  # fmt: skip
    """Simulate a day that begins with `first` counters and follows every advice; with `effects`, also measure each advice's effect."""
    acted, measured_effects = ActedDay.begin(plan, opens, everybody, walk), []
    earlier: list[PastAdvice] = []
    asked: list[CounterChange] = []
    last: Review | None = None
    for key in range(1, first + 1):
        acted.open(str(key), opens)
    now = opens - MINUTE
    while (now := now + MINUTE) < closes:
        acted.live(now)
        here = Review(now, acted.floor.waiting_count(), len(acted.floor.open_counters()))
        if last is not None and not review_due(last, here):
            continue
        last, floor = here, acted.floor.draft()
        for closing in acted.closing:
            # as on a real floor: paused, and closed once its customer has been served
            floor.counters[closing] = replace(floor.counters[closing], state="paused", reason="closing")
        past = [one for one in earlier if one.end > now]
        # accepted changes count as done until the clerk has arrived
        asked = [change for change in asked if change.start > now]
        advices = advise(floor, plan, learned, now, past, asked, seed=1000 * seed + len(earlier), plays=plays)
        split = acted
        for one in advices if effects else ():
            split, effect = _effect(split, one, now)
            measured_effects.append(effect)
        for one in advices:
            (acted.close if one.kind == "close" else acted.open)(one.counter, one.start)
            if one.kind != "close":
                asked.append(CounterChange(one.counter, True, one.start, one.end))
            wait = one.after["wait"]
            earlier.append(PastAdvice(one.kind, one.counter, one.end, wait["low"], wait["high"], "done", one.services))
    acted.live(closes)
    _empty(acted)
    return acted, measured_effects


def outcome_of(acted: ActedDay) -> DayOutcome:
    """Performance measures of a finished day."""
    n, goal = max(len(acted.people), 1), acted.plan.staffing.goal_minutes
    within_goal = sum(wait <= goal and number not in acted.left for number, wait in acted.waits.items())
    return DayOutcome(acted.staff_minutes / 60, within_goal / n, len(acted.left) / n)


def _empty(acted: ActedDay) -> None:
    """Serve everybody still inside; clerks leave when no longer needed."""
    while acted.floor.tickets:
        for counter in acted.floor.open_counters():
            if counter.ticket is None:
                acted.close(counter.key, acted.now)
        acted.live(acted.now + timedelta(minutes=1))
    for counter in acted.floor.open_counters():
        acted.close(counter.key, acted.now)
    acted.live(acted.now)


def _effect(acted: ActedDay, one: Advice, now: datetime) -> tuple[ActedDay, AdviceEffect]:
    """Mean wait with the advice minus without it; and the branch that follows it."""
    without, with_it = acted.twin(one.end), acted.twin(one.end)
    more, less = (with_it.open, with_it.close) if one.kind != "close" else (with_it.close, with_it.open)
    more(one.counter, one.start)
    follows = with_it.twin(one.end)
    less(one.counter, one.end)
    horizon = one.end + timedelta(minutes=TAIL_MINUTES)
    waiting = {ticket.number for ticket in acted.floor.waiting([SERVICE])}
    mine = [p for p in acted.people.values() if now <= p.comes < one.end or p.number in waiting]
    waits = []
    for hall in (without, with_it):
        hall.live(horizon)
        waits.append(
            mean(hall.waits.get(p.number, (horizon - p.comes).total_seconds() / 60) for p in mine) if mine else 0.0
        )
    change = one.change["wait"]
    return follows, AdviceEffect(one.kind, change["low"], change["high"], round(waits[1] - waits[0], 3))
