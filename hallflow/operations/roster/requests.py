"""Requests for rosters: a manager asks for a week, sees its progress and the stored roster, and the worker makes it."""

from datetime import date, timedelta
from typing import Any

from hallflow.domain.refusals import Malformed, Refused
from hallflow.domain.roster.seats import monday_of
from hallflow.foresight.extras import ROSTER
from hallflow.hall import Hall
from hallflow.house import House
from hallflow.operations.roster.rostering import make_week
from hallflow.storage.records import outlooks, requirements, rosters

WEEKS_AHEAD = 13
"""How far ahead days can be forecast, and so rostered."""


def ask_for(hall: Hall, day: date) -> None:
    """Queue the week of this day for the worker; raises Refused for a week that is over or a hall without people."""
    if not hall.plan.roster.shifts:
        raise Refused("no_shifts", field="week")
    week, this = monday_of(day), monday_of(hall.plan.hours.day_of(hall.clock.now()))
    if week < this:
        raise Malformed("week_over", field="week", week=week.isoformat())
    if week > this + timedelta(weeks=WEEKS_AHEAD):
        raise Malformed("week_far", field="week", week=week.isoformat(), weeks=WEEKS_AHEAD)
    with hall.change() as change:
        rosters.ask(change.connection, hall.key, week, change.now)
        change.noted = True


def make_next(house: House) -> int:
    """Make the week requested first; gives 1, or 0 without a request. A failed one is tried again only when requested again."""
    from hallflow.foresight.roster.assignment import SECONDS

    with house.engine.connect() as connection:
        asked = rosters.longest_asked(connection)
    if asked is None:
        return 0
    hall = house.halls.get(asked.hall)

    def note(**how: Any) -> None:
        with house.turns.of(asked.hall) as connection:
            rosters.note(connection, asked.hall, asked.week, **how)

    if hall is None:
        note(failed=True)
        return 0
    try:
        _play_days(house, hall, asked.week)
        make_week(
            house.turns, hall.plan, asked.week, house.clock.now(), SECONDS, tell=lambda days: note(days_known=days)
        )
    except Exception:
        note(failed=True)
        raise
    with house.turns.of(hall.key) as connection:
        rosters.made(connection, hall.key, asked.week)
    return 1


def _play_days(house: House, hall: Hall, week: date) -> None:
    """Compute and store the staffing requirements of the week's coming days, so that a second roster takes only seconds."""
    # imported here: a server only shows rosters and takes requests, and never loads numpy for that
    from hallflow.operations.outlook.requirements import found_for, require

    today = hall.plan.hours.day_of(house.clock.now())
    for known in range(7):
        day = week + timedelta(days=known)
        with house.engine.connect() as connection:
            stored = requirements.read(connection, hall.key, day)
        if day > today and found_for(stored, hall.plan) is None:
            require(house, hall, day)
        with house.turns.of(hall.key) as connection:
            rosters.note(connection, hall.key, week, days_known=known)


def page_of(house: House, hall: Hall, day: date) -> dict[str, Any]:
    """The data of the roster page: the stored roster of the week, the progress of a requested one, and the names."""
    scene, plan, week = house.scene(hall), hall.plan, monday_of(day)
    with hall.reading() as connection:
        roster = rosters.read(connection, hall.key, week)
        asked = rosters.asked(connection, hall.key, week)
        learned = outlooks.read_learned(connection, hall.key)
    return {
        "hall": hall.key,
        "hall_name": plan.name,
        "at": scene.now.isoformat(),
        "zone": str(plan.hours.zone),
        "today": plan.hours.day_of(scene.now).isoformat(),
        "week": week.isoformat(),
        "days": [(week + timedelta(days=n)).isoformat() for n in range(7)],
        "roster": roster,
        "asked": {"days_known": asked.days_known, "failed": asked.failed} if asked else None,
        "over": week < monday_of(plan.hours.day_of(scene.now)),
        "has_shifts": bool(plan.roster.shifts),
        "has_people": bool(plan.roster.people),
        "exact": ROSTER,
        "history_days": (learned or {}).get("history_days", 0),
        "shift_names": {key: shift.name for key, shift in plan.roster.shifts.items()},
        "service_names": {key: scene.service_name(key) for key in plan.services},
        "counter_names": {key: plan.counter_name(key) for key in plan.counters},
    }
