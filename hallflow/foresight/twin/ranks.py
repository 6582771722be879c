"""The hall's policies as arrays: what `domain/policies.py` says of one customer, said of every line in every play at once.

A rank is a number, and the smallest is called first. MUST lies below every policy's ranks and LATE above the slack of those who
can still make their goal, so one argmin finds the turn. Equal ranks go by the longer wait.
"""

from dataclasses import dataclass

import numpy as np

from hallflow.domain.plan import Plan
from hallflow.foresight.arrays import Floats, Ints
from hallflow.foresight.twin.chance import NEVER
from hallflow.foresight.twin.stage import Stage

MUST = -1e7
LATE = 1e6
NOBODY = 1e12
"""The rank of a line from which this counter cannot call."""
END = NEVER / 2
"""When nothing is left to happen, in minutes."""
POLICIES = ("first_come", "strict", "ratio", "earliest_due", "accumulating", "cmu", "attainment")
"""The policies by their number in the compiled kernel."""
HAIR = 1e-6
"""So much of the wait in a rank settles ties, and nothing else."""


@dataclass(frozen=True, slots=True)
class Ranks:
    """Each line's figures under the plan, all of shape (L + K,)."""

    policy: str
    goal: Floats
    guard: Floats
    bound: Ints
    tier: Floats
    rate: Floats
    index: Floats
    """Weight of a minute's wait over the service's minutes."""

    def of(self, front: Floats, due: Floats, at: Floats) -> Floats:
        """Ranks of all lines at minute `at` (P, 1) from when their fronts joined (P, L + K), but for a constant per play.

        `due` is the minute by which the first in line who can still make the goal must be called.
        """
        if self.policy == "attainment":
            return np.where((due >= at) & (due <= at + self.goal), due, LATE + front)
        if self.policy == "earliest_due":
            return self.goal + (1 + HAIR) * front
        if self.policy == "accumulating":
            return (self.rate + HAIR) * (front - at)
        if self.policy == "cmu":
            return (self.index + HAIR) * (front - at)
        if self.policy in ("strict", "ratio"):
            return self.tier * LATE / 100 + front
        return front.copy()


def ranks(stage: Stage) -> Ranks:
    """The figures of the stage's lines."""
    plan: Plan = stage.plan
    tiers = [plan.tiers[tier] for _, tier in stage.lines]
    minutes = np.array([service.minutes for service in plan.services.values()])[stage.service]
    return Ranks(
        plan.rules.policy,
        goal=np.array([t.goal_minutes for t in tiers]),
        guard=np.array([t.guard_minutes for t in tiers]),
        bound=np.array([t.overtaken_at_most for t in tiers]),
        tier=np.array([float(t.rank) for t in tiers]),
        rate=np.array([t.rate for t in tiers]),
        index=np.array([t.weight for t in tiers]) / minutes,
    )
