"""A hall as its events tell it, one after another: what is known of its queues at this moment, and nothing that comes later.

Old logs and the live hall feed it alike, so what a model learns from it is what the model will see. Moments are minutes since
1970 (UTC); `offset` is what the hall's clock is ahead of that. Whoever calls the methods keeps the order of time.
"""

from bisect import bisect_left
from collections import defaultdict, deque
from dataclasses import dataclass, field
from math import nan

import numpy as np

SLOT = 30
SLOTS = 24 * 60 // SLOT
GAP_AT_MOST = 60.0
READING_LASTS = 60.0
ACTIVE = 20.0
"""A counter that has called within so many minutes is taken as open where nobody counts the open ones."""
KEPT = 240.0
FEW_CALLS = 20.0
DAY = 24 * 60


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


def _last_waits() -> deque[tuple[float, float]]:
    return deque(maxlen=5)


def _nothing() -> list[float]:
    return [0.0, 0.0]


@dataclass(slots=True)
class Stream:
    """One hall."""

    queues: defaultdict[str, Queue] = field(default_factory=lambda: defaultdict(Queue))
    hall: Queue = field(default_factory=Queue)
    tiers: defaultdict[str, Times] = field(default_factory=lambda: defaultdict(Times))
    """Calls by tier."""
    at_counters: dict[str, tuple[float, str]] = field(default_factory=dict)
    """By counter: since when it serves, and whom."""
    served_at: dict[str, str] = field(default_factory=dict)
    active: dict[str, float] = field(default_factory=dict)
    """By counter: when it last called or ended."""
    services: deque[float] = field(default_factory=lambda: deque(maxlen=40))
    """Minutes of the last services, of which counter and end are known."""
    waits: defaultdict[str, deque[tuple[float, float]]] = field(default_factory=lambda: defaultdict(_last_waits))
    """By tier: when the last were called, and what they had waited."""
    waited: defaultdict[str, list[float]] = field(default_factory=lambda: defaultdict(_nothing))
    """By tier: minutes waited by all who were called, and how many they are."""
    offset: float = 0.0
    day: int = -1

    def turn_to(self, at: float, offset: float) -> None:
        """It is now `at`: another day of the hall may have begun."""
        self.offset = offset
        day = int((at + self.offset) // DAY)
        if day == self.day:
            return
        self.day = day
        # nobody waits overnight: who was never called in the log has gone
        for key in [key for key, person in self.hall.people.items() if at - person.at > KEPT]:
            del self.queues[self.hall.people.pop(key).service].people[key]
        self.at_counters.clear()
        self.served_at.clear()
        for counter in [counter for counter, last in self.active.items() if at - last > KEPT]:
            del self.active[counter]
        for queue in (*self.queues.values(), self.hall):
            queue.today = queue.arrived_today = queue.worked_today = 0
            queue.work_today = 0.0
            queue.waited_today.clear()
            if queue.fresh:
                queue.days += 1
            sums = (
                queue.came_by_slot,
                queue.called_by_slot,
                queue.waited_by_slot,
                queue.served_by_slot,
                queue.stood_by_slot,
            )
            for kind, slot, value in queue.fresh:
                sums[kind][slot] += value
            queue.fresh.clear()

    def issued(self, key: str, service: str, tier: str, at: float, offset: float) -> None:
        """Somebody takes a number."""
        self.turn_to(at, offset)
        own = self.queues[service]
        person = Waiting(service, tier, at, len(own.people), max(own.open_now(at) or self.counters_active(at), 1))
        slot = self.slot(at)
        for queue in (self.queues[service], self.hall):
            queue.people[key] = person
            queue.arrivals.add(at)
            queue.arrived_today += 1
            queue.fresh.append((0, slot, 1.0))

    def called(self, key: str, at: float, counter: str | None = None) -> float | None:
        """Somebody is called: the minutes they waited; None for somebody who did not wait here."""
        person = self.hall.people.pop(key, None)
        if person is None:
            return None
        own = self.queues[person.service]
        del own.people[key]
        waited, slot, arrived = at - person.at, self.slot(at), self.slot(person.at)
        for queue in (own, self.hall):
            before = queue.calls.at[-1] if queue.calls.at else None
            if before is not None and person.at < before and at - before < GAP_AT_MOST:
                work = (at - before) * max(queue.open_now(at) or self.counters_active(at) or 1, 1)
                queue.works.append((at, work))
                queue.work += work
                queue.work_today += work
                queue.gaps += at - before
                queue.worked += 1
                queue.worked_today += 1
            queue.calls.add(at)
            queue.last[person.tier] = queue.last[""] = (at, waited)
            queue.recent.append((at, waited, person.ahead))
            queue.recent_open.append(person.opened)
            queue.waited_today.append((arrived, waited))
            queue.today += 1
            queue.fresh += [(1, slot, 1.0), (2, arrived, waited), (3, arrived, 1.0), (4, arrived, person.ahead + 1.0)]
        self.tiers[person.tier].add(at)
        self.waits[person.tier].append((at, waited))
        sums = self.waited[person.tier]
        sums[0], sums[1] = sums[0] + waited, sums[1] + 1
        if counter:
            self.at_counters[counter] = (at, key)
            self.served_at[key] = counter
            self.active[counter] = at
        return waited

    def ended(self, key: str, at: float) -> None:
        """A service is over."""
        counter = self.served_at.pop(key, None)
        if counter is not None and self.at_counters.get(counter, (0.0, ""))[1] == key:
            self.services.append(at - self.at_counters.pop(counter)[0])
            self.active[counter] = at

    def left(self, key: str, at: float) -> None:
        """Somebody gives up."""
        person = self.hall.people.pop(key, None)
        if person is not None:
            del self.queues[person.service].people[key]
            for queue in (self.queues[person.service], self.hall):
                queue.leaves.add(at)

    def opened(self, service: str, at: float, count: int, waiting: float = nan) -> None:
        """So many counters are seen open for a service, and so many people waiting."""
        self.queues[service].readings.append((at, count, waiting))

    def forget_moments(self) -> None:
        """Keep the sums of the days before and what was last, not every moment: less to copy, and days ago they tell nothing."""
        for queue in (*self.queues.values(), self.hall):
            for times in (queue.calls, queue.arrivals, queue.leaves):
                del times.at[:-1]
        for times in self.tiers.values():
            del times.at[:-1]

    def counters_active(self, at: float) -> int:
        """Counters that serve now or did a moment ago, where calls name their counter."""
        return sum(at - last < ACTIVE or counter in self.at_counters for counter, last in self.active.items())

    def slot(self, at: float) -> int:
        """The half-hour of the hall's clock."""
        return int((at + self.offset) % DAY) // SLOT
