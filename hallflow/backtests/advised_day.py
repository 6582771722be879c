"""Days lived on a floor with live advice that is always accepted, beside the same days under a fixed plan.

The hall has one service and one tier. For each advice the day is lived on twice from that moment, with it and without it, by
the same people: their minutes and their patience are theirs, whatever the hall does.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from statistics import mean

from hallflow.backtests.acted_day import SERVICE, Acted, ActedCustomer
from hallflow.domain.plan import Plan
from hallflow.domain.quarters import QUARTER
from hallflow.foresight.advice.advice import Advice
from hallflow.foresight.advice.advising import advise
from hallflow.foresight.advice.steadiness import Looked, PastAdvice, time_to_look
from hallflow.foresight.advice.tryout import TAIL_MINUTES
from hallflow.foresight.learning.learned import Learned
from hallflow.foresight.twin.openings import CounterChange

MINUTE = timedelta(minutes=1)
PLAYS = 120


@dataclass(frozen=True, slots=True)
class Came:
    """One day's outcome."""

    hours: float
    """Staff-hours, with those of clerks who only finish and of those who stay until the hall is empty."""
    within: float
    left: float


@dataclass(frozen=True, slots=True)
class Effect:
    """What an advice did to the mean wait of those who wait or come in its time, in minutes, and what it had foreseen."""

    kind: str
    low: float
    high: float
    realised: float

    @property
    def inside(self) -> bool:
        """Whether it came as foreseen, four times in five; told figures are rounded."""
        return self.low - 0.005 <= self.realised <= self.high + 0.005


def fixed_day(
    plan: Plan, opens: datetime, fixed: Sequence[int], everybody: Sequence[ActedCustomer], walk: float
) -> Acted:
    """A whole day with so many counters in each quarter-hour from its opening."""
    acted = Acted.begin(plan, opens, everybody, walk)
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
) -> tuple[Acted, list[Effect]]:  # fmt: skip
    """A whole day that begins with so many counters and then follows every advice; with `effects`, what each of them did."""
    acted, found_effects = Acted.begin(plan, opens, everybody, walk), []
    given: list[PastAdvice] = []
    asked: list[CounterChange] = []
    last: Looked | None = None
    for key in range(1, first + 1):
        acted.open(str(key), opens)
    now = opens - MINUTE
    while (now := now + MINUTE) < closes:
        acted.live(now)
        here = Looked(now, acted.floor.waiting_count(), len(acted.floor.open_counters()))
        if last is not None and not time_to_look(last, here):
            continue
        last, floor = here, acted.floor.draft()
        for closing in acted.closing:
            # as the hall has it: paused, and closed once its customer has been served
            floor.counters[closing] = replace(floor.counters[closing], state="paused", reason="closing")
        past = [one for one in given if one.end > now]
        # whoever was asked and still walks counts as there
        asked = [change for change in asked if change.start > now]
        found = advise(floor, plan, learned, now, past, asked, seed=1000 * seed + len(given), plays=plays)
        split = acted
        for one in found if effects else ():
            split, effect = _effect(split, one, now)
            found_effects.append(effect)
        for one in found:
            (acted.close if one.kind == "close" else acted.open)(one.counter, one.start)
            if one.kind != "close":
                asked.append(CounterChange(one.counter, True, one.start, one.end))
            wait = one.after["wait"]
            given.append(PastAdvice(one.kind, one.counter, one.end, wait["low"], wait["high"], "done", one.services))
    acted.live(closes)
    _empty(acted)
    return acted, found_effects


def came(acted: Acted) -> Came:
    """What a day that is over came to."""
    n, goal = max(len(acted.people), 1), acted.plan.staffing.goal_minutes
    within = sum(wait <= goal and number not in acted.left for number, wait in acted.waits.items())
    return Came(acted.staff_minutes / 60, within / n, len(acted.left) / n)


def _empty(acted: Acted) -> None:
    """Serve whoever is still inside; clerks go as they are no longer needed."""
    while acted.floor.tickets:
        for counter in acted.floor.open_counters():
            if counter.ticket is None:
                acted.close(counter.key, acted.now)
        acted.live(acted.now + timedelta(minutes=1))
    for counter in acted.floor.open_counters():
        acted.close(counter.key, acted.now)
    acted.live(acted.now)


def _effect(acted: Acted, one: Advice, now: datetime) -> tuple[Acted, Effect]:
    """The mean wait with the advice less without it; and the hall that follows it."""
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
    return follows, Effect(one.kind, change["low"], change["high"], round(waits[1] - waits[0], 3))
