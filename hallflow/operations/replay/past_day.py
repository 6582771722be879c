"""A day of the hall as it was: its floor at any moment, replayed from the log. Nothing here touches the live hall.

A day is replayed from its own `day_opened`. Floors passed on the way are kept, some hundreds of entries apart, so that whoever
drags a slider to and fro never waits for more than one such stretch; of the days looked at last only a few are kept.
"""

import threading
from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from hallflow.domain.floor import Floor
from hallflow.domain.floor_events import evolve
from hallflow.domain.plan import Plan
from hallflow.domain.refusals import Refused, Unknown
from hallflow.hall import Hall
from hallflow.house import House
from hallflow.snapshots.dashboard import dashboard
from hallflow.snapshots.public import wall
from hallflow.snapshots.scene import Scene
from hallflow.storage.log import ledger
from hallflow.storage.log.ledger import ENDLESS
from hallflow.storage.log.logbook import UNREADABLE, days_opened, span
from hallflow.storage.records.advices import Today

STRETCH = 250
"""Entries between two floors that are kept."""
DAYS_SHOWN = 92
REELS = 4
"""So many days are kept ready to be looked at."""
_LONG_AGO = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class LoggedDay:
    """A day that the log tells of: its first and last entry."""

    day: date
    first: int
    last: int = ENDLESS


class Reel:
    """One day's floors along its log."""

    def __init__(self, hall: str, day: LoggedDay) -> None:
        self._hall = hall
        self._day = day
        self._kept = [Floor(hall, date.min, day.first - 1)]
        self._turning = threading.Lock()

    def floor_at(self, connection: Connection, moment: datetime) -> Floor:
        """The hall after everything that had happened by this moment."""
        with self._turning:
            place = bisect_right(self._kept, moment, key=lambda floor: floor.moment or _LONG_AGO)
            floor = self._kept[max(place - 1, 0)].draft()
            while self._carry(connection, floor, moment):
                if floor.seq > self._kept[-1].seq:
                    self._kept.append(floor)
                floor = floor.draft()
            return floor

    def _carry(self, connection: Connection, floor: Floor, moment: datetime) -> bool:
        """Carry a stretch of the log into a draft; whether there may be more before this moment."""
        before = floor.seq
        for event in ledger.events_after(connection, self._hall, floor.seq, STRETCH):
            if event.at > moment or event.seq > self._day.last:
                return False
            evolve(floor, event)
        return floor.seq == before + STRETCH


class Replays:
    """The days that this process shows again."""

    def __init__(self) -> None:
        self._reels: OrderedDict[tuple[str, int, int], Reel] = OrderedDict()
        self._days: dict[str, list[tuple[date, int]]] = {}
        self._lock = threading.Lock()

    def days(self, hall: Hall) -> list[LoggedDay]:
        """Every day whose log is kept, the latest last: today too, as far as it has come."""
        with hall.reading() as connection, self._lock:
            known = self._days.get(hall.key, [])
            since = hall.clock.now() - timedelta(days=DAYS_SHOWN)
            known = known + days_opened(connection, hall.key, known[-1][1] if known else 0, since)
            self._days[hall.key] = known = known[-DAYS_SHOWN:]
        lasts = [first - 1 for _, first in known[1:]] + [ENDLESS]
        found = [LoggedDay(day, first, last) for (day, first), last in zip(known, lasts, strict=True)]
        # a day on which nothing happened but that it began is nothing to look at
        return [one for one in found if min(one.last, hall.floor.seq) > one.first]

    def at(self, house: House, hall: Hall, day: date | None, moment: datetime | None) -> dict[str, Any]:
        """The wall and the dashboard as they were at this moment of a day; at its first one where none is named."""
        found = self.day(hall, day)
        with hall.reading() as connection:
            begins, ends = self.hours(connection, hall, found)
            at = min(max(moment or begins, begins), ends).astimezone(UTC)
            try:
                floor = self._reel(hall.key, found).floor_at(connection, at)
            except (Refused, *UNREADABLE) as fault:
                raise Refused("replay_broken", day=found.day.isoformat()) from fault
        scene = _scene(house, hall, floor, at)
        return {
            "hall": hall.key,
            "hall_name": hall.plan.name,
            "zone": str(hall.plan.hours.zone),
            "day": found.day.isoformat(),
            "begins": begins.isoformat(),
            "ends": ends.isoformat(),
            "at": at.isoformat(),
            "running": found.day == hall.floor.day,
            "dashboard": dashboard(scene),
            "wall": wall(scene),
        }

    def day(self, hall: Hall, day: date | None) -> LoggedDay:
        """The day asked for, or the last one that is over, or today where none is."""
        days = self.days(hall)
        if day is None:
            over = [one for one in days if one.day < hall.floor.day]
            day = (over or days)[-1].day if days else hall.floor.day
        found = next((one for one in days if one.day == day), None)
        if found is None:
            raise Unknown("replay_no_day", field="day", day=day.isoformat())
        return found

    def hours(self, connection: Connection, hall: Hall, day: LoggedDay) -> tuple[datetime, datetime]:
        """From the day's first entry after its opening to its last: what is worth looking at."""
        hours = hall.plan.hours
        # whatever was closed by itself the morning after is no part of the day
        over = datetime.combine(day.day + timedelta(days=1), hours.day_starts, hours.zone).astimezone(UTC)
        found = span(connection, hall.key, min(day.first + 1, day.last), day.last, over)
        if found is None:
            found = span(connection, hall.key, day.first, day.last, over)
        if found is None:
            raise Unknown("replay_no_day", field="day", day=day.day.isoformat())
        begins, ends = found
        return begins, hall.clock.now() if day.day == hall.floor.day else ends

    def _reel(self, hall: str, day: LoggedDay) -> Reel:
        key = (hall, day.first, day.last)
        with self._lock:
            reel = self._reels.pop(key, None) or Reel(hall, day)
            self._reels[key] = reel
            while len(self._reels) > REELS:
                self._reels.popitem(last=False)
        return reel


def _scene(house: House, hall: Hall, floor: Floor, at: datetime) -> Scene:
    """That moment, ready to be drawn: without the outlook, which was of its own hour and is gone."""
    plan, texts = plan_for(hall.plan, floor), house.installation.texts
    return Scene(floor, plan, None, hall.staff, texts, at, 1.0, house.settings.demo, Today())


def plan_for(plan: Plan, floor: Floor) -> Plan:
    """Today's plan, with a stand-in for every tier that it has dropped since."""
    gone = {ticket.tier for ticket in floor.tickets.values()} - plan.tiers.keys()
    if not gone:
        return plan
    like: Mapping[str, Any] = {
        key: replace(plan.tiers[plan.standard_tier], key=key, name=plan.named_as(key)) for key in gone
    }
    return replace(plan, tiers={**plan.tiers, **like})
