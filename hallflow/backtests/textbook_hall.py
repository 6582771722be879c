"""Textbook hall for measuring staffing: one service, one tier, 1,170 tickets a day in two peaks, 32 counters."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, time
from math import exp, inf
from zoneinfo import ZoneInfo

import numpy as np

from hallflow.domain.hours import Hours
from hallflow.domain.plan import CounterPlan, Plan, Service, StaffingRules, Tier
from hallflow.domain.quarters import QUARTER
from hallflow.foresight.arrivals import Busyness, DayForecast, Expected, Quarter
from hallflow.foresight.learning.learned import Learned, from_plan
from hallflow.foresight.learning.weekly_profile import slot_of

DAY = date(2026, 3, 4)
OPENS, QUARTERS = datetime(2026, 3, 4, 8, 30, tzinfo=UTC), 40
HOURS = Hours(ZoneInfo("UTC"), {day: ((time(8, 30), time(18, 30)),) for day in range(7)})
TICKETS = 1170
COUNTERS = 32
MINUTES, WALK = 7.5, 0.5
PATIENCE = 45.0
"""Mean patience in minutes; abandonment relieves a plan that is too lean, and so flatters it."""
PATIENT = 540.0
"""Mean patience in minutes of customers who hardly ever abandon: the cost of a lean plan then shows in the waits alone."""
CV = 0.15
"""Day-to-day coefficient of variation of the load factor."""


def two_peaks(hour: float) -> float:
    """Relative arrival rate at an hour of the day: a peak before noon and a second in the afternoon; 1 at the highest."""
    return (0.42 + 0.62 * exp(-(((hour - 10.5) / 1.2) ** 2)) + 0.45 * exp(-(((hour - 15.75) / 1.3) ** 2))) / 1.04


def peaks_of(tickets: float) -> float:
    """Arrivals in the busiest quarter-hour of a day with so many tickets."""
    return tickets / sum(two_peaks(8.625 + index / 4) for index in range(QUARTERS))


def a_day(per_quarter: float, shares: Mapping[str, float], cv: float = 0.0) -> DayForecast:
    """Forecast of a day with two peaks and `per_quarter` arrivals in its busiest quarter-hour; days vary by `cv`."""
    shape = cv**-2 if cv else inf
    quarters = []
    for index in range(QUARTERS):
        mean = per_quarter * two_peaks(8.625 + index / 4)
        services = {key: Expected(mean * share, 0, 0) for key, share in shares.items()}
        quarters.append(Quarter(OPENS + index * QUARTER, Expected(mean, 0, 0), services))
    return DayForecast(DAY, tuple(quarters), Busyness(shape, shape))


def usual_day(cv: float = 0.0) -> DayForecast:
    """The textbook hall's usual day."""
    return a_day(peaks_of(TICKETS), {"bills": 1.0}, cv)


def pooled(
    hours: Hours, counters: int, minutes: float, rules: StaffingRules, service: str = "bills", hall: str = "central"
) -> Plan:
    """Plan of a hall with one service, one tier and so many counters; the tier's goal is the hall's."""
    tier = Tier("standard", {}, "", 0, rules.goal_share, rules.goal_minutes, 60, 1000)
    return Plan(
        hall=hall,
        name={},
        hours=hours,
        groups=(),
        services={service: Service(service, {}, {}, "all", "x", "A", minutes)},
        tiers={"standard": tier},
        counters={str(i + 1): CounterPlan(str(i + 1), {}, (service,)) for i in range(counters)},
        staffing=rules,
    )


def staffing_hall(patience: float = PATIENCE) -> tuple[Plan, Learned]:
    """The textbook hall's plan (80 % within 10 minutes) and its true parameters; `patience` is the mean in minutes."""
    rules = StaffingRules(patience_minutes=patience, walk_minutes=WALK, no_show_share=0.0, counters_at_least=1)
    plan = pooled(HOURS, COUNTERS, MINUTES, rules)
    learned = replace(from_plan(plan), no_show_share=0.0, patience_minutes=patience, walk_minutes=WALK)
    week = np.zeros((7, 96))
    for quarter in usual_day().quarters:
        week[:, slot_of(quarter.start, plan)] = quarter.total.expected
    return plan, replace(
        learned,
        tiers={"bills": {"standard": 1.0}},
        week={"bills": tuple(map(tuple, week.tolist()))},
        busyness_cv=CV,
    )
