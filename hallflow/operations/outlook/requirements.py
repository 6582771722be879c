"""Staffing requirements (minimum staffing) of each day: the worker's longest computation, a day at a time, the most urgent first."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zlib import crc32

from hallflow.domain.plan import Plan
from hallflow.foresight.arrivals import forecast
from hallflow.foresight.extras import FAST
from hallflow.foresight.staffing.required import Requirement, merged, required
from hallflow.hall import Hall
from hallflow.house import House
from hallflow.operations.outlook.learning import learned_for
from hallflow.storage.records import outlooks, requirements

# without numba a day takes half a minute of a core, with it a few seconds
DAYS_AHEAD = 14 if FAST else 2
FRESH_MINUTES = 15.0 if FAST else 60.0
"""The interval at which today's requirement is computed again, from the present floor."""
UNMOVED_MINUTES = 60.0
"""The interval where nothing has happened in the hall since."""
REST_MINUTES = 10.0
"""The pause between computations for days that nobody waits for, so that they never occupy a core for minutes on end."""


def require_next(house: House) -> int:
    """Compute the requirement of the most urgent day of all halls; gives 1, or 0 where none is due."""
    due = [(at, hall) for hall in house.halls.values() if (at := _due(house, hall)) is not None]
    if not due:
        return 0
    (_, day), hall = min(due, key=lambda each: each[0])
    require(house, hall, day)
    return 1


@dataclass(frozen=True, slots=True)
class _Wanted:
    """The days for which a hall needs a requirement, and the stored ones."""

    hall: Hall
    now: datetime
    kept: Mapping[date, tuple[datetime, Mapping[str, Any] | None]]
    stamp: str
    pace: float
    """The speed of the hall's clock: a demo's may run fast, while the computation takes real time."""

    def due(self) -> tuple[int, date] | None:
        """The most urgent day with its rank: today, tomorrow, requested days and, after a pause, the others."""
        today, tomorrow = self._ahead(0), self._ahead(1)
        asked = [day for day, (_, data) in sorted(self.kept.items()) if data is None]
        others = [self._ahead(ahead) for ahead in range(2, DAYS_AHEAD)] if self._rested() else []
        known = sorted(self.kept) if self._rested() else []
        for rank, day in enumerate([today, tomorrow, *asked, *others, *known]):
            if self._is_old(day, is_today=day == today):
                return rank, day
        return None

    def _ahead(self, days: int) -> date:
        return self.hall.plan.hours.day_of(self.now) + timedelta(days=days)

    def _rested(self) -> bool:
        last = max((at for at, data in self.kept.values() if data is not None), default=None)
        return last is None or _minutes(self.now - last) >= REST_MINUTES * self.pace

    def _is_old(self, day: date, *, is_today: bool) -> bool:
        at, data = self.kept.get(day, (None, None))
        if at is None or data is None or data["stamp"] != self.stamp:
            return True
        if not is_today or not self.hall.plan.hours.is_open(self.now):
            return False
        moved = data.get("seq") != self.hall.floor.seq
        return _minutes(self.now - at) >= (FRESH_MINUTES if moved else UNMOVED_MINUTES) * self.pace


def _due(house: House, hall: Hall) -> tuple[int, date] | None:
    hall.catch_up()
    now = house.clock.now()
    with hall.reading() as connection:
        kept = requirements.since(connection, hall.key, hall.plan.hours.day_of(now))
        stamp = _stamp(hall, outlooks.read_learned(connection, hall.key))
    return _Wanted(hall, now, kept, stamp, house.clock.pace).due()


def require(house: House, hall: Hall, day: date) -> None:
    """Compute and store the staffing requirement of a day."""
    now, plan = house.clock.now(), hall.plan
    with hall.reading() as connection:
        data = outlooks.read_learned(connection, hall.key)
        before = requirements.read(connection, hall.key, day)
    stamp = _stamp(hall, data)
    learned = learned_for(plan, data)
    floor, seq = hall.floor, hall.floor.seq
    seed = seed_of(plan, day)
    begun = day == floor.day and any(start <= now for start, _ in plan.hours.spans(day))
    if begun:
        ahead = forecast(plan, learned, day, now, floor.tally.arrivals)
        found = required(plan, learned, ahead, seed, floor, now)
    else:
        found = required(plan, learned, forecast(plan, learned, day), seed)
    if begun and before and before["stamp"] == stamp and before["found"]:
        found = merged(Requirement.from_data(before["found"]), found)
    as_stored = found.as_data() if found else None
    stored = {"stamp": stamp, "found": as_stored, "made_at": now.isoformat(), "seq": seq}
    with house.turns.of(hall.key) as connection:
        requirements.keep(connection, hall.key, day, house.clock.now(), stored)
        requirements.forget(connection, hall.key, plan.hours.day_of(now) - timedelta(days=1))


def found_for(stored: Mapping[str, Any] | None, plan: Plan) -> Requirement | None:
    """The stored requirement of a day, if it was computed for the counters of the present plan."""
    if not stored or not stored["found"]:
        return None
    found = Requirement.from_data(stored["found"])
    return found if found.groups == Requirement.groups_now(plan) else None


def seed_of(plan: Plan, day: date) -> tuple[int, int]:
    """The random seed of a day, so that every simulation of it has the same customers (common random numbers)."""
    return crc32(plan.hall.encode()), day.toordinal()


def _stamp(hall: Hall, learned: Mapping[str, Any] | None) -> str:
    """A stamp that changes when the fitted parameters or the plan change."""
    plan = hall.plan
    about = (
        {key: counter.services for key, counter in plan.counters.items()},
        {key: service.minutes for key, service in plan.services.items()},
        dict(plan.tiers), plan.rules, plan.staffing, plan.hours.week, plan.hours.special, plan.hours.always,
    )  # fmt: skip
    return f"{(learned or {}).get('learned_at')}/{crc32(repr(about).encode()):08x}"


def _minutes(span: timedelta) -> float:
    # after a clock was set back, the requirement counts as old too
    return abs(span.total_seconds()) / 60
