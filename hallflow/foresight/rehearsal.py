"""Simulated day: another day, or a hall that has never opened, compared under two schedules of its counters."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from hallflow.domain.floor import empty_floor
from hallflow.domain.plan import Plan
from hallflow.domain.quarters import QUARTER
from hallflow.foresight.arrivals import arrival_rates, forecast
from hallflow.foresight.learning.learned import Learned, fitted
from hallflow.foresight.staffing.formula import practical, requirement
from hallflow.foresight.staffing.skills import opening_order
from hallflow.foresight.twin.openings import Stretch
from hallflow.foresight.twin.whatif import Ahead, compared

Opening = Mapping[str, Sequence[Stretch]]


def rehearse(
    plan: Plan, learned: Learned, day: date, before: Opening, after: Opening,
    seed: int = 0, plays: int = 400, fast: bool | None = None,
) -> Iterator[dict[str, Any]]:  # fmt: skip
    """Results of `whatif.compare` for each open span of the day, starting empty; nothing for a closed day."""
    learned = fitted(learned, plan)
    ahead = forecast(plan, learned, day)
    for opens, closes in plan.hours.spans(day):
        now, end = opens.astimezone(UTC), closes.astimezone(UTC)
        arrivals = arrival_rates(learned, ahead, now, (end - now).total_seconds() / 60)
        customers = sum(float(counts.sum()) for counts in arrivals.counts.values())
        yield compared(
            empty_floor(plan, day),
            plan,
            learned,
            Ahead(now, end, arrivals, customers),
            before,
            after,
            seed,
            plays,
            fast,
        )


def as_required(plan: Plan, learned: Learned, day: date) -> Opening:
    """Schedule of the formula's required counters, opened in the order in which the hall opens its counters."""
    learned = fitted(learned, plan)
    ahead = forecast(plan, learned, day)
    counts = practical([need.counters for need in requirement(plan, learned, ahead)])
    shares = {service: sum(map(sum, week)) for service, week in learned.week.items()}
    order = opening_order({key: counter.services for key, counter in plan.counters.items()}, shares)
    opening: dict[str, list[Stretch]] = {key: [] for key in plan.counters}
    for quarter, n in zip(ahead.quarters, counts, strict=True):
        for key in order[:n]:
            mine = opening[key]
            if mine and mine[-1].end == quarter.start:
                mine[-1] = Stretch(mine[-1].start, quarter.start + QUARTER, mine[-1].services)
            else:
                mine.append(Stretch(quarter.start, quarter.start + QUARTER, plan.counters[key].services))
    return _with_grace(plan, day, opening)


def all_open(plan: Plan, day: date, counters: Sequence[str] | None = None) -> Opening:
    """Schedule with these counters, or all, open during all business hours."""
    spans = plan.hours.spans(day)
    keys = plan.counters if counters is None else counters
    return _with_grace(
        plan, day, {key: [Stretch(a.astimezone(UTC), b.astimezone(UTC), plan.counters[key].services) for a, b in spans] for key in keys}
    )  # fmt: skip


def _with_grace(plan: Plan, day: date, opening: Mapping[str, Sequence[Stretch]]) -> Opening:
    """Extend the last stretch past closing time, by the plan's grace, for customers inside."""
    closings: set[datetime] = {b.astimezone(UTC) for _, b in plan.hours.spans(day)}
    grace = timedelta(minutes=plan.rules.closing_grace_minutes)
    return {
        key: [Stretch(s.start, s.end + grace if s.end in closings else s.end, s.services) for s in stretches]
        for key, stretches in opening.items()
    }
