"""The system state of one hall at one instant (the floor): who waits, who is served, what was called.

A floor that other threads may read never changes. A change works on a `draft()` of it (copy on write), so a reader always sees
one consistent instant, and a change that fails leaves nothing behind.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from hallflow.domain.counter import Counter
from hallflow.domain.occupancy import Worked
from hallflow.domain.plan import Plan
from hallflow.domain.refusals import Unknown
from hallflow.domain.tally import Tally
from hallflow.domain.ticket import Ticket

LineKey = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Called:
    """A call as the wall shows it."""

    number: str
    counter: str
    called_at: datetime
    recalls: int = 0
    calls: int = 1


@dataclass(slots=True)
class Floor:
    """A hall's open tickets and counters at one seq of its log."""

    hall: str
    day: date
    seq: int = 0
    tickets: dict[str, Ticket] = field(default_factory=dict)
    """Open tickets by number; a ticket leaves the floor when its visit ends."""
    counters: dict[str, Counter] = field(default_factory=dict)
    lines: dict[LineKey, list[tuple[datetime, int, str]]] = field(default_factory=dict)
    """Who waits, by (service or @counter, tier): (since, ordinal, number), front first."""
    overtaken: dict[str, int] = field(default_factory=dict)
    """How many later arrivals were called first by a counter that could have served this number."""
    numbers: dict[str, int] = field(default_factory=dict)
    """The last number given out, by letter."""
    calls: dict[str, int] = field(default_factory=dict)
    """Calls made today, by service."""
    streak: int = 0
    """Calls in a row that preferred a better tier (for the ratio policy)."""
    recent: tuple[Called, ...] = ()
    """The last calls, newest first."""
    tally: Tally = field(default_factory=Tally)
    open_at: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """By service: the counters open for it now, in the plan's order."""
    openings: tuple[tuple[datetime, int], ...] = ()
    """How many counters were open today, from each moment on at which that changed."""
    worked: dict[str, Worked] = field(default_factory=dict)
    """How long each counter was open today, and how long it served."""
    planned: Mapping[str, list[str]] = field(default_factory=dict)
    """The plan's counters and their services, as the log last recorded them."""
    moment: datetime | None = None
    """The moment of the last event: the hall's time never runs behind it, even when a machine's clock is set back."""

    def draft(self) -> "Floor":
        """A copy that may change without this floor changing; the lists inside `lines` are copied when first touched."""
        return Floor(
            self.hall,
            self.day,
            self.seq,
            dict(self.tickets),
            dict(self.counters),
            dict(self.lines),
            dict(self.overtaken),
            dict(self.numbers),
            dict(self.calls),
            self.streak,
            self.recent,
            self.tally.copy(),
            self.open_at,
            self.openings,
            dict(self.worked),
            self.planned,
            self.moment,
        )

    def ticket(self, number: str) -> Ticket:
        """The open ticket of this number."""
        ticket = self.tickets.get(number)
        if ticket is None:
            raise Unknown("no_ticket", field="ticket", number=number)
        return ticket

    def counter(self, key: str) -> Counter:
        """The counter of this key."""
        counter = self.counters.get(key)
        if counter is None:
            raise Unknown("no_counter", field="counter", counter=key)
        return counter

    def waiting(self, where: Iterable[str] | None = None) -> Iterator[Ticket]:
        """The waiting tickets of these lines, or of all; the front of each line first."""
        wanted = None if where is None else set(where)
        for (place, _), line in self.lines.items():
            if wanted is None or place in wanted:
                for _, _, number in line:
                    yield self.tickets[number]

    def waiting_count(self, where: Iterable[str] | None = None) -> int:
        """How many wait in these lines, or in all."""
        wanted = None if where is None else set(where)
        return sum(len(line) for (place, _), line in self.lines.items() if wanted is None or place in wanted)

    def open_counters(self, service: str | None = None) -> list[Counter]:
        """Counters open now, for this service or for any."""
        if service is None:
            return [counter for counter in self.counters.values() if counter.state == "open"]
        return [self.counters[key] for key in self.open_at.get(service, ())]

    def open_count(self, service: str) -> int:
        """How many counters are open now for this service."""
        return len(self.open_at.get(service, ()))

    def at(self, state: str) -> list[Ticket]:
        """Open tickets in this state; those longest in it first."""
        tickets = [t for t in self.tickets.values() if t.state == state]
        return sorted(tickets, key=lambda t: (t.state_at or t.issued_at, t.number))


def empty_floor(plan: Plan, day: date) -> Floor:
    """The floor before the first event of the day."""
    planned = planned_counters(plan)
    return Floor(plan.hall, day, counters=closed_counters(planned), planned=planned)


def planned_counters(plan: Plan) -> dict[str, list[str]]:
    """The plan's counters in the form that the log stores."""
    return {key: list(counter.services) for key, counter in plan.counters.items()}


def closed_counters(planned: Mapping[str, list[str]]) -> dict[str, Counter]:
    """The counters of a plan before any of them opens."""
    return {key: Counter(key, tuple(services)) for key, services in planned.items()}
