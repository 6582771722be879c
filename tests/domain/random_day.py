"""A random day in a random hall, on which the guarantees of routing are checked by independent bookkeeping.

The day uses the domain alone. For everybody who waits, this module counts the calls of later arrivals by counters that could
have served them, independently of the floor's own count.
"""

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from hallflow.domain.floor import Floor
from hallflow.domain.plan import Tier
from hallflow.domain.refusals import Refused
from hallflow.domain.routing import check_bound, choose
from hallflow.domain.ticket import Ticket
from tests.makers import SERVICES, TIERS, WEDNESDAY, a_floor, a_plan, check_floor, join, summon, tell

MINUTES, LOOK_EVERY = 420, 7


class Day:
    """A random day: skills, arrivals, calls, and everything else that customers and clerks do."""

    def __init__(self, policy: str, seed: int, *, any_tiers: bool = False) -> None:
        self.dice = random.Random(seed)
        keys = [str(n) for n in range(1, self.dice.randint(2, 6))]
        skills = {key: tuple(self.dice.sample(sorted(SERVICES), self.dice.randint(1, 3))) for key in keys}
        self.tiers = {key: self.a_tier(key) for key in TIERS} if any_tiers else TIERS
        self.plan = a_plan(policy, counters=skills, tiers=self.tiers)
        self.floor: Floor = a_floor(plan=self.plan)
        self.now = WEDNESDAY
        self.passed: dict[str, tuple[tuple, int]] = {}
        """By number: the place it waits at, and how many later arrivals were called past it there."""
        self.calls = 0

    def a_tier(self, key: str) -> Tier:
        goal = self.dice.uniform(1, 25)
        return replace(
            TIERS[key],
            goal_minutes=goal,
            guard_minutes=goal + self.dice.uniform(0, 40),
            overtaken_at_most=self.dice.randint(1, 15),
        )

    def play(self, look: Callable[[], None] | None = None) -> None:
        """The whole day; somebody may look at it every few minutes."""
        for minute in range(MINUTES):
            self.now += timedelta(minutes=self.dice.expovariate(1))
            for _ in range(self.dice.choice((0, 1, 1, 2, 4))):
                services = [key for key in SERVICES if any(key in c.services for c in self.plan.counters.values())]
                join(self.floor, self.dice.choices(sorted(TIERS), (4, 2, 3))[0], self.dice.choice(services), self.now)
            for key in self.dice.sample(sorted(self.floor.counters), len(self.floor.counters)):
                self.at_counter(key)
            if self.dice.random() < 0.3:
                self.by_customer()
            if look and minute % LOOK_EVERY == 0:
                look()
        check_floor(self.floor)

    def at_counter(self, key: str) -> None:
        counter = self.floor.counters[key]
        if counter.state == "closed":
            if self.dice.random() < 0.2:
                self.tell("counter_opened", None, key, clerk="wang")
        elif counter.ticket is None:
            if self.dice.random() < 0.05:
                self.close(key)
            elif self.dice.random() < 0.1:
                self.call_by_hand(key)
            else:
                self.call_next(key)
        elif self.dice.random() < 0.35:
            self.go_on(self.floor.tickets[counter.ticket])

    def call_next(self, key: str) -> None:
        counter = self.floor.counters[key]
        choice = choose(self.floor, self.plan, counter, self.now)
        mine = [t for t in self.floor.waiting() if t.line[0] in counter.lines]
        if choice is None:
            assert not mine
            return
        must = [t for t in mine if self.past_guard(t) or self.times(t) >= self.tiers[t.tier].overtaken_at_most]
        if must:
            assert choice.ticket == min(must, key=lambda t: t.place), "the longest-waiting of those who must be next"
            assert choice.reason.code in ("guard", "bound")
        else:
            assert choice.reason.code not in ("guard", "bound")
        self.summon(choice.ticket, key, choice.streak)

    def call_by_hand(self, key: str) -> None:
        waiting = list(self.floor.waiting())
        if not waiting:
            return
        ticket = self.dice.choice(waiting)
        try:
            check_bound(self.floor, self.plan, self.floor.counters[key], ticket)
        except Refused:
            return
        self.summon(ticket, key, 0)

    def summon(self, ticket: Ticket, key: str, streak: int) -> None:
        counter = self.floor.counters[key]
        for other in list(self.floor.waiting()):
            if other.number != ticket.number and other.line[0] in counter.lines and other.place < ticket.place:
                self.passed[other.number] = (other.place, self.times(other) + 1)
                assert self.times(other) <= self.tiers[other.tier].overtaken_at_most, (
                    f"{other.number} was overtaken too often"
                )
        summon(self.floor, ticket.number, key, self.now, streak)
        self.calls += 1

    def go_on(self, ticket: Ticket) -> None:
        number = ticket.number
        credited = (self.now - timedelta(minutes=self.dice.uniform(0, 12))).isoformat()
        if ticket.state == "called":
            kind = self.dice.choice(["arrived", "arrived", "arrived", "missed", "requeued", "recalled"])
            data = {"missed": {"mark": 0}, "requeued": {"since": self.now.isoformat()}}.get(kind, {})
            self.tell(kind, number, ticket.counter, **data)
        elif self.dice.random() < 0.2:
            wanted = self.dice.choice([None, *self.floor.counters])
            offered = sorted({s for c in self.plan.counters.values() for s in c.services})
            self.tell(
                "transferred", number, ticket.counter, service=self.dice.choice(offered), since=credited, wanted=wanted
            )
        else:
            self.tell(self.dice.choice(["finished", "finished", "parked"]), number, ticket.counter)

    def close(self, key: str) -> None:
        self.tell("counter_closed", None, key)
        for ticket in list(self.floor.waiting([f"@{key}"])):
            self.tell("rerouted", ticket.number)

    def by_customer(self) -> None:
        aside = [t for t in self.floor.tickets.values() if t.state in ("waiting", "missed", "parked")]
        if not aside:
            return
        ticket = self.dice.choice(aside)
        later = {"since": (self.now - timedelta(minutes=1)).isoformat()}
        match ticket.state, self.dice.random() < 0.5:
            case "waiting", True:
                self.tell("deferred", ticket.number, **later)
            case "missed", True:
                # in its own place again, as the rule for late customers has it
                self.tell("returned", ticket.number, since=(ticket.since or ticket.issued_at).isoformat())
            case "parked", True:
                free = [c for c in self.floor.counters.values() if c.state == "open" and c.ticket is None]
                if free:
                    self.tell("resumed", ticket.number, free[0].key)
            case _, _:
                self.tell("left", ticket.number)

    def past_guard(self, ticket: Ticket) -> bool:
        return ticket.waited(self.now) >= self.tiers[ticket.tier].guard_minutes

    def times(self, ticket: Ticket) -> int:
        place, times = self.passed.get(ticket.number, (None, 0))
        return times if place == ticket.place else 0

    def tell(self, kind: str, number: str | None, counter: str | None = None, **data) -> None:
        tell(self.floor, kind, self.now, number, counter, **data)
