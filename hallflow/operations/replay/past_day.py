"""Event playback of a past day: its floor at any moment, replayed from the log without touching the live hall.

A day is replayed from its `day_opened`. Snapshots of the floor are cached every few hundred entries, so that moving a slider replays
at most one such stretch; only the few days viewed last stay cached.
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
"""Entries between two cached floors."""
DAYS_SHOWN = 92
REELS = 4
"""The number of days cached for viewing."""
_LONG_AGO = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class LoggedDay:
    """A day of the log, with its first and last entry."""

    day: date
    first: int
    last: int = ENDLESS


class Reel:
    """The cached floors of one day along its log."""

    def __init__(self, hall: str, day: LoggedDay) -> None:
        self._hall = hall
        self._day = day
        self._kept = [Floor(hall, date.min, day.first - 1)]
        self._turning = threading.Lock()

    def floor_at(self, connection: Connection, moment: datetime) -> Floor:
        """The floor after all events up to this moment."""
        with self._turning:
            place = bisect_right(self._kept, moment, key=lambda floor: floor.moment or _LONG_AGO)
            floor = self._kept[max(place - 1, 0)].draft()
            while self._carry(connection, floor, moment):
                if floor.seq > self._kept[-1].seq:
                    self._kept.append(floor)
                floor = floor.draft()
            return floor

    def _carry(self, connection: Connection, floor: Floor, moment: datetime) -> bool:
        """Replay a stretch of the log into a draft; gives whether more events may come before this moment."""
        before = floor.seq
        for event in ledger.events_after(connection, self._hall, floor.seq, STRETCH):
            if event.at > moment or event.seq > self._day.last:
                return False
            evolve(floor, event)
        return floor.seq == before + STRETCH


class Replays:
    """The playback of past days in this process, with its cache."""

    def __init__(self) -> None:
        self._reels: OrderedDict[tuple[str, int, int], Reel] = OrderedDict()
        self._days: dict[str, list[tuple[date, int]]] = {}
        self._lock = threading.Lock()

    def days(self, hall: Hall) -> list[LoggedDay]:
        """Every day in the log, the latest last, with today so far."""
        with hall.reading() as connection, self._lock:
            known = self._days.get(hall.key, [])
            since = hall.clock.now() - timedelta(days=DAYS_SHOWN)
            known = known + days_opened(connection, hall.key, known[-1][1] if known else 0, since)
            self._days[hall.key] = known = known[-DAYS_SHOWN:]
        lasts = [first - 1 for _, first in known[1:]] + [ENDLESS]
        logged = [LoggedDay(day, first, last) for (day, first), last in zip(known, lasts, strict=True)]
        # a day without events after its opening has nothing to show
        return [one for one in logged if min(one.last, hall.floor.seq) > one.first]

    def at(self, house: House, hall: Hall, day: date | None, moment: datetime | None) -> dict[str, Any]:
        """The wall and the dashboard at this moment of a day, by default at its first."""
        asked = self.day(hall, day)
        with hall.reading() as connection:
            begins, ends = self.hours(connection, hall, asked)
            at = min(max(moment or begins, begins), ends).astimezone(UTC)
            try:
                floor = self._reel(hall.key, asked).floor_at(connection, at)
            except (Refused, *UNREADABLE) as fault:
                raise Refused("replay_broken", day=asked.day.isoformat()) from fault
        scene = _scene(house, hall, floor, at)
        return {
            "hall": hall.key,
            "hall_name": hall.plan.name,
            "zone": str(hall.plan.hours.zone),
            "day": asked.day.isoformat(),
            "begins": begins.isoformat(),
            "ends": ends.isoformat(),
            "at": at.isoformat(),
            "running": asked.day == hall.floor.day,
            "dashboard": dashboard(scene),
            "wall": wall(scene),
        }

    def day(self, hall: Hall, day: date | None) -> LoggedDay:
        """The requested day; by default the last one that is over, or today where there is none."""
        days = self.days(hall)
        if day is None:
            over = [one for one in days if one.day < hall.floor.day]
            day = (over or days)[-1].day if days else hall.floor.day
        logged = next((one for one in days if one.day == day), None)
        if logged is None:
            raise Unknown("replay_no_day", field="day", day=day.isoformat())
        return logged

    def hours(self, connection: Connection, hall: Hall, day: LoggedDay) -> tuple[datetime, datetime]:
        """The span worth showing: from the day's first entry after its opening to its last."""
        hours = hall.plan.hours
        # what was closed automatically the next morning is not part of the day
        over = datetime.combine(day.day + timedelta(days=1), hours.day_starts, hours.zone).astimezone(UTC)
        times = span(connection, hall.key, min(day.first + 1, day.last), day.last, over)
        if times is None:
            times = span(connection, hall.key, day.first, day.last, over)
        if times is None:
            raise Unknown("replay_no_day", field="day", day=day.day.isoformat())
        begins, ends = times
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
    """The scene of that moment, without an outlook, because past outlooks are not stored."""
    plan, texts = plan_for(hall.plan, floor), house.installation.texts
    return Scene(floor, plan, None, hall.staff, texts, at, 1.0, house.settings.demo, Today())


def plan_for(plan: Plan, floor: Floor) -> Plan:
    """The present plan, with a placeholder for every tier that it no longer has."""
    gone = {ticket.tier for ticket in floor.tickets.values()} - plan.tiers.keys()
    if not gone:
        return plan
    like: Mapping[str, Any] = {
        key: replace(plan.tiers[plan.standard_tier], key=key, name=plan.named_as(key)) for key in gone
    }
    return replace(plan, tiers={**plan.tiers, **like})
