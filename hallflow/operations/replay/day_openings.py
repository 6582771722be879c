"""Server availability on a past day: when each counter was open, and when its roster had planned it to be."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection

from hallflow.domain.events import Event
from hallflow.domain.past.script import take_apart
from hallflow.domain.plan import Plan
from hallflow.domain.refusals import Refused, Unknown
from hallflow.domain.roster.seats import Spell, monday_of
from hallflow.operations.replay.side_by_side import Otherwise, events_of
from hallflow.storage.log.logbook import UNREADABLE
from hallflow.storage.records.rosters import seats_on

MOVES = frozenset({"counter_opened", "counter_paused", "counter_closed"})


def openings_of(connection: Connection, plan: Plan, day: date) -> dict[str, Any]:
    """The plan's counters, each with its actual and its planned openings; a paused counter is not open."""
    try:
        events = list(events_of(connection, plan, day))
        script = take_apart(plan.hall, events)
    except UNREADABLE as fault:
        raise Refused("replay_broken", day=day.isoformat()) from fault
    until = script.until or events[-1].at
    was = spells_of(events, until)
    seats = seats_on(connection, plan, day)
    first = min((start for spells in was.values() for start, _ in spells), default=until)
    return {
        "hall": plan.hall,
        "day": day.isoformat(),
        "begins": first.isoformat(),
        "ends": until.isoformat(),
        "rostered": bool(seats),
        "counters": [
            {
                "key": key,
                "name": plan.counter_name(key),
                "was": _as_data(was.get(key, ())),
                "rostered": _as_data(seats.get(key, ())),
            }
            for key in plan.counters
        ],
    }


def spells_of(events: Iterable[Event], until: datetime) -> dict[str, list[Spell]]:
    """By counter: the spans in which it was open."""
    spells_by_counter: dict[str, list[Spell]] = {}
    since: dict[str, datetime] = {}
    for event in events:
        if event.kind not in MOVES or event.counter is None:
            continue
        start = since.pop(event.counter, None)
        if event.kind == "counter_opened":
            since[event.counter] = start or event.at
        elif start is not None:
            spells_by_counter.setdefault(event.counter, []).append((start, event.at))
    for counter, start in since.items():
        spells_by_counter.setdefault(counter, []).append((start, until))
    # a counter left open is closed automatically at night, hours after the last customer
    return {
        counter: [(start, min(end, until)) for start, end in spells if start < until]
        for counter, spells in spells_by_counter.items()
    }


def _as_data(spells: Sequence[Spell]) -> list[list[str]]:
    return [[start.isoformat(), end.isoformat()] for start, end in spells]


def as_its_roster(connection: Connection, plan: Plan, day: date) -> list[Otherwise]:
    """The changes by which a replay follows the stored roster: every counter opens and closes exactly as planned.

    The last person at a counter stays until the day is over. Raises Refused for a day without a roster.
    """
    seats = seats_on(connection, plan, day)
    if not seats:
        raise Unknown("no_roster", field="roster", week=monday_of(day).isoformat())
    # a log that begins at noon has no morning to replay
    begins = next(iter(events_of(connection, plan, day))).at
    last = max(end for spells in seats.values() for _, end in spells)
    changes = [Otherwise(counter, False, begins) for counter in plan.counters]
    for counter, spells in seats.items():
        there = [(max(start, begins), end) for start, end in spells if end > begins]
        changes += [Otherwise(counter, True, start, end if end < last else None) for start, end in there]
    return changes
