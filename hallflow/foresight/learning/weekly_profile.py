"""Seasonal profile: expected arrivals by weekday, quarter-hour and service, and the level of the series against it.

Counts per quarter-hour are sparse, so each is shrunk: towards its neighbours, each service towards the hall's shape, each
weekday towards the mean day, and the mean day towards the plan. What varies between days beyond Poisson noise is the day's
*busyness*, a gamma factor with mean one (Avramidis, Deslauriers & L'Ecuyer 2004); `weekday_spread.py` estimates it.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

import numpy as np
from numpy.typing import NDArray

from hallflow.domain.past.sums import Cell
from hallflow.domain.past.visit import Visit
from hallflow.domain.plan import Plan
from hallflow.domain.quarters import SLOTS, slot_at
from hallflow.foresight.arrays import Floats
from hallflow.foresight.learning.weekday_spread import BLOCK, blocks_by_weekday

USUAL_CV = 0.15
HALF_LIFE_DAYS = 10.0

Week = tuple[tuple[float, ...], ...]
"""Expected arrivals: 7 weekdays of the hall's business day (0 is Monday) x 96 quarter-hours."""


def slot_of(at: datetime, plan: Plan) -> int:
    """Quarter-hour of the hall's local time, 0 to 95."""
    local = at.astimezone(plan.hours.zone)
    return slot_at(local.time())


def planned_week(plan: Plan) -> dict[str, Floats]:
    """Profile before any history, service -> (7, 96): the plan's arrivals per hour, divided among services by their counters."""
    offered = {key: len(plan.counters_for(key)) for key in plan.services}
    total = sum(offered.values())
    each = plan.staffing.arrivals_per_hour / 4 / total if total else 0.0
    return {key: np.full((7, SLOTS), each * counters) for key, counters in offered.items()}


def count_days(visits: Sequence[Visit], plan: Plan, before: date) -> tuple[Floats, list[date]]:
    """Count arrivals of the days before a date, shape (days, services, 96), and give these days, oldest first."""
    index = {key: i for i, key in enumerate(plan.services)}
    counts: dict[date, Floats] = {}
    for visit in visits:
        day = plan.hours.day_of(visit.issued_at)
        if day < before and visit.service in index:
            _of(counts, day, plan)[index[visit.service], slot_of(visit.issued_at, plan)] += 1
    return _stacked(counts, plan)


def count_sums(sums: Mapping[date, Sequence[Cell]], plan: Plan, before: date) -> tuple[Floats, list[date]]:
    """The same as `count_days` from the archived sums of whole days."""
    index = {key: i for i, key in enumerate(plan.services)}
    counts: dict[date, Floats] = {}
    for day, cells in sums.items():
        for cell in cells:
            if day < before and cell.service in index:
                _of(counts, day, plan)[index[cell.service], cell.slot] += cell.arrivals
    return _stacked(counts, plan)


def _of(counts: dict[date, Floats], day: date, plan: Plan) -> Floats:
    if day not in counts:
        counts[day] = np.zeros((len(plan.services), SLOTS))
    return counts[day]


def _stacked(counts: Mapping[date, Floats], plan: Plan) -> tuple[Floats, list[date]]:
    days = sorted(counts)
    return np.stack([counts[day] for day in days]) if days else np.zeros((0, len(plan.services), SLOTS)), days


def learn_week(counts: Floats, days: Sequence[date], plan: Plan) -> dict[str, Floats]:
    """Estimate the profile, service -> (7, 96), from arrivals of shape (days, services, 96) on these days."""
    weekdays = weekdays_of(days)
    of_weekdays = np.zeros((7, counts.shape[1], SLOTS))
    np.add.at(of_weekdays, weekdays, counts)
    by_weekday = of_weekdays.transpose(1, 0, 2)
    planned = np.stack(list(planned_week(plan).values()))
    per_weekday = np.bincount(weekdays, minlength=7).astype(float)
    n = float(len(days))
    mean_day = _smooth(by_weekday.sum(axis=1)) / n
    mean_day = _towards_hall(mean_day, by_weekday.sum(axis=(1, 2)))
    always = (mean_day.sum(axis=0) > 0).astype(float)
    base = (n * mean_day + 0.5 * planned.mean(axis=1) * always) / (n + 0.5)
    own = np.stack([_smooth(by_weekday[:, weekday]) for weekday in range(7)], axis=1)
    week = (own + 2.0 * base[:, None, :]) / (per_weekday[None, :, None] + 2.0)
    return dict(zip(plan.services, _as_weekdays_differ(week, counts.sum(axis=1), weekdays, planned), strict=True))


def _as_weekdays_differ(week: Floats, by_day: Floats, weekdays: NDArray[np.int64], planned: Floats) -> Floats:
    """The profile scaled so that each weekday's two-hour blocks have the hall's expected arrivals."""
    n = len(by_day)
    expected, _ = blocks_by_weekday(by_day, weekdays)
    open_share = (by_day.sum(axis=0) > 0).reshape(-1, BLOCK).sum(axis=1)
    shrunk = (n * expected + 0.5 * planned.sum(axis=0).mean() * open_share) / (n + 0.5)
    blocks = week.sum(axis=0).reshape(7, -1, BLOCK).sum(axis=2)
    factor = np.divide(shrunk, blocks, out=np.ones_like(blocks), where=blocks > 0)
    return np.asarray(week * np.repeat(factor, BLOCK, axis=1)[None])


def weekdays_of(days: Sequence[date]) -> NDArray[np.int64]:
    """Weekday of each day, 0 for Monday, shape (days,)."""
    return np.array([day.weekday() for day in days], dtype=np.int64)


def _smooth(counts: Floats) -> Floats:
    """Each quarter-hour shrunk towards its neighbours, the more the fewer were counted; nothing leaks past opening hours."""
    active = np.pad((counts.sum(axis=0) > 0).astype(float), 1)
    wide = np.pad(counts, ((0, 0), (1, 1)))
    near = wide[:, :-2] + 2 * wide[:, 1:-1] + wide[:, 2:]
    weight = active[:-2] + 2 * active[1:-1] + active[2:]
    smoothed = np.where(active[1:-1] > 0, near / np.maximum(weight, 1), 0.0)
    share = 8.0 / (8.0 + near)
    return np.asarray((1 - share) * counts + share * smoothed)


def _towards_hall(mean_day: Floats, visits: Floats) -> Floats:
    """Profiles shrunk towards the shape of the whole hall, the more the fewer visits a service has."""
    total = mean_day.sum()
    if total <= 0:
        return mean_day
    shape = mean_day.sum(axis=0) / total
    own = visits[:, None] / (visits[:, None] + 60.0)
    return np.asarray(own * mean_day + (1 - own) * mean_day.sum(axis=1)[:, None] * shape)


def learn_level(week: Mapping[str, Floats], days: Sequence[date], totals: Floats) -> float:
    """Estimate the level: each day's arrivals (`totals`, (days,)) over the profile's, recent days with exponentially larger weights."""
    per_weekday = sum(by_service.sum(axis=1) for by_service in week.values())
    expected = np.maximum(np.asarray(per_weekday)[[day.weekday() for day in days]], 1e-9)
    age = np.array([(days[-1] - day).days for day in days], float)
    weight = 0.5 ** (age / HALF_LIFE_DAYS)
    prior = 3.0 * expected.mean()
    return float(((weight * totals).sum() + prior) / ((weight * expected).sum() + prior))
