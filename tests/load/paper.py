"""The simulated halls that the goals for staffing and routing were set on, rebuilt from their description."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, time
from math import exp, inf
from zoneinfo import ZoneInfo

from hallflow.domain.hours import Hours
from hallflow.domain.plan import Plan, StaffingRules, Tier
from hallflow.foresight.arrivals import Busyness, DayForecast, Expected, Quarter
from hallflow.foresight.learned import Learned, from_plan
from hallflow.foresight.profile import QUARTER
from tests.foresight.makers import a_plan

DAY = date(2026, 3, 4)
OPENS, QUARTERS = datetime(2026, 3, 4, 8, 30, tzinfo=UTC), 40
HOURS = Hours(ZoneInfo("UTC"), {day: ((time(8, 30), time(18, 30)),) for day in range(7)})
TICKETS = 1170
COUNTERS = 32
MINUTES, WALK = 7.5, 0.5
PATIENCE = 45.0
ONE_TIER = {"standard": Tier("standard", {}, "", 0, 0.8, 10, 60, 1000)}

SKILLED = (
    ("bills", "sim"), ("bills", "sim"), ("bills", "plan"), ("bills", "plan"), ("bills", "plan"), ("sim", "plan", "device"),
    ("sim", "plan", "device"), ("bills", "device"), ("bills", "device"), ("plan", "broadband"), ("plan", "broadband"),
    ("broadband", "device"), ("broadband", "sim", "bills"), ("broadband", "plan", "bills"),
)  # fmt: skip
"""Fourteen counters, five services."""
SHARES = {"bills": 0.34, "plan": 0.24, "sim": 0.16, "device": 0.12, "broadband": 0.14}
SKILL_MINUTES = {"bills": 4.0, "plan": 8.0, "sim": 6.0, "device": 10.0, "broadband": 9.0}
TIER_SHARES = {"gold": 0.15, "silver": 0.30, "standard": 0.55}


def two_peaks(hour: float) -> float:
    """How busy an hour of the clock is: a peak before noon, a second in the afternoon; 1 at the highest."""
    return (0.42 + 0.62 * exp(-(((hour - 10.5) / 1.2) ** 2)) + 0.45 * exp(-(((hour - 15.75) / 1.3) ** 2))) / 1.04


def a_day(per_quarter: float, shares: Mapping[str, float], cv: float = 0.0) -> DayForecast:
    """Arrivals of a day with two peaks, so many in its busiest quarter-hour; days vary by `cv`."""
    shape = cv**-2 if cv else inf
    quarters = []
    for index in range(QUARTERS):
        mean = per_quarter * two_peaks(8.625 + index / 4)
        services = {key: Expected(mean * share, 0, 0) for key, share in shares.items()}
        quarters.append(Quarter(OPENS + index * QUARTER, Expected(mean, 0, 0), services))
    return DayForecast(DAY, tuple(quarters), Busyness(shape, shape))


def peaks_of(tickets: float) -> float:
    """The arrivals of the busiest quarter-hour of a day of so many."""
    return tickets / sum(two_peaks(8.625 + index / 4) for index in range(QUARTERS))


def staffing_hall() -> tuple[Plan, Learned]:
    """One service, one tier, 80 % within 10 minutes, as many counters as anybody could ask for."""
    rules = StaffingRules(patience_minutes=PATIENCE, walk_minutes=WALK, no_show_share=0.0, counters_at_least=1)
    plan = a_plan((("bills",),) * COUNTERS, {"bills": MINUTES}, tiers=ONE_TIER, staffing=rules, hours=HOURS)
    return _settled(plan)


def routing_hall(policy: str = "attainment", *, promises: bool = True) -> tuple[Plan, Learned]:
    """Fourteen skilled counters and three tiers; without promises neither guard nor bound holds the policy back."""
    tiers = {
        "gold": Tier("gold", {}, "", 0, 0.90, 5, 15, 30, 4.0, 4.0),
        "silver": Tier("silver", {}, "", 1, 0.85, 10, 30, 60, 2.0, 2.0),
        "standard": Tier("standard", {}, "", 2, 0.80, 20, 45, 90),
    }
    if not promises:
        tiers = {key: replace(tier, guard_minutes=1e6, overtaken_at_most=10**6) for key, tier in tiers.items()}
    plan = a_plan(SKILLED, SKILL_MINUTES, policy=policy, tiers=tiers, hours=HOURS)
    return _settled(plan, TIER_SHARES)


def forty_counters() -> tuple[Plan, Learned]:
    """A large hall of eight kinds of counters."""
    offers = tuple(SKILLED[index % 8 + 2] for index in range(40))
    rules = StaffingRules(goal_minutes=10.0)
    return _settled(a_plan(offers, SKILL_MINUTES, staffing=rules, hours=HOURS), TIER_SHARES)


def _settled(plan: Plan, shares: Mapping[str, float] | None = None) -> tuple[Plan, Learned]:
    learned = replace(from_plan(plan), no_show_share=0.0, patience_minutes=PATIENCE, walk_minutes=WALK)
    mix = dict(shares or {"standard": 1.0})
    return plan, replace(learned, tiers=dict.fromkeys(plan.services, mix))
