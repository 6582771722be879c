"""One queue as its events tell it: who waits, who was called when, what was seen, and the sums of its days by time of day.

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
    """Somebody in a queue."""

    service: str
    tier: str
    at: float
    ahead: int
    """How many were before them in their queue when they came."""
    opened: int = 1
    """Counters that were open then."""
    found: Counter[str] = field(default_factory=Counter)
    """By tier: those who waited in the hall then."""
    overtaken: int = 0
    """How many who came later were called first."""


@dataclass(slots=True)
class Times:
    """Moments, rising; how many lie within a span is a matter of two look-ups."""

    at: list[float] = field(default_factory=list)

    def since(self, start: float) -> int:
        """How many moments lie after this one."""
        return len(self.at) - bisect_left(self.at, start)

    def add(self, at: float) -> None:
        """One more; those of long ago are let go of now and then."""
        self.at.append(at)
        if len(self.at) > 4000:
            del self.at[:2000]


@dataclass(slots=True)
class Queue:
    """One service's queue, or the whole hall as one queue."""

    people: dict[str, Waiting] = field(default_factory=dict)
    calls: Times = field(default_factory=Times)
    arrivals: Times = field(default_factory=Times)
    leaves: Times = field(default_factory=Times)
    last: dict[str, tuple[float, float]] = field(default_factory=dict)
    """By tier: when somebody was last called, and how long they had waited; "" for any tier."""
    recent: deque[tuple[float, float, int]] = field(default_factory=lambda: deque(maxlen=20))
    """Last calls: when, how long they had waited, and how many were ahead at their issue."""
    recent_open: deque[int] = field(default_factory=lambda: deque(maxlen=20))
    """Counters that were open when those of the last calls came."""
    works: deque[tuple[float, float]] = field(default_factory=lambda: deque(maxlen=24))
    """Last calls of somebody who was already waiting: when, and counter-minutes since the call before."""
    readings: deque[tuple[float, int, float]] = field(default_factory=lambda: deque(maxlen=64))
    """What was seen: when, how many counters were open, and how many people waiting (NaN where nobody counted them)."""
    work: float = 0.0
    """Counter-minutes between calls while somebody waited, and how many such calls there were."""
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
    """Calls, arrivals, and of those called the minutes waited, their number and their places in line (1 is the first) by slot of
    arrival: sums over all days before."""
    days: int = 0
    waited_today: list[tuple[int, float]] = field(default_factory=list)
    """Of those called today: slot of arrival, and minutes waited."""
    fresh: list[tuple[int, int, float]] = field(default_factory=list)
    """Today's share of those sums, which joins them when the day is over: (kind, slot, value)."""

    def open_now(self, at: float) -> int | None:
        """Counters open at the last reading; None where that is too old, or there was none."""
        if self.readings and at - self.readings[-1][0] < READING_LASTS:
            return self.readings[-1][1]
        return None

    def open_before(self, at: float, minutes: float) -> float | None:
        """Counters open on average over the last minutes."""
        seen = [count for when, count, _ in self.readings if at - minutes <= when]
        return sum(seen) / len(seen) if seen else None

    def reading_before(self, at: float, minutes: float = 0.0) -> tuple[float, int, float] | None:
        """The last reading as it was so many minutes ago; None where it was too old by then."""
        for reading in reversed(self.readings):
            if reading[0] <= at - minutes:
                return reading if at - minutes - reading[0] < READING_LASTS else None
        return None
