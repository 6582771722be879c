"""Server availability by roster: the counters' schedule for the rest of a day, corrected by how they stand now."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from hallflow.domain.counter import Counter
from hallflow.domain.floor import Floor
from hallflow.domain.plan import Plan
from hallflow.domain.roster.seats import Seats, Spell, nobody_came, running
from hallflow.foresight.twin.openings import Opening, Stretch, as_it_stands, joined
from hallflow.foresight.twin.stage import Shifts

LATE = timedelta(minutes=15)
"""A rostered clerk is expected for so long after the planned start, and to leave up to so long after the planned end."""
LEAD = timedelta(minutes=5)
BEYOND = timedelta(days=1)
OVERTIME = timedelta(hours=1)
"""Overtime of the last clerk in a hall that never closes, where staying until all are served has no end."""


def as_planned(floor: Floor, plan: Plan, seats: Seats | None, now: datetime, end: datetime) -> dict[str, list[Stretch]]:
    """Schedule by the roster; without one, the counters as they stand."""
    return as_rostered(floor, plan, seats, now, end) if seats else as_it_stands(floor, plan, now, end)


def as_rostered(floor: Floor, plan: Plan, seats: Seats, now: datetime, end: datetime) -> dict[str, list[Stretch]]:
    """Schedule if everybody comes and goes by the roster from now on.

    A counter open without a plan stays open until its next planned stretch. A missing clerk is expected for a quarter of an
    hour, and then with the next stretch; a clerk who came and left again is not expected. The last stretch lasts until all are
    served.
    """
    beyond = OVERTIME if plan.hours.always else BEYOND
    last = max((until for spells in seats.values() for _, until in spells), default=now)
    opening = {}
    for key, counter in floor.counters.items():
        if key in plan.counters:
            spells = [(start, until if until < last else until + beyond) for start, until in seats.get(key, ())]
            services = counter.services if counter.state != "closed" else plan.counters[key].services
            opening[key] = joined(Stretch(a, b, services) for a, b in _spells(counter, spells, now, end))
    return opening


def _spells(counter: Counter, planned: Sequence[Spell], now: datetime, end: datetime) -> list[Spell]:
    later = [(start, until) for start, until in planned if start > now]
    there = running(planned, now)
    from_now = _there_from(counter, now)
    if from_now is None:
        awaited = there is not None and nobody_came(counter, there) and now - there[0] < LATE
        return [(now + LEAD, there[1]), *later] if awaited and there is not None else later
    ended = max((until for _, until in planned if until <= now), default=None)
    if there is not None:
        until = there[1]
    elif ended is not None and now - ended < LATE:
        until = ended + LATE
    else:
        until = later[0][0] if later else max(end, from_now)
    return [*([(from_now, until)] if from_now < until else []), *later]


def _there_from(counter: Counter, now: datetime) -> datetime | None:
    if counter.state == "open":
        return now
    if counter.state == "paused" and counter.back_at is not None:
        return max(counter.back_at, now)
    return None


def shifts_of(opening: Opening) -> Shifts:
    """The schedule as shifts, as the simulation takes it."""
    return {key: [(one.start, one.end) for one in stretches] for key, stretches in opening.items()}


def roster_data(seats: Seats, opening: Opening) -> dict[str, dict[str, list[list[str]]]]:
    """Roster and expected opening of each counter as plain JSON."""
    return {
        "seats": {key: [[a.isoformat(), b.isoformat()] for a, b in spells] for key, spells in seats.items()},
        "openings": {
            key: [[one.start.isoformat(), one.end.isoformat()] for one in stretches]
            for key, stretches in opening.items()
        },
    }
