"""Tour scheduling for a hall: the week's roster made from the staffing requirements of its days, stored, read and changed."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection

from hallflow.domain.plan import Plan
from hallflow.domain.refusals import Refused, Unknown
from hallflow.domain.roster.breaks import with_moved
from hallflow.domain.roster.seats import Seats, monday_of
from hallflow.hall import Hall
from hallflow.operations.outlook.learning import learned_for
from hallflow.storage.records import outlooks, requirements, rosters
from hallflow.storage.records.rosters import seats_on
from hallflow.storage.turns import Turns


def make_week(
    turns: Turns, plan: Plan, day: date, now: datetime, seconds: float, *, exact: bool | None = None,
    tell: Callable[[int], None] = lambda days_known: None,
) -> dict[str, Any]:  # fmt: skip
    """Make and store the roster of the week with this day; missing staffing requirements are simulated first.

    A new roster of the current week keeps the days before today. A demo is open around the clock, but is rostered for the hall's
    own hours.
    """
    from hallflow.foresight.roster.making import make_roster, week_of
    from hallflow.foresight.roster.past_days import past_days
    from hallflow.foresight.staffing.required import Requirement

    plan = replace(plan, hours=replace(plan.hours, always=False))
    week = week_of(day)
    with turns.engine.connect() as connection:
        learned = outlooks.read_learned(connection, plan.hall)
        stored = {each: requirements.read(connection, plan.hall, each) for each in week}
        before = rosters.read(connection, plan.hall, week[0])
    today = plan.hours.day_of(now)
    needs: dict[date, Requirement | None] = {}
    for each, known in stored.items():
        needs[each] = None if before and each < today else _needed(plan, learned, each, known)
        tell(len(needs))
    made = make_roster(plan, needs, seconds, exact=exact, past=past_days(before, today)) | {"made_at": now.isoformat()}
    with turns.of(plan.hall) as connection:
        rosters.keep(connection, plan.hall, week[0], now, made)
    return made


def _needed(plan: Plan, data: Mapping[str, Any] | None, day: date, stored: Mapping[str, Any] | None) -> Any:
    from hallflow.foresight.arrivals import forecast
    from hallflow.foresight.staffing.required import required
    from hallflow.operations.outlook.requirements import found_for, seed_of

    spans = plan.hours.spans(day)
    found = found_for(stored, plan)
    if found is not None and spans:
        inside = tuple(q for q in found.quarters if any(start <= q.start < end for start, end in spans))
        # a requirement computed after the day had begun lacks the morning
        if inside and inside[0].start <= spans[0][0]:
            return replace(found, quarters=inside)
    learned = learned_for(plan, data)
    return required(plan, learned, forecast(plan, learned, day), seed_of(plan, day))


def roster_of(turns: Turns, plan: Plan, day: date) -> dict[str, Any]:
    """The stored roster of the week with this day; raises Refused for a week without one."""
    monday = monday_of(day)
    with turns.engine.connect() as connection:
        roster = rosters.read(connection, plan.hall, monday)
    if roster is None:
        raise Unknown("no_roster", field="week", week=monday.isoformat())
    return dict(roster)


def move_break(connection: Connection, plan: Plan, day: date, rest: Mapping[str, Any], now: datetime) -> None:
    """Move one person's break in the stored roster; raises Refused for a break that it no longer has."""
    roster, zone = rosters.read(connection, plan.hall, monday_of(day)), plan.hours.zone
    start = datetime.fromisoformat(rest["from"]).astimezone(zone)
    # in a roster hours go on past midnight
    clock = f"{start.hour + 24 * (start.date() - day).days:02d}:{start.minute:02d}"
    moved = roster and with_moved(roster, day, rest["counter"], rest["person"], clock, rest["minutes"])
    if not moved:
        raise Refused("break_gone", field="advice", counter=plan.counter_name(rest["counter"]))
    rosters.keep(connection, plan.hall, monday_of(day), now, moved)


def seats_today(hall: Hall) -> Seats:
    """The staffed spans of today's counters by the stored roster; empty without one."""
    with hall.reading() as connection:
        return seats_on(connection, hall.plan, hall.floor.day)
