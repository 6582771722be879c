"""Finding out what each day requires: the worker's longest sum, a day at a time, the most pressing first."""

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
"""Today's is found anew this often, from the hall as it then stands."""
UNMOVED_MINUTES = 60.0
"""And only this often where nothing has happened in the hall since."""
REST_MINUTES = 10.0
"""Days that nobody waits for are found this far apart, so that they never take a core for minutes on end."""


def require_next(house: House) -> int:
    """Find out about the one day, of all halls, that is most pressing. 1, or 0 where none is."""
    due = [(at, hall) for hall in house.halls.values() if (at := _due(house, hall)) is not None]
    if not due:
        return 0
    (_, day), hall = min(due, key=lambda each: each[0])
    require(house, hall, day)
    return 1


@dataclass(frozen=True, slots=True)
class _Wanted:
    """The days that a hall wants to know about, and what is known of them."""

    hall: Hall
    now: datetime
    kept: Mapping[date, tuple[datetime, Mapping[str, Any] | None]]
    stamp: str
    pace: float
    """A demo's clock may run fast: the sums take the machine's time all the same."""

    def due(self) -> tuple[int, date] | None:
        """The most pressing day and how it ranks: today, tomorrow, what somebody asked for, and, after a rest, the others."""
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
    """Find out what a day requires, and keep it."""
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
    told = found.as_data() if found else None
    kept = {"stamp": stamp, "found": told, "made_at": now.isoformat(), "seq": seq}
    with house.turns.of(hall.key) as connection:
        requirements.keep(connection, hall.key, day, house.clock.now(), kept)
        requirements.forget(connection, hall.key, plan.hours.day_of(now) - timedelta(days=1))


def found_for(kept: Mapping[str, Any] | None, plan: Plan) -> Requirement | None:
    """What was found for a day, if it was found for the counters of today's plan."""
    if not kept or not kept["found"]:
        return None
    found = Requirement.from_data(kept["found"])
    return found if found.groups == Requirement.groups_now(plan) else None


def seed_of(plan: Plan, day: date) -> tuple[int, int]:
    """The same customers whenever a day is played."""
    return crc32(plan.hall.encode()), day.toordinal()


def _stamp(hall: Hall, learned: Mapping[str, Any] | None) -> str:
    """The same as long as neither what was learned nor the plan has changed."""
    plan = hall.plan
    about = (
        {key: counter.services for key, counter in plan.counters.items()},
        {key: service.minutes for key, service in plan.services.items()},
        dict(plan.tiers), plan.rules, plan.staffing, plan.hours.week, plan.hours.special, plan.hours.always,
    )  # fmt: skip
    return f"{(learned or {}).get('learned_at')}/{crc32(repr(about).encode()):08x}"


def _minutes(span: timedelta) -> float:
    # a clock set back makes it old too
    return abs(span.total_seconds()) / 60
