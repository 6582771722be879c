"""Service-level constraints of a staffing plan in every quarter-hour, and by how much a simulated plan violates them.

One row each: the hall's service level, the abandonment limit, every tier's service level, every tier's maximum wait, and for
every service the maximum wait again, so that small services are not sacrificed for the goals of large ones.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from hallflow.domain.plan import Plan
from hallflow.foresight.arrays import Bools, Floats, Ints
from hallflow.foresight.staffing.trial import Trial, TrialResult

FEW = 40
"""Customers over all replications below which nothing is judged."""
MANY = 10_000
"""Customers in a quarter-hour from which its abandonment is estimated without its neighbours."""


@dataclass(frozen=True, slots=True)
class Constraint:
    """One constraint: a share that must reach its target."""

    because: str
    """`demand`, `abandoned`, `tier`, `guard` or `service`."""
    key: str | None
    """The tier or service."""
    share: Floats
    """(Q): attained share; 1 where too few came to judge."""
    target: float
    count: Floats
    """(Q): customers that the share is estimated from."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """All constraints of one plan; R rows, Q quarter-hours, S services."""

    constraints: tuple[Constraint, ...]
    shortfall: Floats
    """(R, Q): by how much each share is below its target; 0 where it is met."""
    late: Floats
    """(Q, S): customers by service who waited longer than a goal."""


def judge(trial: Trial, result: TrialResult, lacking: Bools, margin: float = 0.0, leniency: float = 0.0) -> Verdict:
    """Judge simulated counts against the constraints.

    A target is raised by two standard errors of the share, at most by `margin`, or lowered by `leniency` standard errors.
    Services in `lacking` (Q, S), with too few counters even if all are open, are judged by their own row alone.
    """
    constraints = tuple(_constraints(trial, result, lacking))
    shortfalls = []
    for each in constraints:
        error = np.sqrt(each.share * (1 - each.share) / np.maximum(each.count, 1))
        more = np.minimum(2 * error, margin) - leniency * error
        shortfalls.append(np.maximum(np.minimum(each.target + more, 1.0) - each.share, 0.0))
    return Verdict(
        constraints, np.array(shortfalls), _by_service(trial, result.came - np.minimum(result.in_goal, result.in_time))
    )


def unattainable(trial: Trial, result: TrialResult) -> Bools:
    """(Q, S): services that violate the maximum wait in a simulation with all counters open."""
    rows = [each.share < each.target for each in _services(trial, result)]
    return np.array(rows, bool).T


def _constraints(trial: Trial, result: TrialResult, lacking: Bools) -> Iterator[Constraint]:
    rules = trial.plan.staffing
    keys = list(trial.plan.services)
    # the line of a wanted counter belongs to no service
    columns = [keys.index(service) if service in keys else None for service, _ in trial.stage.lines]
    judged = np.stack([~lacking[:, c] if c is not None else np.ones(len(lacking), bool) for c in columns], axis=1)
    came, past_guard = result.came * judged, result.past_guard * judged
    count = came.sum(axis=1)
    yield Constraint("demand", None, _share((result.in_time * judged).sum(axis=1), count), rules.goal_share, count)
    abandoned, alone = (result.abandoned * judged).sum(axis=1), count >= MANY
    count, abandoned = (np.where(alone, each, _around(each, 2)) for each in (count, abandoned))
    yield Constraint("abandoned", None, _share(count - abandoned, count), 1 - rules.abandoned_at_most, count)
    for key, tier in trial.plan.tiers.items():
        mine = [i for i, (_, of) in enumerate(trial.stage.lines) if of == key]
        count = _around(came[:, mine].sum(axis=1), 1)
        met = _around((result.in_goal * judged)[:, mine].sum(axis=1), 1)
        yield Constraint("tier", key, _share(met, count), tier.goal_share, count)
        inside = count - _around(past_guard[:, mine].sum(axis=1), 1)
        yield Constraint("guard", key, _share(inside, count), 1 - rules.past_guard_at_most, count)
    yield from _services(trial, result)


def _services(trial: Trial, result: TrialResult) -> Iterator[Constraint]:
    came, past = _by_service(trial, result.came), _by_service(trial, result.past_guard)
    for i, key in enumerate(trial.plan.services):
        count = _around(came[:, i], 2)
        inside = count - _around(past[:, i], 2)
        yield Constraint("service", key, _share(inside, count), 1 - 2 * trial.plan.staffing.past_guard_at_most, count)


def _by_service(trial: Trial, by_line: Floats) -> Floats:
    keys = list(trial.plan.services)
    by_service = np.zeros((len(by_line), len(keys)))
    for line, (service, _) in enumerate(trial.stage.lines):
        if service in keys:
            by_service[:, keys.index(service)] += by_line[:, line]
    return by_service


def _around(counts: Floats, by: int) -> Floats:
    """Sums over neighbouring quarter-hours, where each alone has too few customers."""
    return np.convolve(counts, np.ones(2 * by + 1), mode="full")[by : by + len(counts)]


def _share(met: Floats, count: Floats) -> Floats:
    return np.where(count < FEW, 1.0, met / np.maximum(count, 1))


@dataclass(frozen=True, slots=True)
class LowerBound:
    """Lower bound of every plan: by quarter-hour the services that need a counter, and a number of counters."""

    wanted: tuple[frozenset[str], ...]
    counters: int

    def missing(self, trial: Trial, opened: Ints, quarter: int) -> str | None:
        """None if the plan satisfies the bound, else what is missing: `cover` or `least`."""
        there = {s for n, group in zip(opened[:, quarter], trial.groups, strict=True) if n for s in group.services}
        if not self.wanted[quarter] <= there:
            return "cover"
        return "least" if opened[:, quarter].sum() < self.counters else None


def lower_bound(plan: Plan, trial: Trial, wanted: list[frozenset[str]]) -> LowerBound:
    """The lower bound: services wanted in each quarter-hour that some group offers, and the plan's minimum."""
    offered = frozenset(service for group in trial.groups for service in group.services)
    return LowerBound(
        tuple(each & offered for each in wanted), min(plan.staffing.counters_at_least, len(plan.counters))
    )
