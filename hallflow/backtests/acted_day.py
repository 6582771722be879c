"""A day acted out on a floor, customer by customer, by the hall's own routing; it can be split in two that meet the same people."""

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
"""The one service and the one tier of a hall that is acted out."""


@dataclass(frozen=True, slots=True)
class ActedCustomer:
    """Somebody with all that chance has in store for them; minutes."""

    number: str
    comes: datetime
    busy: float
    patience: float


def people(
    starts: Sequence[datetime], expected: Sequence[float], busyness: float, rng: np.random.Generator,
    time: ServiceTime, patience: float,
) -> list[ActedCustomer]:  # fmt: skip
    """Everybody who comes on a day of this busyness, by quarter-hour; mean patience in minutes."""
    found: list[ActedCustomer] = []
    for start, mean in zip(starts, expected, strict=True):
        for at in np.sort(rng.random(rng.poisson(mean * busyness)) * 15):
            found.append(somebody(len(found), start + timedelta(minutes=float(at)), rng, time, patience))
    return found


def somebody(
    before: int, comes: datetime, rng: np.random.Generator, time: ServiceTime, patience: float
) -> ActedCustomer:
    """Who comes at this moment, after so many."""
    busy = time.mean * float(rng.lognormal(-(time.sigma**2) / 2, time.sigma))
    return ActedCustomer(f"A{before + 1:03d}", comes, busy, float(rng.exponential(patience)))


@dataclass(slots=True)
class Acted:
    """One day as far as it has been lived, in a hall of one service and one tier."""

    plan: Plan
    floor: Floor
    now: datetime
    walk: float
    """Minutes from the call to the counter."""
    waits: dict[str, float] = field(default_factory=dict)
    """Minutes until called, or gone."""
    left: set[str] = field(default_factory=set)
    people: dict[str, ActedCustomer] = field(default_factory=dict)
    visits: dict[str, tuple[datetime, datetime, str]] = field(default_factory=dict)
    """Called, ended and where."""
    closing: set[str] = field(default_factory=set)
    staff_minutes: float = 0.0
    _agenda: list[tuple[datetime, int, str, str]] = field(default_factory=list)
    _order: int = 0

    @classmethod
    def begin(cls, plan: Plan, at: datetime, everybody: Sequence[ActedCustomer], walk: float) -> "Acted":
        """The hall before its first customer."""
        acted = cls(plan, empty_floor(plan, plan.hours.day_of(at)), at, walk)
        for one in everybody:
            acted.people[one.number] = one
            acted._plan_for(one.comes, "comes", one.number)
        return acted

    def twin(self, until: datetime) -> "Acted":
        """The same hall from here on, with the same people but for those who come after `until`."""
        agenda = [one for one in self._agenda if one[2] != "comes" or one[0] < until]
        return Acted(
            self.plan, self.floor.draft(), self.now, self.walk, dict(self.waits), set(self.left), self.people,
            dict(self.visits), set(self.closing), self.staff_minutes, sorted(agenda), self._order,
        )  # fmt: skip

    def open(self, counter: str, at: datetime) -> None:
        """A clerk will sit down there."""
        self._plan_for(at, "opens", counter)

    def close(self, counter: str, at: datetime) -> None:
        """Its clerk will go, once nobody stands there."""
        self._plan_for(at, "closes", counter)

    def live(self, until: datetime) -> None:
        """Let everything happen up to this moment."""
        while self._agenda and self._agenda[0][0] <= until:
            at, _, what, who = heappop(self._agenda)
            self._pass(at)
            getattr(self, f"_{what}")(who)
        self._pass(until)

    def opened(self) -> int:
        """Clerks at counters, those included who only finish."""
        return sum(c.state != "closed" for c in self.floor.counters.values())

    def past(self) -> list[Visit]:
        """The day as a history keeps it."""
        found = []
        for number, one in self.people.items():
            if number in self.visits:
                called, ended, counter = self.visits[number]
                arrived = called + timedelta(minutes=self.walk)
                found.append(
                    Visit(self.plan.hall, number, SERVICE, TIER, one.comes, called, ended, counter, "served", arrived)
                )
            elif number in self.left:
                gone = one.comes + timedelta(minutes=one.patience)
                found.append(Visit(self.plan.hall, number, SERVICE, TIER, one.comes, None, gone, None, "abandoned"))
        return found

    def _pass(self, at: datetime) -> None:
        self.staff_minutes += self.opened() * (at - self.now).total_seconds() / 60
        self.now = at

    def _plan_for(self, at: datetime, what: str, who: str) -> None:
        self._order += 1
        heappush(self._agenda, (at, self._order, what, who))

    def _tell(self, kind: str, ticket: str | None = None, counter: str | None = None, **data: object) -> None:
        evolve(self.floor, Event(self.floor.seq + 1, self.now, kind, ticket, counter, data))

    def _comes(self, number: str) -> None:
        one = self.people[number]
        self._tell(
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
            self._tell("left", number)
            self.left.add(number)
            self.waits[number] = self.people[number].patience

    def _opens(self, key: str) -> None:
        self.closing.discard(key)
        if self.floor.counters[key].state == "closed":
            self._tell("counter_opened", counter=key, clerk=f"clerk {key}", services=[SERVICE])
        if self.floor.counters[key].ticket is None:
            self._call(key)

    def _closes(self, key: str) -> None:
        counter = self.floor.counters[key]
        if counter.state == "closed":
            return
        if counter.ticket is None:
            self.closing.discard(key)
            self._tell("counter_closed", counter=key)
        else:
            self.closing.add(key)

    def _call(self, key: str) -> None:
        choice = choose(self.floor, self.plan, self.floor.counters[key], self.now)
        if choice is None:
            return
        number = choice.ticket.number
        waited = choice.ticket.waited(self.now)
        self.waits[number] = waited
        self._tell(
            "called",
            number,
            key,
            reason={"code": "x"},
            streak=0,
            within=waited <= self.plan.staffing.goal_minutes,
            waited=waited,
        )
        self._plan_for(self.now + timedelta(minutes=self.walk), "arrives", key)
        ends = self.now + timedelta(minutes=self.walk + self.people[number].busy)
        self.visits[number] = (self.now, ends, key)
        self._plan_for(ends, "ends", key)

    def _arrives(self, key: str) -> None:
        self._tell("arrived", self.floor.counters[key].ticket, key)

    def _ends(self, key: str) -> None:
        self._tell("finished", self.floor.counters[key].ticket, key, outcome="done")
        if key in self.closing:
            self._closes(key)
        else:
            self._call(key)
