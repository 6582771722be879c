"""The event queue of the simulation: every agent's next step in order of time, run at the pace of the hall's clock."""

import heapq
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import count

from hallflow.clock import monotonic

Step = Callable[[datetime], None]


class HallTime:
    """The hall's clock: the server's time, extrapolated between responses."""

    def __init__(self, at: datetime, pace: float) -> None:
        self.pace = pace
        self._at, self._mark = at, monotonic()

    def now(self) -> datetime:
        """The hall's present time."""
        return self._at + timedelta(seconds=(monotonic() - self._mark) * self.pace)

    def set(self, at: datetime) -> None:
        """Synchronise with the server's time."""
        self._at, self._mark = at, monotonic()


class Agenda:
    """A priority queue of steps by time; steps of equal time run in the order of insertion."""

    def __init__(self, clock: HallTime) -> None:
        self.clock = clock
        self.most_behind = timedelta()
        """The largest delay of a step, by the hall's clock."""
        self._steps: list[tuple[datetime, int, Step]] = []
        self._order = count()

    def at(self, moment: datetime, step: Step) -> None:
        """Schedule a step."""
        heapq.heappush(self._steps, (moment, next(self._order), step))

    def after(self, seconds: float, step: Step) -> None:
        """Schedule a step so many of the hall's seconds from now."""
        self.at(self.clock.now() + timedelta(seconds=seconds), step)

    def play(self, until: datetime, over: Callable[[], bool], beat: Callable[[datetime], None]) -> None:
        """Run each step at its time, until this moment or until `over`; `beat` is called a few times a second."""
        beaten = 0.0
        while (now := self.clock.now()) < until and not over():
            if monotonic() - beaten > 0.2:
                beat(now)
                beaten = monotonic()
            if self._steps and self._steps[0][0] <= now:
                moment, _, step = heapq.heappop(self._steps)
                self.most_behind = max(self.most_behind, now - moment)
                step(now)
                continue
            due = min(self._steps[0][0], until) if self._steps else until
            time.sleep(min(max((due - now).total_seconds() / self.clock.pace, 0.001), 0.2))
