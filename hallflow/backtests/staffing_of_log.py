"""The staffing figures on the days of a log: the last days of every hall, each planned and lived after learning from all before it.

A log knows neither skills nor tiers: its hall serves everything at every counter, one line, first come. Its days are lived with
the arrivals as they came; how long each customer takes and how long they are patient is drawn from what the days before tell.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time
from math import ceil
from zoneinfo import ZoneInfo

import numpy as np

from hallflow.backtests.acted_day import SERVICE, TIER, somebody
from hallflow.backtests.sipp import sipp
from hallflow.backtests.staffing import Acts, Lived, lived_by, summed
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
"""So many days of a log are only learned from."""
SPARE = 2.0
"""A log's hall has this many times the counters that its busiest quarter-hour is planned with."""


def of_log(
    visits: Sequence[Logged], last: int, rules: StaffingRules, progress: Callable[[int], None] = lambda _: None
) -> list[Lived]:
    """The last days of every hall of a log, each after learning from all days before it; halls with too few are left out."""
    told, done = [], 0
    for hall, mine in _by_hall(visits).items():
        days = sorted({visit.issued_at.date() for visit in mine})
        acts = []
        for day in days[FEWEST_DAYS:][-last:]:
            lived = _day_of_log(hall, mine, day, rules)
            acts += [lived] if lived else []
            done += 1
            progress(done)
        told += [summed(hall, acts)] if acts else []
    return told


def days_of(visits: Sequence[Logged], last: int) -> int:
    """How many days `of_log` will live through."""
    halls = _by_hall(visits).values()
    return sum(min(max(len({v.issued_at.date() for v in mine}) - FEWEST_DAYS, 0), last) for mine in halls)


def _by_hall(visits: Sequence[Logged]) -> dict[str, list[Visit]]:
    """Visits by hall, by the hall's own clock, which is taken for UTC; all of one service and one tier."""
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


def _day_of_log(hall: str, visits: Sequence[Visit], day: date, rules: StaffingRules) -> Acts | None:
    before = [visit for visit in visits if visit.issued_at.date() < day]
    today = [visit for visit in visits if visit.issued_at.date() == day]
    hours = _hours(before)
    spans = hours.spans(day)
    opens, closes = spans[0][0], spans[-1][1]
    rough = pooled(hours, 1, 5.0, replace(rules, arrivals_per_hour=len(before) / len(_days(before)) / 8), hall=hall)
    knows = learn(before, rough, opens)
    ahead = forecast(rough, knows, day)
    fixed = sipp(rough, knows, ahead)
    plan = pooled(hours, ceil(SPARE * max(fixed)), knows.times[SERVICE].mean, rough.staffing, hall=hall)
    rng = np.random.default_rng(day.toordinal())
    time, patience = knows.times[SERVICE], knows.patience_minutes
    inside = sorted(visit.issued_at for visit in today if opens <= visit.issued_at < closes)
    if not inside:
        return None
    everybody = [somebody(i, at, rng, time, patience) for i, at in enumerate(inside)]
    return lived_by(
        plan, knows, knows.walk_minutes, opens, fixed, _found(plan, knows, ahead, day), everybody, day.toordinal()
    )


def _found(plan: Plan, knows: Learned, ahead: DayForecast, day: date) -> list[int] | None:
    found = required(plan, knows, ahead, [day.toordinal()])
    return [quarter.counters for quarter in found.quarters] if found else None


def _days(visits: Sequence[Visit]) -> set[date]:
    return {visit.issued_at.date() for visit in visits}


def _hours(visits: Sequence[Visit]) -> Hours:
    """From the first quarter-hour of the day to the last in which somebody comes on half the days."""
    days = _days(visits)
    seen: dict[int, set[date]] = {}
    for visit in visits:
        slot = slot_at(visit.issued_at.time())
        seen.setdefault(slot, set()).add(visit.issued_at.date())
    busy = sorted(slot for slot, on in seen.items() if 2 * len(on) >= len(days)) or sorted(seen)
    return Hours(ZoneInfo("UTC"), {n: ((_clock(busy[0]), _clock(busy[-1] + 1)),) for n in range(7)}, day_starts=time())


def _clock(slot: int) -> time:
    return time(min(slot, 95) // 4, min(slot, 95) % 4 * 15)
