"""Factory functions of halls for the tests of foresight."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from hallflow.domain.events import Event
from hallflow.domain.floor import Floor, empty_floor
from hallflow.domain.floor_events import evolve
from hallflow.domain.hours import Hours
from hallflow.domain.plan import CounterPlan, Plan, Rules, Service, StaffingRules, Tier
from hallflow.foresight.arrivals import ArrivalRates
from hallflow.foresight.learning.learned import Learned, from_plan
from hallflow.foresight.learning.service_times import ServiceTime

NOON = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)
"""A Wednesday."""
DAY = date(2026, 3, 4)
TIERS = {
    "gold": Tier("gold", {}, "", 0, 0.9, 5, 15, 4, 4.0, 4.0),
    "silver": Tier("silver", {}, "", 1, 0.85, 10, 25, 8, 2.0, 2.0),
    "standard": Tier("standard", {}, "", 2, 0.8, 20, 30, 12),
}


def a_plan(
    offers: tuple[tuple[str, ...], ...] = (("bills",),),
    minutes: dict[str, float] | None = None,
    policy: str = "attainment",
    tiers: dict[str, Tier] | None = None,
    staffing: StaffingRules | None = None,
    hours: Hours | None = None,
) -> Plan:
    """A hall whose counters 1, 2, ... offer these services."""
    minutes = minutes or {}
    keys = dict.fromkeys(service for offer in offers for service in offer)
    return Plan(
        hall="central",
        name={},
        hours=hours or Hours(ZoneInfo("UTC"), {day: ((time(9), time(17)),) for day in range(7)}),
        groups=(),
        services={
            key: Service(key, {}, {}, "all", "x", chr(65 + i), minutes.get(key, 5.0)) for i, key in enumerate(keys)
        },
        tiers=tiers or TIERS,
        counters={str(i + 1): CounterPlan(str(i + 1), {}, offer) for i, offer in enumerate(offers)},
        rules=Rules(policy=policy),
        staffing=staffing or StaffingRules(),
    )


def fixed(plan: Plan, walk: float = 0.5) -> Learned:
    """Nothing left to chance: the plan's minutes exactly, nobody leaves, nobody fails to come."""
    return replace(
        from_plan(plan),
        times={key: ServiceTime(service.minutes, 0.0) for key, service in plan.services.items()},
        walk_minutes=walk,
        no_show_share=0.0,
        patience_minutes=1e7,
    )


def markovian(plan: Plan, patience: float = 1e7) -> Learned:
    """Nothing but the service time at the counter."""
    return replace(from_plan(plan), walk_minutes=0.0, no_show_share=0.0, patience_minutes=patience)


def nobody_comes() -> ArrivalRates:
    return ArrivalRates(np.array([0.0, 240.0]), {})


def steady(per_minute: float, horizon: float, kind: tuple[str, str] = ("bills", "standard")) -> ArrivalRates:
    """Poisson arrivals of one kind."""
    return ArrivalRates(np.array([0.0, horizon]), {kind: np.array([per_minute * horizon])})


def an_open_floor(plan: Plan, at: datetime = NOON) -> Floor:
    floor = empty_floor(plan, DAY)
    for key in plan.counters:
        tell(floor, "counter_opened", at, counter=key)
    return floor


def tell(floor: Floor, kind: str, at: datetime, ticket: str | None = None, counter: str | None = None, **data) -> None:
    """One event of the hall's log."""
    evolve(floor, Event(floor.seq + 1, at, kind, ticket, counter, data))


def take(floor: Floor, plan: Plan, service: str, tier: str, at: datetime, number: str | None = None) -> str:
    """A customer takes a number."""
    letter = plan.services[service].letter
    count = floor.numbers.get(letter, 0) + 1
    number = number or f"{letter}{count:03}"
    tell(floor, "issued", at, number, services=[service], tier=tier, language="zh", letter=letter, count=count)
    return number


def call(floor: Floor, number: str, counter: str, at: datetime, streak: int = 0) -> None:
    tell(floor, "called", at, number, counter, reason={"code": "x"}, streak=streak, within=True)


def serve(floor: Floor, number: str, counter: str, at: datetime) -> None:
    """Called and arrived at once."""
    call(floor, number, counter, at)
    tell(floor, "arrived", at, number, counter)


def minutes(n: float) -> timedelta:
    return timedelta(minutes=n)
