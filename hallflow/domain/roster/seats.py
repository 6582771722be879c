"""Assignment of staff to counters (seats): when the stored roster has somebody at each counter of one day."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from hallflow.domain.counter import Counter

Spell = tuple[datetime, datetime]
Seats = Mapping[str, Sequence[Spell]]
"""By counter: the spans in which it is staffed, in order and disjoint."""


def seats_of(roster: Mapping[str, Any] | None, day: date, counters: Mapping[str, Any]) -> dict[str, list[Spell]]:
    """The staffed spans of a day's counters; empty where the roster assigns nobody that day, or lists only shifts to fill."""
    seats: dict[str, list[Spell]] = {}
    if roster is None:
        return seats
    zone, mine = ZoneInfo(roster["zone"]), [shift for shift in roster["shifts"] if shift["day"] == day.isoformat()]
    for shift in mine:
        for counter, start, end in shift["counters"]:
            if counter in counters:
                seats.setdefault(counter, []).append((clock_on(day, start, zone), clock_on(day, end, zone)))
    return {counter: _joined(spells) for counter, spells in seats.items()}


def clock_on(day: date, clock: str, zone: ZoneInfo) -> datetime:
    """The moment of a roster's local time; hours go on past midnight: 25:15 is a quarter past one of the next day."""
    hours, minutes = clock.split(":")
    return datetime.combine(day, time(), zone) + timedelta(hours=int(hours), minutes=int(minutes))


def running(spells: Sequence[Spell], now: datetime) -> Spell | None:
    """The span that contains this moment, if any."""
    return next((spell for spell in spells if spell[0] <= now < spell[1]), None)


def nobody_came(counter: Counter, spell: Spell) -> bool:
    """Whether the counter has not been opened since this span of its roster began."""
    return counter.state == "closed" and (counter.since is None or counter.since <= spell[0])


def _joined(spells: Sequence[Spell]) -> list[Spell]:
    """Adjoining spans of one counter merged, whoever sits there."""
    joined: list[Spell] = []
    for start, end in sorted(spells):
        if joined and joined[-1][1] >= start:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((start, end))
    return joined


def monday_of(day: date) -> date:
    """The Monday of this day's week."""
    return day - timedelta(days=day.weekday())
