"""State of one queue, updated from events: customers waiting, recent calls, readings, and sums of past days by time of day.

Moments are minutes since 1970 (UTC).
"""

from bisect import bisect_left
from collections import Counter, deque
from dataclasses import dataclass, field

import numpy as np

SLOT = 30
SLOTS = 24 * 60 // SLOT
READING_LASTS = 60.0


@dataclass(slots=True)
class Waiting:
    """A waiting customer."""

    service: str
    tier: str
    at: float
    ahead: int
    """People ahead in the same queue at arrival."""
    opened: int = 1
    """Counters open at arrival."""
    at_arrival: Counter[str] = field(default_factory=Counter)
    """Tier -> people waiting in the hall at arrival."""
    overtaken: int = 0
    """Later arrivals called first."""


@dataclass(slots=True)
class Times:
    """A rising sequence of moments; the count of a time span takes one binary search."""

    at: list[float] = field(default_factory=list)

    def since(self, start: float) -> int:
        """Number of moments at or after `start`."""
        return len(self.at) - bisect_left(self.at, start)

    def add(self, at: float) -> None:
        """Append a moment; from time to time the oldest are dropped."""
        self.at.append(at)
        if len(self.at) > 4000:
            del self.at[:2000]


@dataclass(slots=True)
class Queue:
    """The queue of one service, or of the whole hall as one."""

    people: dict[str, Waiting] = field(default_factory=dict)
    calls: Times = field(default_factory=Times)
    arrivals: Times = field(default_factory=Times)
    leaves: Times = field(default_factory=Times)
    last: dict[str, tuple[float, float]] = field(default_factory=dict)
    """Tier -> moment and wait of the last call; "" stands for any tier."""
    recent: deque[tuple[float, float, int]] = field(default_factory=lambda: deque(maxlen=20))
    """Last calls: moment, minutes waited, and people ahead at issue."""
    recent_open: deque[int] = field(default_factory=lambda: deque(maxlen=20))
    """Counters open at the arrival of those last called."""
    works: deque[tuple[float, float]] = field(default_factory=lambda: deque(maxlen=24))
    """Last calls of customers who were already waiting at the call before: moment, and counter-minutes since that call."""
    readings: deque[tuple[float, int, float]] = field(default_factory=lambda: deque(maxlen=64))
    """Readings: moment, open counters, and people waiting (NaN where not counted)."""
    work: float = 0.0
    """Counter-minutes between calls while somebody waited; `worked` is the number of such calls."""
    worked: int = 0
    gaps: float = 0.0
    work_today: float = 0.0
    worked_today: int = 0
    today: int = 0
    arrived_today: int = 0
    called_by_slot: np.ndarray = field(default_factory=lambda: np.zeros(SLOTS))
    came_by_slot: np.ndarray = field(default_factory=lambda: np.zeros(SLOTS))
    waited_by_slot: np.ndarray = field(default_factory=lambda: np.zeros(SLOTS))
    served_by_slot: np.ndarray = field(default_factory=lambda: np.zeros(SLOTS))
    stood_by_slot: np.ndarray = field(default_factory=lambda: np.zeros(SLOTS))
    """By slot, sums over all days before: calls, arrivals, and by slot of arrival of those called the minutes waited, their
    number and their places in line (1 is the first).
    """
    days: int = 0
    waited_today: list[tuple[int, float]] = field(default_factory=list)
    """Of those called today: slot of arrival, and minutes waited."""
    fresh: list[tuple[int, int, float]] = field(default_factory=list)
    """Today's increments of those sums, added when the day is over: (kind, slot, value)."""

    def open_now(self, at: float) -> int | None:
        """Counters open at the last reading; None without a recent one."""
        if self.readings and at - self.readings[-1][0] < READING_LASTS:
            return self.readings[-1][1]
        return None

    def open_before(self, at: float, minutes: float) -> float | None:
        """Mean number of open counters over the last minutes; None without a reading."""
        counts = [count for when, count, _ in self.readings if at - minutes <= when]
        return sum(counts) / len(counts) if counts else None

    def reading_before(self, at: float, minutes: float = 0.0) -> tuple[float, int, float] | None:
        """The last reading as of so many minutes before `at`; None where it was outdated by then."""
        for reading in reversed(self.readings):
            if reading[0] <= at - minutes:
                return reading if at - minutes - reading[0] < READING_LASTS else None
        return None
