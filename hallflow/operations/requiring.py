"""Finding out what each day requires: the worker's longest sum, a day at a time, the most pressing first."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any
from zlib import crc32

from hallflow.domain.plan import Plan
from hallflow.foresight.arrivals import forecast
from hallflow.foresight.compiled import AVAILABLE
from hallflow.foresight.learned import Learned, from_plan
from hallflow.foresight.required import Requirement, joined, required
from hallflow.hall import Hall
from hallflow.operations.house import House
from hallflow.storage import outlooks, requirements

# without numba a day takes half a minute of a core, with it a few seconds
DAYS_AHEAD = 14 if AVAILABLE else 2
FRESH_MINUTES = 15.0 if AVAILABLE else 60.0
"""Today's is found anew this often, from the hall as it then stands."""


def require_next(house: House) -> int:
    """Find out about the one day, of all halls, that is most pressing. 1, or 0 where none is."""
    due = [(at, hall) for hall in house.halls.values() if (at := _due(house, hall)) is not None]
    if not due:
        return 0
    (_, day), hall = min(due, key=lambda each: each[0])
    _require(house, hall, day)
    return 1


def _due(house: House, hall: Hall) -> tuple[int, date] | None:
    """A hall's most pressing day and how it ranks: today before tomorrow, and both before what somebody asked for."""
    hall.catch_up()
    now = house.clock.now()
    today = hall.plan.hours.day_of(now)
    with hall.reading() as connection:
        kept = requirements.since(connection, hall.key, today)
        stamp = _stamp(hall, outlooks.read_learned(connection, hall.key))
    # a demo's clock may run fast: the sum takes the machine's time all the same
    fresh = FRESH_MINUTES * house.clock.pace
    wanted = [today + timedelta(days=ahead) for ahead in range(DAYS_AHEAD)]
    for rank, day in enumerate([*wanted, *sorted(kept.keys() - set(wanted))]):
        at, data = kept.get(day, (None, None))
        old = day == today and hall.plan.hours.is_open(now) and (at is None or _minutes(now - at) >= fresh)
        if data is None or data["stamp"] != stamp or old:
            return rank, day
    return None


def _require(house: House, hall: Hall, day: date) -> None:
    now, plan = house.clock.now(), hall.plan
    with hall.reading() as connection:
        data = outlooks.read_learned(connection, hall.key)
        before = requirements.read(connection, hall.key, day)
    stamp = _stamp(hall, data)
    learned = learned_for(plan, data)
    floor = hall.floor
    seed = seed_of(plan, day)
    begun = day == floor.day and any(start <= now for start, _ in plan.hours.spans(day))
    if begun:
        ahead = forecast(plan, learned, day, now, floor.tally.arrivals)
        found = required(plan, learned, ahead, seed, floor, now)
    else:
        found = required(plan, learned, forecast(plan, learned, day), seed)
    if begun and before and before["stamp"] == stamp and before["found"]:
        found = joined(Requirement.from_data(before["found"]), found)
    kept = {"stamp": stamp, "found": found.as_data() if found else None, "made_at": now.isoformat()}
    with house.turns.of(hall.key) as connection:
        requirements.keep(connection, hall.key, day, house.clock.now(), kept)
        requirements.forget(connection, hall.key, plan.hours.day_of(now) - timedelta(days=1))


def found_for(kept: Mapping[str, Any] | None, plan: Plan) -> Requirement | None:
    """What was found for a day, if it was found for the counters of today's plan."""
    if not kept or not kept["found"]:
        return None
    found = Requirement.from_data(kept["found"])
    return found if found.groups == Requirement.groups_now(plan) else None


def learned_for(plan: Plan, data: Mapping[str, Any] | None) -> Learned:
    """What the hall has learned; the plan's where it has not yet."""
    known = {key: value for key, value in (data or {}).items() if key != "learned_at"}
    return Learned.from_data(known) if known else from_plan(plan)


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
