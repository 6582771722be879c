"""What a plan of counters must keep in every quarter-hour, and by how much the plays of a day fall short of it.

Each promise is one row: the hall's share within its minutes, the limit on leaving, every tier's goal, every tier's guard, and for
every service that its customers do not wait past the guard either, lest the few of one service pay for the goals of the many.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from hallflow.domain.plan import Plan
from hallflow.foresight.arrays import Bools, Floats, Ints
from hallflow.foresight.staffing.trial import Trial, TrialResult

FEW = 40
"""Customers, over all plays, on whom nothing is judged."""
MANY = 10_000
"""So many who come in a quarter-hour tell by themselves what share of them leaves."""


@dataclass(frozen=True, slots=True)
class Promise:
    """One row: whose share, and what decides if it fails."""

    because: str
    """`demand`, `abandoned`, `tier`, `guard` or `service`."""
    key: str | None
    """The tier or service."""
    share: Floats
    """(Q): the share that was kept, 1 where too few came to tell."""
    asked: float
    count: Floats
    """(Q): on how many the share rests."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """All promises of one plan; R rows, Q quarter-hours."""

    promises: tuple[Promise, ...]
    short: Floats
    """(R, Q): by how much each share is under what is asked; 0 where it is kept."""
    late: Floats
    """(Q, S): customers by service who waited longer than any of their promises."""


def judge(trial: Trial, shown: TrialResult, lacking: Bools, margin: float = 0.0, leniency: float = 0.0) -> Verdict:
    """Hold the plays against the promises. Asked is what was promised, and two standard errors of the share more, but no more
    than `margin`; or less by so many standard errors as `leniency` says.

    lacking: the services that have too few counters whatever is opened (Q, S); they are judged by their own row alone.
    """
    promises = tuple(_promises(trial, shown, lacking))
    short = []
    for each in promises:
        error = np.sqrt(each.share * (1 - each.share) / np.maximum(each.count, 1))
        more = np.minimum(2 * error, margin) - leniency * error
        short.append(np.maximum(np.minimum(each.asked + more, 1.0) - each.share, 0.0))
    return Verdict(promises, np.array(short), _by_service(trial, shown.came - np.minimum(shown.in_goal, shown.in_time)))


def beyond(trial: Trial, shown: TrialResult) -> Bools:
    """The services, by quarter-hour (Q, S), that do not keep to the guard though everything is open, as `shown` was played."""
    rows = [each.share < each.asked for each in _services(trial, shown)]
    return np.array(rows, bool).T


def _promises(trial: Trial, shown: TrialResult, lacking: Bools) -> Iterator[Promise]:
    rules = trial.plan.staffing
    keys = list(trial.plan.services)
    # a line for one counter alone belongs to no service
    columns = [keys.index(service) if service in keys else None for service, _ in trial.stage.lines]
    judged = np.stack([~lacking[:, c] if c is not None else np.ones(len(lacking), bool) for c in columns], axis=1)
    came, past_guard = shown.came * judged, shown.past_guard * judged
    count = came.sum(axis=1)
    yield Promise("demand", None, _share((shown.in_time * judged).sum(axis=1), count), rules.goal_share, count)
    gone, alone = (shown.left * judged).sum(axis=1), count >= MANY
    count, gone = (np.where(alone, each, _around(each, 2)) for each in (count, gone))
    yield Promise("abandoned", None, _share(count - gone, count), 1 - rules.abandoned_at_most, count)
    for key, tier in trial.plan.tiers.items():
        mine = [i for i, (_, of) in enumerate(trial.stage.lines) if of == key]
        count = _around(came[:, mine].sum(axis=1), 1)
        kept = _around((shown.in_goal * judged)[:, mine].sum(axis=1), 1)
        yield Promise("tier", key, _share(kept, count), tier.goal_share, count)
        inside = count - _around(past_guard[:, mine].sum(axis=1), 1)
        yield Promise("guard", key, _share(inside, count), 1 - rules.past_guard_at_most, count)
    yield from _services(trial, shown)


def _services(trial: Trial, shown: TrialResult) -> Iterator[Promise]:
    came, past = _by_service(trial, shown.came), _by_service(trial, shown.past_guard)
    for i, key in enumerate(trial.plan.services):
        count = _around(came[:, i], 2)
        inside = count - _around(past[:, i], 2)
        yield Promise("service", key, _share(inside, count), 1 - 2 * trial.plan.staffing.past_guard_at_most, count)


def _by_service(trial: Trial, by_line: Floats) -> Floats:
    keys = list(trial.plan.services)
    found = np.zeros((len(by_line), len(keys)))
    for line, (service, _) in enumerate(trial.stage.lines):
        if service in keys:
            found[:, keys.index(service)] += by_line[:, line]
    return found


def _around(counts: Floats, by: int) -> Floats:
    """Sums over neighbouring quarter-hours, where each alone has too few to judge."""
    return np.convolve(counts, np.ones(2 * by + 1), mode="full")[by : by + len(counts)]


def _share(kept: Floats, count: Floats) -> Floats:
    return np.where(count < FEW, 1.0, kept / np.maximum(count, 1))


@dataclass(frozen=True, slots=True)
class Least:
    """What no plan goes under, whoever comes: by quarter-hour the services that need somebody, and a number of counters."""

    wanted: tuple[frozenset[str], ...]
    counters: int

    def keeps(self, trial: Trial, opened: Ints, quarter: int) -> str | None:
        """None where the plan has this much, else what is missing: `cover` or `least`."""
        there = {s for n, group in zip(opened[:, quarter], trial.groups, strict=True) if n for s in group.services}
        if not self.wanted[quarter] <= there:
            return "cover"
        return "least" if opened[:, quarter].sum() < self.counters else None


def least_of(plan: Plan, trial: Trial, wanted: list[frozenset[str]]) -> Least:
    """The services that some group offers, of those wanted in each quarter-hour."""
    offered = frozenset(service for group in trial.groups for service in group.services)
    return Least(tuple(each & offered for each in wanted), min(plan.staffing.counters_at_least, len(plan.counters)))
