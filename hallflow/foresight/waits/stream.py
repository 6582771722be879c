"""Online feature stream: the state of a hall's queues after each event, using nothing that comes later.

Logs and the live hall update it through the same methods, so that training and prediction see the same features. Moments are
minutes since 1970 (UTC); `offset` is the hall's local time minus UTC in minutes. Methods must be called in the order of time.
"""

from collections import Counter, defaultdict, deque
from dataclasses import dataclass, field
from math import nan

from hallflow.foresight.waits.precedence import Precedence
from hallflow.foresight.waits.queues import SLOT, Queue, Times, Waiting

GAP_AT_MOST = 60.0
ACTIVE = 20.0
"""Minutes after a counter's last call during which it counts as open, where no reading gives the number."""
KEPT = 240.0
FEW_CALLS = 20.0
DAY = 24 * 60


def _last_waits() -> deque[tuple[float, float]]:
    return deque(maxlen=5)


def _nothing() -> list[float]:
    return [0.0, 0.0]


@dataclass(slots=True)
class Stream:
    """Observed state of one hall."""

    queues: defaultdict[str, Queue] = field(default_factory=lambda: defaultdict(Queue))
    hall: Queue = field(default_factory=Queue)
    tiers: defaultdict[str, Times] = field(default_factory=lambda: defaultdict(Times))
    """Tier -> moments of calls."""
    at_counters: dict[str, tuple[float, str]] = field(default_factory=dict)
    """Counter -> start of the current service, and the ticket."""
    served_at: dict[str, str] = field(default_factory=dict)
    active: dict[str, float] = field(default_factory=dict)
    """Counter -> its last call or end of service."""
    services: deque[float] = field(default_factory=lambda: deque(maxlen=40))
    """Latest service times in minutes, where counter and end are known."""
    ends: Times = field(default_factory=Times)
    """Moments at which services ended."""
    precedence: Precedence = field(default_factory=Precedence)
    waits: defaultdict[str, deque[tuple[float, float]]] = field(default_factory=lambda: defaultdict(_last_waits))
    """Tier -> moment and wait of the latest calls."""
    waited: defaultdict[str, list[float]] = field(default_factory=lambda: defaultdict(_nothing))
    """Tier -> sum of the waits of those called, and their number."""
    offset: float = 0.0
    day: int = -1

    def turn_to(self, at: float, offset: float) -> None:
        """Advance to `at`; with a new business day, the sums of the day before are added up."""
        self.offset = offset
        day = int((at + self.offset) // DAY)
        if day == self.day:
            return
        self.day = day
        # nobody waits overnight: whoever the log never called has left
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
        """Record an arrival."""
        self.turn_to(at, offset)
        own = self.queues[service]
        opened = max(own.open_now(at) or self.counters_active(at), 1)
        person = Waiting(service, tier, at, len(own.people), opened, self.by_tier())
        slot = self.slot(at)
        for queue in (self.queues[service], self.hall):
            queue.people[key] = person
            queue.arrivals.add(at)
            queue.arrived_today += 1
            queue.fresh.append((0, slot, 1.0))

    def called(self, key: str, at: float, counter: str | None = None) -> float | None:
        """Record a call and return the minutes waited; None for somebody who was not waiting here."""
        person = self.hall.people.pop(key, None)
        if person is None:
            return None
        own = self.queues[person.service]
        del own.people[key]
        self._pass_over(person)
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
        """Record an end of service."""
        counter = self.served_at.pop(key, None)
        if counter is not None and self.at_counters.get(counter, (0.0, ""))[1] == key:
            self.services.append(at - self.at_counters.pop(counter)[0])
            self.ends.add(at)
            self.active[counter] = at

    def left(self, key: str, at: float) -> None:
        """Record an abandonment."""
        person = self.hall.people.pop(key, None)
        if person is not None:
            del self.queues[person.service].people[key]
            for queue in (self.queues[person.service], self.hall):
                queue.leaves.add(at)

    def opened(self, service: str, at: float, count: int, waiting: float = nan) -> None:
        """Record a reading: counters open for a service, and people waiting (NaN where not counted)."""
        self.queues[service].readings.append((at, count, waiting))

    def forget_moments(self) -> None:
        """Drop all moments but the latest, which makes a copy cheaper; sums of past days stay."""
        for queue in (*self.queues.values(), self.hall):
            for times in (queue.calls, queue.arrivals, queue.leaves):
                del times.at[:-1]
        for times in (*self.tiers.values(), self.ends):
            del times.at[:-1]

    def counters_active(self, at: float) -> int:
        """Counters serving now or active a moment ago, where calls name their counter."""
        return sum(at - last < ACTIVE or counter in self.at_counters for counter, last in self.active.items())

    def by_tier(self) -> Counter[str]:
        """Tier -> number waiting in the hall."""
        return Counter(person.tier for person in self.hall.people.values())

    def _pass_over(self, called: Waiting) -> None:
        """Count the overtaking of earlier arrivals who still wait when `called` is called."""
        still: Counter[str] = Counter()
        for person in self.hall.people.values():
            if person.at >= called.at:
                break
            person.overtaken += 1
            still[person.tier] += 1
        self.precedence.called(called.tier, called.at_arrival, still, called.overtaken)

    def slot(self, at: float) -> int:
        """Half-hour of the hall's local time, 0 to 47."""
        return int((at + self.offset) % DAY) // SLOT
