"""Simulated day on a real floor: customers with fixed service times and patience, under the hall's own routing; it can be branched."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from heapq import heappop, heappush

import numpy as np

from hallflow.domain.events import Event
from hallflow.domain.floor import Floor, empty_floor
from hallflow.domain.floor_events import evolve
from hallflow.domain.past.visit import Visit
from hallflow.domain.plan import Plan
from hallflow.domain.routing import choose
from hallflow.foresight.learning.service_times import ServiceTime

SERVICE, TIER = "bills", "standard"
"""The one service and tier of a simulated hall."""


@dataclass(frozen=True, slots=True)
class ActedCustomer:
    """A customer with their random variates, in minutes."""

    number: str
    comes: datetime
    service_minutes: float
    patience: float


def people(
    starts: Sequence[datetime], expected: Sequence[float], busyness: float, rng: np.random.Generator,
    time: ServiceTime, patience: float,
) -> list[ActedCustomer]:  # fmt: skip
    """Draw the customers of a day with this load factor: Poisson arrivals by quarter-hour; `patience` is the mean in minutes."""
    customers: list[ActedCustomer] = []
    for start, mean in zip(starts, expected, strict=True):
        for at in np.sort(rng.random(rng.poisson(mean * busyness)) * 15):
            customers.append(somebody(len(customers), start + timedelta(minutes=float(at)), rng, time, patience))
    return customers


def somebody(
    before: int, comes: datetime, rng: np.random.Generator, time: ServiceTime, patience: float
) -> ActedCustomer:
    """Draw the customer who arrives at `comes` after `before` others."""
    service_minutes = time.mean * float(rng.lognormal(-(time.sigma**2) / 2, time.sigma))
    return ActedCustomer(f"A{before + 1:03d}", comes, service_minutes, float(rng.exponential(patience)))


@dataclass(slots=True)
class ActedDay:
    """State of one simulated day, in a hall of one service and one tier."""

    plan: Plan
    floor: Floor
    now: datetime
    walk: float
    """Walk from the call to the counter, in minutes."""
    waits: dict[str, float] = field(default_factory=dict)
    """Ticket number -> minutes until called or abandoned."""
    left: set[str] = field(default_factory=set)
    people: dict[str, ActedCustomer] = field(default_factory=dict)
    visits: dict[str, tuple[datetime, datetime, str]] = field(default_factory=dict)
    """Ticket number -> moments of call and end, and the counter."""
    closing: set[str] = field(default_factory=set)
    staff_minutes: float = 0.0
    _agenda: list[tuple[datetime, int, str, str]] = field(default_factory=list)
    _order: int = 0

    @classmethod
    def begin(cls, plan: Plan, at: datetime, everybody: Sequence[ActedCustomer], walk: float) -> "ActedDay":
        """The day before its first customer."""
        acted = cls(plan, empty_floor(plan, plan.hours.day_of(at)), at, walk)
        for one in everybody:
            acted.people[one.number] = one
            acted._plan_for(one.comes, "comes", one.number)
        return acted

    def twin(self, until: datetime) -> "ActedDay":
        """A copy from this moment on with the same customers, without those who arrive after `until`."""
        agenda = [one for one in self._agenda if one[2] != "comes" or one[0] < until]
        return ActedDay(
            self.plan, self.floor.draft(), self.now, self.walk, dict(self.waits), set(self.left), self.people,
            dict(self.visits), set(self.closing), self.staff_minutes, sorted(agenda), self._order,
        )  # fmt: skip

    def open(self, counter: str, at: datetime) -> None:
        """Schedule the opening of a counter."""
        self._plan_for(at, "opens", counter)

    def close(self, counter: str, at: datetime) -> None:
        """Schedule the closing of a counter, once it has no customer."""
        self._plan_for(at, "closes", counter)

    def live(self, until: datetime) -> None:
        """Process all events up to this moment."""
        while self._agenda and self._agenda[0][0] <= until:
            at, _, what, who = heappop(self._agenda)
            self._pass(at)
            getattr(self, f"_{what}")(who)
        self._pass(until)

    def opened(self) -> int:
        """Number of staffed counters, including those that only finish."""
        return sum(c.state != "closed" for c in self.floor.counters.values())

    def past(self) -> list[Visit]:
        """The day's visits as a history stores them."""
        visits = []
        for number, one in self.people.items():
            if number in self.visits:
                called, ended, counter = self.visits[number]
                arrived = called + timedelta(minutes=self.walk)
                visits.append(
                    Visit(self.plan.hall, number, SERVICE, TIER, one.comes, called, ended, counter, "served", arrived)
                )
            elif number in self.left:
                left_at = one.comes + timedelta(minutes=one.patience)
                visits.append(Visit(self.plan.hall, number, SERVICE, TIER, one.comes, None, left_at, None, "abandoned"))
        return visits

    def _pass(self, at: datetime) -> None:
        self.staff_minutes += self.opened() * (at - self.now).total_seconds() / 60
        self.now = at

    def _plan_for(self, at: datetime, what: str, who: str) -> None:
        self._order += 1
        heappush(self._agenda, (at, self._order, what, who))

    def _record(self, kind: str, ticket: str | None = None, counter: str | None = None, **data: object) -> None:
        evolve(self.floor, Event(self.floor.seq + 1, self.now, kind, ticket, counter, data))

    def _comes(self, number: str) -> None:
        one = self.people[number]
        self._record(
            "issued",
            number,
            services=[SERVICE],
            tier=TIER,
            letter="A",
            count=int(number[1:]),
            language=self.plan.languages[0].code,
        )
        self._plan_for(self.now + timedelta(minutes=one.patience), "goes", number)
        free = [c for c in self.floor.open_counters() if c.ticket is None and c.key not in self.closing]
        if free:
            self._call(min(free, key=lambda c: (c.free_since or c.since, c.key)).key)

    def _goes(self, number: str) -> None:
        ticket = self.floor.tickets.get(number)
        if ticket is not None and ticket.state == "waiting":
            self._record("left", number)
            self.left.add(number)
            self.waits[number] = self.people[number].patience

    def _opens(self, key: str) -> None:
        self.closing.discard(key)
        if self.floor.counters[key].state == "closed":
            self._record("counter_opened", counter=key, clerk=f"clerk {key}", services=[SERVICE])
        if self.floor.counters[key].ticket is None:
            self._call(key)

    def _closes(self, key: str) -> None:
        counter = self.floor.counters[key]
        if counter.state == "closed":
            return
        if counter.ticket is None:
            self.closing.discard(key)
            self._record("counter_closed", counter=key)
        else:
            self.closing.add(key)

    def _call(self, key: str) -> None:
        choice = choose(self.floor, self.plan, self.floor.counters[key], self.now)
        if choice is None:
            return
        number = choice.ticket.number
        waited = choice.ticket.waited(self.now)
        self.waits[number] = waited
        self._record(
            "called",
            number,
            key,
            reason={"code": "x"},
            streak=0,
            within=waited <= self.plan.staffing.goal_minutes,
            waited=waited,
        )
        self._plan_for(self.now + timedelta(minutes=self.walk), "arrives", key)
        ends = self.now + timedelta(minutes=self.walk + self.people[number].service_minutes)
        self.visits[number] = (self.now, ends, key)
        self._plan_for(ends, "ends", key)

    def _arrives(self, key: str) -> None:
        self._record("arrived", self.floor.counters[key].ticket, key)

    def _ends(self, key: str) -> None:
        self._record("finished", self.floor.counters[key].ticket, key, outcome="done")
        if key in self.closing:
            self._closes(key)
        else:
            self._call(key)
