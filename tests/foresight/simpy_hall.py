"""An independent simulation of the hall in simpy: processes for customers and counters, one day at a time."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import simpy

from hallflow.domain.floor import Floor, empty_floor
from hallflow.domain.hours import Hours
from hallflow.domain.past.visit import Visit
from hallflow.domain.plan import Plan
from hallflow.domain.quarters import SLOTS
from hallflow.domain.routing import choose
from hallflow.foresight.arrivals import ArrivalRates
from hallflow.foresight.learning.learned import Learned, from_plan
from hallflow.foresight.learning.service_times import ServiceTime
from hallflow.foresight.learning.speeds import TimeFactors
from tests.foresight.makers import DAY, a_plan, call, take, tell

OPEN_MINUTES = 240
MORNING = Hours(ZoneInfo("UTC"), {day: ((time(9), time(13)),) for day in range(7)})
OFFERS = (("bills", "sim"), ("bills", "device"), ("sim", "device"), ("bills",), ("bills", "sim", "device"))
MIX = {"bills": 0.5, "sim": 0.3, "device": 0.2}
TIER_MIX = {"gold": 0.15, "silver": 0.30, "standard": 0.55}
TRUE_MINUTES = {"bills": 4.6, "sim": 7.0, "device": 9.5}


def skilled_plan(counters: int = 14) -> Plan:
    """A hall of skilled counters and three tiers, whose plan is wrong about its minutes."""
    return a_plan(
        tuple(OFFERS[i % len(OFFERS)] for i in range(counters)),
        {"bills": 3.0, "sim": 5.0, "device": 6.0},
        hours=MORNING,
    )


def truth(plan: Plan, load: float) -> Learned:
    """What the hall is really like, at so much work per counter on average: two peaks, quick and slow counters."""
    pace = {key: 0.75 + 0.5 * i / (len(plan.counters) - 1) for i, key in enumerate(plan.counters)}
    paces = TimeFactors({"sim": {"gold": 1.25}}, dict.fromkeys(plan.services, pace), {})
    each = sum(MIX[s] * TRUE_MINUTES[s] for s in MIX) + 0.7
    per_quarter = 15 * load * len(plan.counters) / each
    shape = 1 + 0.45 * np.cos(np.arange(16) / 16 * 4 * np.pi + np.pi)
    week = {}
    for service, share in MIX.items():
        day = np.zeros(SLOTS)
        day[36:52] = per_quarter * share * shape
        week[service] = (tuple(day.tolist()),) * 7
    return replace(
        from_plan(plan),
        times={key: ServiceTime(minutes, 0.5) for key, minutes in TRUE_MINUTES.items()},
        walk_minutes=0.7,
        no_show_share=0.04,
        no_show_minutes=1.5,
        patience_minutes=40.0,
        giving_up=(2.0, 1.0, 0.7, 0.8, 1.2, 1.5),
        tiers=dict.fromkeys(MIX, TIER_MIX),
        week=week,
        busyness_cv=0.05,
        paces=paces,
    )


def to_come(plan: Plan, known: Learned, busy: float) -> ArrivalRates:
    """The whole morning's arrivals as the hall draws them."""
    counts = {
        (service, tier): busy * share * np.array(known.week[service][0][36:52])
        for service in plan.services
        for tier, share in known.tiers[service].items()
    }
    return ArrivalRates(np.arange(17) * 15.0, counts)


@dataclass
class Morning:
    """One day being played."""

    plan: Plan
    known: Learned
    rng: np.random.Generator
    day: date = DAY
    seen: Callable[["Morning", str], None] | None = None
    """Told of every number that was taken, with the floor as it then was."""
    calls: dict[str, float] = field(default_factory=dict)
    visits: list[Visit] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.env = simpy.Environment()
        self.opens = datetime.combine(self.day, time(9), UTC)
        self.floor: Floor = empty_floor(self.plan, self.day)
        self.idle: dict[str, tuple[float, simpy.Event]] = {}
        self.prepared: dict[str, tuple[float, bool]] = {}

    @property
    def now(self) -> datetime:
        return self.opens + timedelta(minutes=self.env.now)

    def run(self, busy: float = 1.0) -> "Morning":
        for key in self.plan.counters:
            tell(self.floor, "counter_opened", self.opens, counter=key)
            self.env.process(self.counter(key))
        for (service, tier), counts in to_come(self.plan, self.known, busy).counts.items():
            self.env.process(self.arrivals(service, tier, counts))
        self.env.run(until=OPEN_MINUTES + 119)
        return self

    def arrivals(self, service: str, tier: str, counts: np.ndarray) -> Iterator[Any]:
        """Each quarter-hour its Poisson count, at even chances within it."""
        for quarter, mean in enumerate(counts):
            for at in np.sort(self.rng.uniform(15 * quarter, 15 * (quarter + 1), self.rng.poisson(mean))):
                yield self.env.timeout(float(at) - self.env.now)
                self.env.process(self.customer(service, tier))

    def customer(self, service: str, tier: str) -> Iterator[Any]:
        number = take(self.floor, self.plan, service, tier, self.now)
        since = self.now
        if self.seen:
            self.seen(self, number)
        able = [key for key in self.idle if service in self.floor.counters[key].services]
        if able:
            first = min(able, key=lambda key: self.idle[key][0])
            self.idle.pop(first)[1].succeed()
        yield self.env.timeout(self.patience())
        ticket = self.floor.tickets.get(number)
        if ticket is not None and ticket.state == "waiting":
            tell(self.floor, "left", self.now, number)
            self.visits.append(Visit(self.plan.hall, number, service, tier, since, None, self.now, None, "abandoned"))

    def patience(self) -> float:
        """Through the bands one after another, a die thrown in each."""
        edges = (0, 2, 5, 10, 20, 40, 10**6)
        for start, end, hazard in zip(edges, edges[1:], self.known.patience.hazards, strict=False):
            stays = self.rng.exponential(1 / hazard)
            if stays < end - start:
                return start + stays
        return 1e6

    def counter(self, key: str) -> Iterator[Any]:
        while True:
            choice = choose(self.floor, self.plan, self.floor.counters[key], self.now)
            if choice is None:
                woken = self.env.event()
                self.idle[key] = (self.env.now, woken)
                yield woken
                continue
            ticket, called = choice.ticket, self.now
            call(self.floor, ticket.number, key, called, choice.streak)
            self.calls[ticket.number] = self.env.now
            given = (self.plan.hall, ticket.number, ticket.service, ticket.tier, ticket.issued_at, called)
            if self.rng.random() < self.known.no_show_share:
                yield self.env.timeout(self.known.no_show_minutes)
                tell(self.floor, "missed", self.now, ticket.number, key, mark=0)
                self.visits.append(Visit(*given, self.now, key, "missed"))
                continue
            yield self.env.timeout(self.known.walk_minutes)
            arrived = self.now
            tell(self.floor, "arrived", arrived, ticket.number, key)
            law = self.known.service_time(ticket.service, ticket.tier, None, key)
            yield self.env.timeout(float(self.rng.lognormal(law.mu, law.sigma)))
            tell(self.floor, "finished", self.now, ticket.number, key)
            self.visits.append(Visit(*given, self.now, key, "served", arrived))
