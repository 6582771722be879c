"""What ordinary tools ask for: each quarter-hour by itself, stationary, by Erlang C (SIPP); and what a plan of counters buys."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from hallflow.domain.plan import Plan
from hallflow.foresight.arrays import Floats
from hallflow.foresight.arrivals import DayForecast
from hallflow.foresight.learning.learned import Learned
from hallflow.foresight.staffing.erlang import within_c
from hallflow.foresight.staffing.trial import Trial


def sipp(plan: Plan, learned: Learned, ahead: DayForecast, share: float | None = None) -> list[int]:
    """The fewest counters of each quarter-hour with which Erlang C keeps the goal (or this share of it), of all services pooled; at least one.

    Nobody leaves, nothing is carried over from the quarter-hour before, and every day is the usual one (Green, Kolesar & Whitt 2007).
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
    while within_c(load, n, minutes, plan.staffing.goal_minutes) < share:
        n += 1
    return n


@dataclass(frozen=True, slots=True)
class Bought:
    """What a plan of counters buys on many days; (Q) by quarter-hour of arrival."""

    counters: tuple[int, ...]
    came: Floats
    within: Floats
    """Called within the hall's minutes, and still there."""
    left: Floats

    @property
    def hours(self) -> float:
        """Staff-hours."""
        return sum(self.counters) / 4

    @property
    def shares(self) -> Floats:
        """The share within the hall's minutes, of all who came in each quarter-hour."""
        return np.asarray(self.within / np.maximum(self.came, 1))

    @property
    def leaving(self) -> Floats:
        """The share that leaves, of all who came in each quarter-hour."""
        return np.asarray(self.left / np.maximum(self.came, 1))


def bought(trial: Trial, counters: Sequence[int]) -> Bought:
    """Play the trial's days with so many counters of its one group."""
    shown = trial.play(np.array([counters]))
    return Bought(tuple(counters), *(each.sum(axis=1) for each in (shown.came, shown.in_time, shown.left)))
