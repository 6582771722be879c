"""Export of the stored roster: as CSV for a spreadsheet, and as an iCalendar file for each person."""

import csv
import io
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from hallflow.domain.plan import Plan
from hallflow.domain.refusals import Unknown
from hallflow.domain.roster.seats import clock_on

COLUMNS = ("day", "person", "name", "shift", "start", "end", "breaks", "counters", "paid_minutes")


def as_csv(roster: Mapping[str, Any]) -> str:
    """The roster as CSV, one row a shift; several breaks or counters share one cell."""
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


def as_calendar(roster: Mapping[str, Any], plan: Plan, person: str) -> bytes:
    """One person's week as iCalendar; raises Refused for a person who is not on the roster."""
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
        # a shift has the same id in every roster, so that a new roster moves the event instead of adding one
        event.add("uid", f"{plan.hall}-{shift['day']}-{person}@hallflow")
        event.add("dtstamp", datetime.fromisoformat(roster["made_at"]).astimezone(UTC))
        # in UTC, which is right in every time zone without a zone definition in the file
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


def _plain(cell: str) -> str:
    """A cell that a spreadsheet does not read as a formula."""
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@")) else cell


def _counter(plan: Plan, key: str) -> str:
    return " / ".join(dict.fromkeys(plan.counter_name(key).values()))
