"""Backtest of staffing on a log: the last days of every hall, each planned and simulated after learning from all days before.

A log has neither skills nor tiers, so its hall has one queue, first come, and every counter serves everything. Arrivals are
those of the log; service times and patience are drawn from what was learned from the days before.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time
from math import ceil
from zoneinfo import ZoneInfo

import numpy as np

from hallflow.backtests.acted_day import SERVICE, TIER, somebody
from hallflow.backtests.sipp import sipp
from hallflow.backtests.staffing import ComparedDay, ComparedDays, compare_day, summarise_days
from hallflow.backtests.textbook_hall import pooled
from hallflow.backtests.visit_log import Logged
from hallflow.domain.hours import Hours
from hallflow.domain.past.visit import Visit
from hallflow.domain.plan import Plan, StaffingRules
from hallflow.domain.quarters import slot_at
from hallflow.foresight.arrivals import DayForecast, forecast
from hallflow.foresight.learning.learned import Learned, learn
from hallflow.foresight.staffing.required import required

FEWEST_DAYS = 3
"""Days of a log that are only learned from."""
SPARE = 2.0
"""Counters of a log's hall over those of its busiest planned quarter-hour."""


def of_log(
    visits: Sequence[Logged], last: int, rules: StaffingRules, progress: Callable[[int], None] = lambda _: None
) -> list[ComparedDays]:
    """Simulate the last days of every hall of a log, each after learning from all days before; halls with too few days are left out."""
    results, done = [], 0
    for hall, mine in _by_hall(visits).items():
        days = sorted({visit.issued_at.date() for visit in mine})
        days_run = []
        for day in days[FEWEST_DAYS:][-last:]:
            compared = _day_of_log(hall, mine, day, rules)
            days_run += [compared] if compared else []
            done += 1
            progress(done)
        results += [summarise_days(hall, days_run)] if days_run else []
    return results


def days_of(visits: Sequence[Logged], last: int) -> int:
    """Number of days that `of_log` simulates."""
    halls = _by_hall(visits).values()
    return sum(min(max(len({v.issued_at.date() for v in mine}) - FEWEST_DAYS, 0), last) for mine in halls)


def _by_hall(visits: Sequence[Logged]) -> dict[str, list[Visit]]:
    """Visits by hall in local time, which is taken for UTC; all of one service and one tier."""
    halls: dict[str, list[Visit]] = {}
    for one in visits:
        if one.issued is None or not one.joins:
            continue
        at, called, ended = (
            None if m is None else datetime.fromtimestamp((m + one.offset) * 60, UTC) for m in (one.issued, one.called, one.ended)
        )  # fmt: skip
        if at is not None:
            visit = Visit(one.hall, one.key[1], SERVICE, TIER, at, called, ended, one.counter, one.outcome)
            halls.setdefault(one.hall, []).append(visit)
    return halls


def _day_of_log(hall: str, visits: Sequence[Visit], day: date, rules: StaffingRules) -> ComparedDay | None:
    before = [visit for visit in visits if visit.issued_at.date() < day]
    today = [visit for visit in visits if visit.issued_at.date() == day]
    hours = _hours(before)
    spans = hours.spans(day)
    opens, closes = spans[0][0], spans[-1][1]
    rough = pooled(hours, 1, 5.0, replace(rules, arrivals_per_hour=len(before) / len(_days(before)) / 8), hall=hall)
    learned = learn(before, rough, opens)
    ahead = forecast(rough, learned, day)
    fixed = sipp(rough, learned, ahead)
    plan = pooled(hours, ceil(SPARE * max(fixed)), learned.times[SERVICE].mean, rough.staffing, hall=hall)
    rng = np.random.default_rng(day.toordinal())
    time, patience = learned.times[SERVICE], learned.patience_minutes
    inside = sorted(visit.issued_at for visit in today if opens <= visit.issued_at < closes)
    if not inside:
        return None
    everybody = [somebody(i, at, rng, time, patience) for i, at in enumerate(inside)]
    return compare_day(
        plan,
        learned,
        learned.walk_minutes,
        opens,
        fixed,
        _searched_plan(plan, learned, ahead, day),
        everybody,
        day.toordinal(),
    )


def _searched_plan(plan: Plan, learned: Learned, ahead: DayForecast, day: date) -> list[int] | None:
    found = required(plan, learned, ahead, [day.toordinal()])
    return [quarter.counters for quarter in found.quarters] if found else None


def _days(visits: Sequence[Visit]) -> set[date]:
    return {visit.issued_at.date() for visit in visits}


def _hours(visits: Sequence[Visit]) -> Hours:
    """Business hours: from the first to the last quarter-hour with arrivals on at least half of the days."""
    days = _days(visits)
    days_by_slot: dict[int, set[date]] = {}
    for visit in visits:
        slot = slot_at(visit.issued_at.time())
        days_by_slot.setdefault(slot, set()).add(visit.issued_at.date())
    busy = sorted(slot for slot, on in days_by_slot.items() if 2 * len(on) >= len(days)) or sorted(days_by_slot)
    return Hours(ZoneInfo("UTC"), {n: ((_clock(busy[0]), _clock(busy[-1] + 1)),) for n in range(7)}, day_starts=time())


def _clock(slot: int) -> time:
    return time(min(slot, 95) // 4, min(slot, 95) % 4 * 15)
