"""Staffing of the simulated day: the hall's own roster where it has one, else by the hour's load, with staggered breaks."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from math import ceil

from hallflow.domain.roster.seats import Seats, running
from hallflow.player.hall_day import HallDay
from hallflow.player.made_up_past import CALL_MINUTES, shares_of, usual_order

BUSY_SHARE = 0.93
"""The target utilisation of open counters."""
COFFEE_MINUTES, LUNCH_MINUTES = 10, 30
LOOK_AHEAD = timedelta(minutes=20)
LONGEST_BREAK, LUNCH = timedelta(hours=1), timedelta(minutes=30)
"""A gap between two seats at a counter: up to the first it is a break, from the second on lunch."""


@dataclass(frozen=True, slots=True)
class Pause:
    """A break, with a reason from the hall's list."""

    at: datetime
    minutes: int
    reason: str


class Roster:
    """The staffing of a day."""

    def __init__(self, stage: HallDay, offers: dict[str, list[str]]) -> None:
        self._stage = stage
        self.order = usual_order(offers)
        shares, minutes = shares_of(stage.services), stage.minutes
        self._each = CALL_MINUTES + sum(share * minutes[key] for key, share in shares.items())
        self._least = self._cover(offers)
        self._seats: Seats = {}

    def follow(self, seats: Seats) -> None:
        """Use these seats of the hall's roster from now on."""
        self._seats = seats

    def needed(self, at: datetime) -> int:
        """The counters required now and in the next minutes."""
        per_hour = max(self._stage.per_hour(at), self._stage.per_hour(at + LOOK_AHEAD))
        return min(max(ceil(per_hour * self._each / 60 / BUSY_SHARE), self._least), len(self.order))

    def works(self, counter: str, at: datetime) -> bool:
        """Whether this counter is staffed, if only by a clerk on a break."""
        if self._seats:
            spells = self._seats.get(counter, ())
            resting = any(a[1] <= at < b[0] <= a[1] + LONGEST_BREAK for a, b in pairwise(spells))
            return at < self._stage.last_arrival and (resting or running(spells, at) is not None)
        return at < self._stage.last_arrival and self.order.index(counter) < self.needed(at)

    def breaks(self, counter: str, day: datetime) -> list[Pause]:
        """The breaks of a clerk, staggered between counters."""
        if self._seats:
            gaps = [
                (a[1], b[0] - a[1]) for a, b in pairwise(self._seats.get(counter, ())) if b[0] - a[1] <= LONGEST_BREAK
            ]
            return [
                Pause(at, round(gap.total_seconds() / 60), "lunch" if gap >= LUNCH else "break") for at, gap in gaps
            ]
        turn = self.order.index(counter)
        midnight = day.astimezone(self._stage.zone).replace(hour=0, minute=0, second=0, microsecond=0)
        lunch = midnight + timedelta(hours=11, minutes=40 + 25 * (turn % 4) + 2 * (turn // 4))
        coffee = [midnight + timedelta(hours=h, minutes=7 * (turn % 9)) for h in (9.5, 14.75)]
        return [
            Pause(coffee[0], COFFEE_MINUTES, "break"),
            Pause(lunch, LUNCH_MINUTES, "lunch"),
            Pause(coffee[1], COFFEE_MINUTES, ("break", "back_office", "meeting")[turn % 3]),
        ]

    def _cover(self, offers: dict[str, list[str]]) -> int:
        """The first counters to open that offer every service."""
        wanted = {service for services in offers.values() for service in services}
        for n, counter in enumerate(self.order):
            wanted -= set(offers[counter])
            if not wanted:
                return n + 1
        return len(self.order)
