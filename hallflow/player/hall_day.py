"""Shared state of the agents: API client, clock, event queue, random generator, and customers by number."""

import random
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from hallflow.player.agenda import Agenda, HallTime
from hallflow.player.line import Client
from hallflow.player.made_up_past import rhythm, usual_per_hour

DAYS = {"quiet": 0.65, "normal": 1.0, "busy": 1.2}
"""Arrivals as a multiple of an ordinary day's."""


class Visitor(Protocol):
    """A customer, as clerks use it."""

    services: list[str]
    absent: bool
    """Whether a call finds nobody (a no-show)."""
    walk_seconds: float

    def missed(self) -> None:
        """Notification that the call was a no-show."""

    def served(self) -> None:
        """Notification that the visit is over."""


class CannotPlay(Exception):
    """The demo cannot be played on this server; the sentence says why."""


@dataclass(slots=True)
class HallDay:
    """One hall on one day."""

    line: Client
    hall: str
    agenda: Agenda
    rng: random.Random
    zone: ZoneInfo
    services: Mapping[str, Mapping[str, Any]]
    """The hall's services, as the API lists them."""
    languages: list[str]
    """Language codes; most customers use the first."""
    counters: list[str]
    level: float
    last_arrival: datetime
    """The end of arrivals; the clerks serve whoever is there and go home."""
    customers: dict[str, Visitor] = field(default_factory=dict)
    """By number."""
    waiting: dict[str, int] = field(default_factory=dict)
    """Queue lengths by service, as last fetched."""
    deserted: frozenset[str] = frozenset()
    """Services for which somebody waits and no counter is open."""
    served: int = 0
    issued: int = 0

    @classmethod
    def of(cls, line: Client, hall: str, level: float, rng: random.Random, last_arrival: datetime) -> "HallDay":
        """The hall, fetched from its server; raises CannotPlay with the server's sentence."""
        told, counters = line.get(f"/halls/{hall}"), line.get(f"/halls/{hall}/counters")
        for answer in (told, counters):
            if not answer.good:
                raise CannotPlay(answer.sentence)
        clock = HallTime(datetime.fromisoformat(told.body["at"]), told.body["pace"])
        services = {service["key"]: service for service in told.body["services"]}
        keys = [counter["key"] for counter in counters.body["counters"]]
        zone = ZoneInfo(told.body["zone"])
        return cls(line, hall, Agenda(clock), rng, zone, services, told.body["languages"], keys, level, last_arrival)

    @property
    def minutes(self) -> dict[str, float]:
        """Standard minutes of each service."""
        return {key: float(service["minutes"]) for key, service in self.services.items()}

    def per_hour(self, at: datetime) -> float:
        """How many customers come in an hour such as this."""
        local = at.astimezone(self.zone)
        hour = local.hour + local.minute / 60
        # in a hall that is open around the clock a demo has arrivals at night too
        shape = rhythm(hour) if 7 <= hour < 20 else 1.0
        return usual_per_hour(self.minutes, len(self.counters)) * shape * self.level

    def nobody_waits(self, services: Iterable[str]) -> None:
        """Set these services' queue lengths to 0."""
        self.waiting |= dict.fromkeys(services, 0)

    def one_less(self, service: str) -> None:
        """Reduce a service's queue length by one."""
        self.waiting[service] = max(self.waiting.get(service, 0) - 1, 0)

    def hear(self) -> None:
        """Fetch the queue lengths and the hall's time."""
        told = self.line.get(f"/halls/{self.hall}")
        if told.good:
            self.waiting = {service["key"]: service["waiting"] for service in told.body["services"]}
            self.deserted = frozenset(
                service["key"]
                for service in told.body["services"]
                if service["waiting"] and not service["counters_open"]
            )
            self.agenda.clock.set(datetime.fromisoformat(told.body["at"]))
