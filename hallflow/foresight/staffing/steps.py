"""Staffing as a step function: quarter-hourly figures merged into a few steps, each with its reason."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from hallflow.domain.events import Reason
from hallflow.domain.plan import Plan
from hallflow.domain.quarters import QUARTER
from hallflow.foresight.arrivals import Quarter
from hallflow.foresight.staffing.formula import FormulaNeed

CONSTRAINTS = frozenset({"tier", "guard", "service", "abandoned"})
KINDS = {1: "open", -1: "close", 0: "hold"}


@dataclass(frozen=True, slots=True)
class Step:
    """A span of the day with a constant number of counters."""

    start: datetime
    end: datetime
    counters: int
    kind: str
    """`open`, `close` or `hold`, relative to the step before; for the first, to the counters open now."""
    text: Reason
    reason: Reason


def steps(
    plan: Plan,
    quarters: Sequence[Quarter],
    needs: Sequence[FormulaNeed],
    advised: Sequence[int],
    opened: int | None,
    waiting: int = 0,
) -> Iterator[Step]:
    """Merge adjacent quarter-hours of equal staffing; `opened` counters are open now and `waiting` people wait."""
    before = opened
    for counters, run in groupby(_runs(quarters, advised), key=lambda at: (advised[at[0]], at[1])):
        picked = [i for i, _ in run]
        n, first = counters[0], picked[0]
        start, end = quarters[first].start, quarters[picked[-1]].start + QUARTER
        change = n - (before if before is not None else n)
        kind = KINDS[(change > 0) - (change < 0)]
        times = {"from": _clock(start, plan), "until": _clock(end, plan)}
        facts = {"counters": n, "change": abs(change), **times}
        heaviest = max((needs[i] for i in picked), key=lambda need: (need.counters, need.load))
        expected = sum(quarters[i].total.expected for i in picked)
        reason = why(plan, heaviest, expected, waiting if first == 0 else 0)
        yield Step(start, end, n, kind, Reason(f"outlook.{kind}", facts), reason)
        before = n


def _runs(quarters: Sequence[Quarter], advised: Sequence[int]) -> Iterator[tuple[int, int]]:
    """(index, stretch): a break in the business hours begins a new stretch."""
    stretch = 0
    for i, quarter in enumerate(quarters[: len(advised)]):
        if i and quarter.start != quarters[i - 1].start + QUARTER:
            stretch += 1
        yield i, stretch


def why(plan: Plan, need: FormulaNeed, expected: float, waiting: int = 0) -> Reason:
    """The reason for this many counters, with its figures."""
    rules = plan.staffing
    figures = {
        "customers": round(expected),
        "minutes": round(need.occupied_minutes, 1),
        "share": round(100 * rules.goal_share),
        "goal": round(rules.goal_minutes),
        "counters": need.counters,
    }
    if need.because == "demand" and waiting > 0:
        return Reason("outlook.because_backlog", {**figures, "waiting": waiting})
    if need.because.removeprefix("beyond_") in CONSTRAINTS:
        return _constrained(plan, need, figures)
    if need.because == "least":
        return Reason("outlook.because_least", {**figures, "least": rules.counters_at_least})
    if need.because == "most" and need.counters < len(plan.counters):
        # after simulation: more counters were tried and did not help
        return Reason("outlook.because_reach", figures)
    return Reason(f"outlook.because_{need.because}", figures)


def _constrained(plan: Plan, need: FormulaNeed, figures: dict[str, Any]) -> Reason:
    """Reason for a service-level constraint that one counter less would violate, or that is violated anyway (`beyond_...`)."""
    constraint = need.because.removeprefix("beyond_")
    code = f"outlook.{need.because}" if constraint != need.because else f"outlook.because_{constraint}"
    if constraint == "abandoned":
        return Reason(code, {**figures, "most": round(100 * plan.staffing.abandoned_at_most)})
    if constraint == "service":
        guard = round(max(tier.guard_minutes for tier in plan.tiers.values()))
        return Reason(code, {**figures, "service": need.whose, "guard": guard})
    tier = plan.tiers[str(need.whose)]
    if constraint == "guard":
        return Reason(code, {**figures, "tier": tier.name, "guard": round(tier.guard_minutes)})
    goal = {"share": round(100 * tier.goal_share), "goal": round(tier.goal_minutes)}
    return Reason(code, {**figures, "tier": tier.name, **goal})


def _clock(at: datetime, plan: Plan) -> str:
    return at.astimezone(plan.hours.zone).strftime("%H:%M")
