"""Time to find and to prove the optimal set of shifts for a day (set covering by integer programming)."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from datetime import time as clock

import numpy as np

from bench.figures import Figures, Goal, share
from bench.rig.house import ROOT
from hallflow.config import load
from hallflow.domain.roster.shifts import BreakRule, Shift
from hallflow.foresight.arrays import Ints
from hallflow.foresight.arrivals import forecast
from hallflow.foresight.learning.learned import from_plan
from hallflow.foresight.roster.cover import Cover, ShiftKind, cover
from hallflow.foresight.roster.patterns import patterns
from hallflow.foresight.staffing.required import required
from hallflow.foresight.staffing.skills import groups_of
from hallflow.foresight.twin import compiled

GOAL_SECONDS = 1.0
DAY, BUSY = date(2026, 3, 4), (0.5, 0.65, 0.8, 0.9, 1.0)
SERVICES = (("bills", "sim"), ("bills", "plan"), ("device",), ("loans", "bills"), ("sim", "plan", "device"))
CERTIFIED = (None, ("bills", "sim", "plan"), ("device", "loans", "bills"), ("bills", "sim"), ("sim", "plan", "device"))
SHIFTS = {
    "day": Shift(
        "day", {}, tuple(clock(hour, half) for hour in range(8, 12) for half in (0, 30)), 480,
        (BreakRule(15, clock(9, 30), clock(11, 30)), BreakRule(45, clock(11, 30), clock(14, 30))),
    ),
    "half": Shift(
        "half", {}, tuple(clock(hour, half) for hour in range(8, 16) for half in (0, 30)), 240,
        (BreakRule(15, clock(9, 30), clock(18)),),
    ),
}  # fmt: skip
MINUTES = tuple(range(8 * 60, 19 * 60, 15))
COUNTED = (
    "Seconds of this machine's clock for one day's cover. The sample city hall: its shifts, its 24 people with their certificates (three "
    "kinds), 12 counters in eight groups, and what days of 50 to 100 % of its plan's customers require. On paper: {quarters} quarter-hours, "
    "{patterns} shift patterns, five groups of counters whose need goes up and down with chance, and one, three or five kinds of people, "
    "each of {days} random days; harder than a hall's own days, because every quarter-hour asks for another number."
)


def measure(quick: bool) -> Figures:
    """Seconds until the best is proven."""
    compiled.wait()
    rows, facts = [], {}
    days = 2 if quick else 8
    cases = {"city hall, 12 counters, 3 kinds": _city(BUSY[:days])} | {
        f"on paper, {counters} counters, {kinds} kind{'s' * (kinds > 1)}": _paper(counters, kinds, days)
        for counters, kinds in ((12, 1), (12, 3), (12, 5), (40, 3))
    }
    for name, made in cases.items():
        found = list(made)
        seconds = [each for each, _ in found]
        proven = sum(each.optimal for _, each in found)
        facts[name] = {"seconds": [round(each, 3) for each in seconds], "proven": proven}
        rows.append([name, f"{share(seconds, 0.5):.2f} s", f"{max(seconds):.2f} s", f"{proven} of {len(found)}"])
    city = facts["city hall, 12 counters, 3 kinds"]
    longest = max(city["seconds"])
    goal = Goal(
        f"the city hall's days proven best in {GOAL_SECONDS:.0f} s",
        f"{longest:.2f} s at most",
        longest <= GOAL_SECONDS and city["proven"] == len(city["seconds"]),
    )
    counted = COUNTED.format(quarters=len(MINUTES), patterns=len(patterns(SHIFTS, MINUTES)), days=days)
    columns = ("hall", "median", "longest", "proven best")
    return Figures("cover", "A day's cover", counted, columns, rows, facts, [goal])


def _city(busy: Sequence[float]) -> Iterator[tuple[float, Cover]]:
    plan = load(ROOT / "config").plans["central"]
    for share_ in busy:
        rules = replace(plan.staffing, arrivals_per_hour=plan.staffing.arrivals_per_hour * share_)
        asked = replace(plan, staffing=rules)
        learned = from_plan(asked)
        need = required(asked, learned, forecast(asked, learned, DAY), [1])
        if need is None:
            raise RuntimeError("nobody is expected in the sample hall")
        opened = np.array([quarter.groups for quarter in need.quarters]).T
        starts = [quarter.start.astimezone(plan.hours.zone) for quarter in need.quarters]
        minutes = tuple(at.hour * 60 + at.minute for at in starts)
        kinds: dict[frozenset[str] | None, int] = {}
        for person in plan.roster.people.values():
            kinds[person.services] = kinds.get(person.services, 0) + 1
        people = [ShiftKind(services, n * 5 // 7) for services, n in kinds.items()]
        yield _timed(
            opened, [g.services for g in groups_of(plan)], minutes, people, plan.roster.shifts, plan.roster.shrinkage
        )


def _paper(counters: int, kinds: int, days: int) -> Iterator[tuple[float, Cover]]:
    rng = np.random.default_rng(5)
    people = [ShiftKind(None if held is None else frozenset(held), counters) for held in CERTIFIED[:kinds]]
    wave = 0.45 + 0.4 * np.sin(np.linspace(0, 6.3, len(MINUTES))) ** 2
    for _ in range(days):
        mean = counters / len(SERVICES) * wave * rng.uniform(0.8, 1.2, (len(SERVICES), 1))
        need = np.round(mean + rng.normal(0, 0.2, mean.shape)).clip(0).astype(int)
        yield _timed(need, SERVICES, MINUTES, people, SHIFTS, 0.05)


def _timed(
    need: Ints, services: Sequence[Sequence[str]], minutes: Sequence[int], people: Sequence[ShiftKind],
    shifts: dict[str, Shift], shrinkage: float,
) -> tuple[float, Cover]:  # fmt: skip
    began = time.perf_counter()
    found = cover(need, services, minutes, patterns(shifts, minutes), people, shrinkage)
    return time.perf_counter() - began, found
