"""What happens when: everybody's next step in the order of the hall's clock, played at the hall's own pace."""

import heapq
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import count

from hallflow.clock import monotonic

Step = Callable[[datetime], None]


class HallTime:
    """The hall's clock as its server tells it, carried on between answers."""

    def __init__(self, at: datetime, pace: float) -> None:
        self.pace = pace
        self._at, self._mark = at, monotonic()

    def now(self) -> datetime:
        """What the clock in the hall shows."""
        return self._at + timedelta(seconds=(monotonic() - self._mark) * self.pace)

    def set(self, at: datetime) -> None:
        """Take the server's word for it."""
        self._at, self._mark = at, monotonic()


class Agenda:
    """Steps to come, by moment; of equal moments the one noted first."""

    def __init__(self, clock: HallTime) -> None:
        self.clock = clock
        self.most_behind = timedelta()
        """How late a step was played at worst, by the hall's clock."""
        self._steps: list[tuple[datetime, int, Step]] = []
        self._order = count()

    def at(self, moment: datetime, step: Step) -> None:
        """Note a step."""
        heapq.heappush(self._steps, (moment, next(self._order), step))

    def after(self, seconds: float, step: Step) -> None:
        """Note a step so many of the hall's seconds from now."""
        self.at(self.clock.now() + timedelta(seconds=seconds), step)

    def play(self, until: datetime, over: Callable[[], bool], beat: Callable[[datetime], None]) -> None:
        """Play the steps in their time until this moment, or until it is over; `beat` is called a few times a second."""
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
