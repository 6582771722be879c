"""Priority indices of the scheduling policies as arrays: the rules of `domain/policies.py` for every line of every replication.

The smallest index is called first. MUST lies below the indices of every policy, and LATE above the slack of those who can still
be called within their goal, so that a single argmin makes the decision. Ties go to the longer wait. Policies: earliest due
date; accumulating priority (Kleinrock 1964; Stanford et al. 2014); the generalised c-mu rule with quadratic costs of waiting
(van Mieghem 1995).
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
"""Index of a line that a counter may not call from."""
END = NEVER / 2
"""Minutes; no event lies beyond."""
POLICIES = ("first_come", "strict", "ratio", "earliest_due", "accumulating", "cmu", "attainment")
"""The policies; their position is their number in the compiled kernel."""
HAIR = 1e-6
"""Weight of the wait in an index, enough to settle ties only."""


@dataclass(frozen=True, slots=True)
class Ranks:
    """Parameters of each line under the plan, all of shape (L + K,)."""

    policy: str
    goal: Floats
    guard: Floats
    bound: Ints
    tier: Floats
    rate: Floats
    index: Floats
    """c-mu index without the wait: the tier's weight over the service's mean minutes."""

    def of(self, front: Floats, due: Floats, at: Floats) -> Floats:
        """Priority indices of all lines (P, L + K) at minute `at` (P, 1), from when their fronts joined; up to a constant per
        replication.

        `due` is the latest minute to call the first customer in line who can still be called within the goal.
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
    """The parameters of the stage's lines."""
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
