"""SIPP staffing (stationary, independent, period by period): Erlang C for each quarter-hour alone, the benchmark of workforce tools."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from hallflow.domain.plan import Plan
from hallflow.foresight.arrays import Floats
from hallflow.foresight.arrivals import DayForecast
from hallflow.foresight.learning.learned import Learned
from hallflow.foresight.staffing.erlang import service_level_c
from hallflow.foresight.staffing.trial import Trial


def sipp(plan: Plan, learned: Learned, ahead: DayForecast, share: float | None = None) -> list[int]:
    """The fewest counters of each quarter-hour, at least one, whose Erlang C service level reaches the goal (or `share`),
    services pooled.

    It neglects abandonment, work carried over between quarter-hours, and variation between days (Green, Kolesar & Whitt 2007).
    """
    goal = plan.staffing.goal_share if share is None else share
    return [
        max(_fewest(plan, learned, {k: n.expected for k, n in q.services.items()}, goal), 1) for q in ahead.quarters
    ]


def _fewest(plan: Plan, learned: Learned, expected: dict[str, float], share: float) -> int:
    customers = sum(expected.values())
    if customers <= 0:
        return 0
    minutes = sum(n * learned.occupied_minutes(key) for key, n in expected.items()) / customers
    load = customers / 15 * minutes
    n = int(load) + 1
    while service_level_c(load, n, minutes, plan.staffing.goal_minutes) < share:
        n += 1
    return n


@dataclass(frozen=True, slots=True)
class SimulatedPlan:
    """Simulated performance of a plan over many days; (Q) by quarter-hour of arrival."""

    counters: tuple[int, ...]
    came: Floats
    within_goal: Floats
    """Called within the hall's goal."""
    abandoned: Floats

    @property
    def hours(self) -> float:
        """Staff-hours."""
        return sum(self.counters) / 4

    @property
    def service_levels(self) -> Floats:
        """Service level of each quarter-hour, (Q)."""
        return np.asarray(self.within_goal / np.maximum(self.came, 1))

    @property
    def abandonment(self) -> Floats:
        """Abandonment of each quarter-hour as a share, (Q)."""
        return np.asarray(self.abandoned / np.maximum(self.came, 1))


def simulate_plan(trial: Trial, counters: Sequence[int]) -> SimulatedPlan:
    """Simulate the trial's days with this number of counters, in a hall with one skill group."""
    result = trial.play(np.array([counters]))
    return SimulatedPlan(
        tuple(counters), *(each.sum(axis=1) for each in (result.came, result.in_time, result.abandoned))
    )
