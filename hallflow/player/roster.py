"""When each clerk works: by the hall's own roster where it has one; else as many as the hour needs, lunch in turns."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from math import ceil

from hallflow.domain.roster.seats import Seats, running
from hallflow.player.hall_day import HallDay
from hallflow.player.made_up_past import CALL_MINUTES, shares_of, usual_order

BUSY_SHARE = 0.93
"""Counters are opened so that they are busy this share of their time."""
COFFEE_MINUTES, LUNCH_MINUTES = 10, 30
LOOK_AHEAD = timedelta(minutes=20)
LONGEST_BREAK, LUNCH = timedelta(hours=1), timedelta(minutes=30)
"""Between two stretches at one counter: so long at most its clerk only rests; from the second on it is lunch."""


@dataclass(frozen=True, slots=True)
class Break:
    """A pause and its reason, as the hall's list of reasons has it."""

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
        """From now on go by these, which the hall keeps for this day."""
        self._seats = seats

    def needed(self, at: datetime) -> int:
        """How many counters this moment needs, those of the next minutes with it."""
        per_hour = max(self._stage.per_hour(at), self._stage.per_hour(at + LOOK_AHEAD))
        return min(max(ceil(per_hour * self._each / 60 / BUSY_SHARE), self._least), len(self.order))

    def works(self, counter: str, at: datetime) -> bool:
        """Whether this counter is to be open, or its clerk only rests."""
        if self._seats:
            spells = self._seats.get(counter, ())
            resting = any(a[1] <= at < b[0] <= a[1] + LONGEST_BREAK for a, b in pairwise(spells))
            return at < self._stage.last_arrival and (resting or running(spells, at) is not None)
        return at < self._stage.last_arrival and self.order.index(counter) < self.needed(at)

    def breaks(self, counter: str, day: datetime) -> list[Break]:
        """The pauses of a clerk, so that never all are away at once."""
        if self._seats:
            gaps = [
                (a[1], b[0] - a[1]) for a, b in pairwise(self._seats.get(counter, ())) if b[0] - a[1] <= LONGEST_BREAK
            ]
            return [
                Break(at, round(gap.total_seconds() / 60), "lunch" if gap >= LUNCH else "break") for at, gap in gaps
            ]
        turn = self.order.index(counter)
        midnight = day.astimezone(self._stage.zone).replace(hour=0, minute=0, second=0, microsecond=0)
        lunch = midnight + timedelta(hours=11, minutes=40 + 25 * (turn % 4) + 2 * (turn // 4))
        coffee = [midnight + timedelta(hours=h, minutes=7 * (turn % 9)) for h in (9.5, 14.75)]
        return [
            Break(coffee[0], COFFEE_MINUTES, "break"),
            Break(lunch, LUNCH_MINUTES, "lunch"),
            Break(coffee[1], COFFEE_MINUTES, ("break", "back_office", "meeting")[turn % 3]),
        ]

    def _cover(self, offers: dict[str, list[str]]) -> int:
        """With how many counters every service has one."""
        wanted = {service for services in offers.values() for service in services}
        for n, counter in enumerate(self.order):
            wanted -= set(offers[counter])
            if not wanted:
                return n + 1
        return len(self.order)
