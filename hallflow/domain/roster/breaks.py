"""Break relocation: the planned breaks of a day, how far each may be moved, and the roster with one of them moved."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from hallflow.domain.plan import Plan
from hallflow.domain.quarters import QUARTER
from hallflow.domain.roster.seats import clock_on, seats_of


@dataclass(frozen=True, slots=True)
class PlannedBreak:
    """A break of the stored roster that leaves a counter unstaffed."""

    counter: str
    person: str
    start: datetime
    end: datetime
    earliest: datetime
    latest: datetime
    """Its earliest begin and its latest end: by the rules of its shift and by the seats before and after it."""


def rests_of(roster: Mapping[str, Any] | None, day: date, plan: Plan) -> Iterator[PlannedBreak]:
    """The breaks of a day after which the same person returns to the same counter and during which nobody replaces them."""
    if roster is None:
        return
    zone, seats = ZoneInfo(roster["zone"]), seats_of(roster, day, plan.counters)
    for shift in roster["shifts"]:
        if shift["day"] != day.isoformat() or shift["person"] is None:
            continue
        for start, end in shift["breaks"]:
            left = {counter: since for counter, since, until in shift["counters"] if until == start}
            back = {counter: until for counter, since, until in shift["counters"] if since == end}
            begins, ends = clock_on(day, start, zone), clock_on(day, end, zone)
            bounds = _bounds(plan, shift, begins, ends, day, zone)
            for counter in left.keys() & back.keys() & seats.keys():
                spells = seats[counter]
                empty = any(a[1] == begins and b[0] == ends for a, b in pairwise(spells))
                since, until = (clock_on(day, at, zone) for at in (left[counter], back[counter]))
                if empty and bounds is not None:
                    earliest, latest = min(begins, max(bounds[0], since + QUARTER)), min(bounds[1], until - QUARTER)
                    yield PlannedBreak(counter, shift["person"], begins, ends, earliest, latest)


def _bounds(
    plan: Plan, shift: Mapping[str, Any], begins: datetime, ends: datetime, day: date, zone: ZoneInfo
) -> tuple[datetime, datetime] | None:
    """The earliest begin and the latest end by its kind of shift; None where the plan no longer has such a break."""
    known = plan.roster.shifts.get(shift["shift"])
    for one in known.breaks if known else ():
        earliest, latest = (datetime.combine(day, at, zone) for at in (one.earliest, one.latest))
        if timedelta(minutes=one.minutes) == ends - begins and earliest <= begins and ends <= latest:
            return earliest, latest
    return None


def with_moved(
    roster: Mapping[str, Any], day: date, counter: str, person: str, start: str, later: int
) -> dict[str, Any] | None:
    """The roster with a person's break at this counter, which begins at `start` (local time), moved `later` by so many minutes.

    Negative minutes move it earlier; None where the roster has no such break.
    """
    shifts, is_moved = [], False
    for shift in roster["shifts"]:
        theirs = shift["day"] == day.isoformat() and shift["person"] == person
        gap = next((pair for pair in shift["breaks"] if pair[0] == start), None) if theirs else None
        if gap is None:
            shifts.append(shift)
            continue
        is_moved = True
        a, b = _later(gap[0], later), _later(gap[1], later)
        seats = [
            [
                key,
                b if since == gap[1] and key == counter else since,
                a if until == gap[0] and key == counter else until,
            ]
            for key, since, until in shift["counters"]
        ]
        shifts.append(
            {**shift, "breaks": [[a, b] if pair == gap else pair for pair in shift["breaks"]], "counters": seats}
        )
    return {**roster, "shifts": shifts} if is_moved else None


def _later(clock: str, minutes: int) -> str:
    hours, past = clock.split(":")
    at = int(hours) * 60 + int(past) + minutes
    return f"{at // 60:02d}:{at % 60:02d}"
