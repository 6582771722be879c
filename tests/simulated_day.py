"""A simulated day of a hall on a fake clock, through its operations and jobs, and what customers' phones showed."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from heapq import heappop, heappush
from typing import Any

import numpy as np

from hallflow.hall import Hall
from hallflow.house import House
from hallflow.jobs import tasks
from hallflow.operations.floor import calling, serving, ticketing
from hallflow.operations.floor.ticketing import Wish
from hallflow.operations.outlook import drawing
from hallflow.snapshots.ticket import ticket
from tests.makers import FakeClock

SPREAD = 0.5
"""Of the logarithm of a service time."""
PATIENCE_MINUTES = 90.0
TIERS = ((None, 0.6), ("6612", 0.25), ("8812", 0.15))


@dataclass(slots=True)
class Phones:
    """What the phones of those who waited have shown."""

    refreshes: int = 0
    later: Counter[str] = field(default_factory=Counter)
    """Refreshes at which the end of a range moved later, by the reason that the phone gave."""
    _last: dict[str, datetime] = field(default_factory=dict)

    def look(self, house: House, hall: Hall, tokens: dict[str, str]) -> None:
        """Everybody who waits looks at their phone."""
        scene, seen = house.scene(hall), {}
        for held in hall.floor.waiting():
            wait = ticket(scene, tokens[held.number], held)
            if wait["wait"] is None:
                continue
            until = datetime.fromisoformat(wait["wait"]["until"])
            seen[held.number] = until
            last = self._last.get(held.number)
            self.refreshes += last is not None
            if last is not None and until > last:
                self.later[wait["wait_reason"]["en"] if wait["wait_reason"] else ""] += 1
        self._last = seen

    @property
    def share_later(self) -> float:
        """The share of refreshes at which a range moved later."""
        return sum(self.later.values()) / max(self.refreshes, 1)


class Day:
    """One day of one hall; `slower` is how much longer services last than the plan says."""

    def __init__(self, house: House, hall: Hall, clock: FakeClock, seed: int, per_hour: float, slower: float) -> None:
        self.house, self.hall, self.clock = house, hall, clock
        self.per_hour, self.slower = per_hour, slower
        self.luck = np.random.default_rng(seed)
        self.tokens: dict[str, str] = {}
        self.phones = Phones()
        self._agenda: list[tuple[datetime, int, Callable[[], None]]] = []
        self._order = 0

    def live(self, minutes: float, refresh_seconds: float = 30) -> Phones:
        """Let so many minutes pass with every counter open; jobs run and phones look as often as told."""
        end = self.clock.now() + timedelta(minutes=minutes)
        self._after(0, self._arrive)
        look = self.clock.now()
        while look < end:
            look += timedelta(seconds=refresh_seconds)
            while self._agenda and self._agenda[0][0] <= look:
                self.clock.at, _, happens = heappop(self._agenda)
                happens()
            self.clock.at = look
            for job in (tasks.sweep, tasks.calibrate, drawing.draw_outlooks):
                job(self.house)
            self.house.look_around()
            self.phones.look(self.house, self.hall, self.tokens)
        return self.phones

    def _after(self, minutes: float, happens: Callable[[], None]) -> None:
        self._order += 1
        heappush(self._agenda, (self.clock.now() + timedelta(minutes=minutes), self._order, happens))

    def _arrive(self) -> None:
        self._after(self.luck.exponential(60 / self.per_hour), self._arrive)
        offered = [s for s in self.hall.plan.services if self.hall.floor.open_counters(s)]
        cards, shares = zip(*TIERS, strict=True)
        card = cards[self.luck.choice(len(cards), p=shares)]
        held, _ = ticketing.take_ticket(self.hall, Wish([offered[self.luck.integers(len(offered))]], card=card))
        number = held.ticket.number
        self.tokens[number] = held.token
        self._after(self.luck.exponential(PATIENCE_MINUTES), lambda: self._give_up(held))
        for counter in self.hall.floor.open_counters(held.ticket.service):
            if counter.ticket is None:
                self._call(counter.key)
                break

    def _give_up(self, held: Any) -> None:
        now = self.hall.floor.tickets.get(held.ticket.number)
        if now is not None and now.state == "waiting":
            ticketing.leave(self.hall, held)

    def _call(self, counter: str) -> None:
        at = self.hall.floor.counters[counter]
        if at.ticket is None and at.state == "open" and self.hall.floor.waiting_count(at.lines):
            calling.call_next(self.hall, counter)
            self._after(self.luck.exponential(self.hall.plan.staffing.walk_minutes), lambda: self._serve(counter))

    def _serve(self, counter: str) -> None:
        held = calling.arrived(self.hall, counter)
        mean = self.hall.plan.services[held.service].minutes * self.slower
        self._after(mean * self.luck.lognormal(-(SPREAD**2) / 2, SPREAD), lambda: self._finish(counter))

    def _finish(self, counter: str) -> None:
        serving.finish(self.hall, counter)
        self._call(counter)
