"""When a kept roster seats somebody at each counter of one day: planned openings, breaks and closings."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from hallflow.domain.counter import Counter

Spell = tuple[datetime, datetime]
Seats = Mapping[str, Sequence[Spell]]
"""By counter: from when until when somebody is to sit there, in their order, none touching another."""


def seats_of(roster: Mapping[str, Any] | None, day: date, counters: Mapping[str, Any]) -> dict[str, list[Spell]]:
    """The counters of a day by its roster; empty where it seats nobody that day, or only tells which shifts to fill."""
    found: dict[str, list[Spell]] = {}
    if roster is None:
        return found
    zone, mine = ZoneInfo(roster["zone"]), [shift for shift in roster["shifts"] if shift["day"] == day.isoformat()]
    for shift in mine:
        for counter, start, end in shift["counters"]:
            if counter in counters:
                found.setdefault(counter, []).append((clock_on(day, start, zone), clock_on(day, end, zone)))
    return {counter: _joined(spells) for counter, spells in found.items()}


def clock_on(day: date, clock: str, zone: ZoneInfo) -> datetime:
    """A time of a roster's day; past midnight it counts on: 25:15 is a quarter past one of the next day."""
    hours, minutes = clock.split(":")
    return datetime.combine(day, time(), zone) + timedelta(hours=int(hours), minutes=int(minutes))


def running(spells: Sequence[Spell], now: datetime) -> Spell | None:
    """The stretch in which somebody is to sit there now."""
    return next((spell for spell in spells if spell[0] <= now < spell[1]), None)


def nobody_came(counter: Counter, spell: Spell) -> bool:
    """Whether nobody has been at a counter since this stretch of its roster began."""
    return counter.state == "closed" and (counter.since is None or counter.since <= spell[0])


def _joined(spells: Sequence[Spell]) -> list[Spell]:
    """One after the other at one counter is one opening, whoever sits there."""
    joined: list[Spell] = []
    for start, end in sorted(spells):
        if joined and joined[-1][1] >= start:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((start, end))
    return joined


def monday_of(day: date) -> date:
    """The first day of its week."""
    return day - timedelta(days=day.weekday())
