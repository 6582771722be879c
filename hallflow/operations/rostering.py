"""The week's roster of a hall: made from what its days require, kept, read, and carried out as CSV and calendars."""

import csv
import io
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from hallflow.domain.breaks import with_moved
from hallflow.domain.plan import Plan
from hallflow.domain.refusals import Refused, Unknown
from hallflow.domain.seats import clock_on, monday_of
from hallflow.storage import outlooks, requirements, rosters
from hallflow.storage.turns import Turns

COLUMNS = ("day", "person", "name", "shift", "start", "end", "breaks", "counters", "paid_minutes")


def make_week(
    turns: Turns, plan: Plan, day: date, now: datetime, seconds: float, *, exact: bool | None = None,
    tell: Callable[[int], None] = lambda days_known: None,
) -> dict[str, Any]:  # fmt: skip
    """Make and keep the roster of the week with this day; days of which nobody knows yet what they require are played now.

    A week that is planned again while it runs keeps its days before today as they were.
    A demo is open around the clock; its people have the hall's own hours.
    """
    from hallflow.foresight.pastdays import past_days
    from hallflow.foresight.required import Requirement
    from hallflow.foresight.roster import make_roster, week_of

    plan = replace(plan, hours=replace(plan.hours, always=False))
    week = week_of(day)
    with turns.engine.connect() as connection:
        learned = outlooks.read_learned(connection, plan.hall)
        kept = {each: requirements.read(connection, plan.hall, each) for each in week}
        before = rosters.read(connection, plan.hall, week[0])
    today = plan.hours.day_of(now)
    needs: dict[date, Requirement | None] = {}
    for each, known in kept.items():
        needs[each] = None if before and each < today else _needed(plan, learned, each, known)
        tell(len(needs))
    made = make_roster(plan, needs, seconds, exact=exact, past=past_days(before, today)) | {"made_at": now.isoformat()}
    with turns.of(plan.hall) as connection:
        rosters.keep(connection, plan.hall, week[0], now, made)
    return made


def _needed(plan: Plan, data: Mapping[str, Any] | None, day: date, kept: Mapping[str, Any] | None) -> Any:
    from hallflow.foresight.arrivals import forecast
    from hallflow.foresight.required import required
    from hallflow.operations.requiring import found_for, learned_for, seed_of

    spans = plan.hours.spans(day)
    found = found_for(kept, plan)
    if found is not None and spans:
        inside = tuple(q for q in found.quarters if any(start <= q.start < end for start, end in spans))
        # of a day that was found when it had begun already, the morning is not known
        if inside and inside[0].start <= spans[0][0]:
            return replace(found, quarters=inside)
    learned = learned_for(plan, data)
    return required(plan, learned, forecast(plan, learned, day), seed_of(plan, day))


def roster_of(turns: Turns, plan: Plan, day: date) -> dict[str, Any]:
    """The roster of the week with this day; refuses a week that has none."""
    monday = monday_of(day)
    with turns.engine.connect() as connection:
        found = rosters.read(connection, plan.hall, monday)
    if found is None:
        raise Unknown("no_roster", field="week", week=monday.isoformat())
    return dict(found)


def move_break(connection: Connection, plan: Plan, day: date, rest: Mapping[str, Any], now: datetime) -> None:
    """Let somebody's break of a day begin later or earlier in the kept roster; refuses one that is no longer there."""
    roster, zone = rosters.read(connection, plan.hall, monday_of(day)), plan.hours.zone
    start = datetime.fromisoformat(rest["from"]).astimezone(zone)
    # past midnight a roster's clock counts on
    clock = f"{start.hour + 24 * (start.date() - day).days:02d}:{start.minute:02d}"
    moved = roster and with_moved(roster, day, rest["counter"], rest["person"], clock, rest["minutes"])
    if not moved:
        raise Refused("break_gone", field="advice", counter=plan.counter_name(rest["counter"]))
    rosters.keep(connection, plan.hall, monday_of(day), now, moved)


def as_csv(roster: Mapping[str, Any]) -> str:
    """One row a shift; several breaks or counters stand in one cell."""
    names = {person["key"]: person["name"] for person in roster["people"]}
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for shift in roster["shifts"]:
        breaks = "; ".join(f"{a}-{b}" for a, b in shift["breaks"])
        seats = "; ".join(f"{counter} {a}-{b}" for counter, a, b in shift["counters"])
        name = names.get(shift["person"], "")
        row = [shift["day"], shift["person"] or "", name, shift["shift"], shift["start"], shift["end"], breaks, seats]
        writer.writerow([_plain(cell) for cell in row] + [shift["paid_minutes"]])
    return out.getvalue()


def _plain(cell: str) -> str:
    """A name that a spreadsheet would take for a formula is only a name."""
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@")) else cell


def as_calendar(roster: Mapping[str, Any], plan: Plan, person: str) -> bytes:
    """One person's week as iCalendar; refuses somebody who is not on the roster."""
    from icalendar import Calendar, Event

    known = {each["key"]: each["name"] for each in roster["people"]}
    if person not in known:
        raise Unknown("no_such_person", field="person", person=person)
    zone = ZoneInfo(roster["zone"])
    calendar = Calendar()
    calendar.add("prodid", "-//Hallflow//roster//EN")
    calendar.add("version", "2.0")
    for shift in roster["shifts"]:
        if shift["person"] != person:
            continue
        event = Event()
        # the same shift keeps its id, so that a new roster moves it instead of adding one
        event.add("uid", f"{plan.hall}-{shift['day']}-{person}@hallflow")
        event.add("dtstamp", datetime.fromisoformat(roster["made_at"]).astimezone(UTC))
        # in UTC: whoever reads it elsewhere still comes in time, and no zone has to travel with it
        day = date.fromisoformat(shift["day"])
        event.add("dtstart", clock_on(day, shift["start"], zone).astimezone(UTC))
        event.add("dtend", clock_on(day, shift["end"], zone).astimezone(UTC))
        words = plan.roster.shifts[shift["shift"]].name if shift["shift"] in plan.roster.shifts else {}
        event.add("summary", " / ".join([*words.values()] or [shift["shift"]]))
        event.add("location", " / ".join(plan.name.values()))
        lines = [f"{a}-{b} {_counter(plan, counter)}" for counter, a, b in shift["counters"]]
        lines += [f"{a}-{b} 休息 / break" for a, b in shift["breaks"]]
        event.add("description", "\n".join(sorted(lines)))
        calendar.add_component(event)
    return bytes(calendar.to_ical())


def _counter(plan: Plan, key: str) -> str:
    return " / ".join(plan.counter_name(key).values())
