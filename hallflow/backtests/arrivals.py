"""Backtest of the arrival forecast: the rest of each day is forecast at noon from its morning and the days before.

A log has no plan, so its hall is taken as always open, and its hours are learned from its days. The benchmark is the mean of
the same weekday's earlier days, or of all days while there is none.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from hallflow.backtests.visit_log import Logged
from hallflow.domain.hours import Hours
from hallflow.domain.plan import CounterPlan, Plan, Service, StaffingRules
from hallflow.domain.quarters import QUARTER, SLOTS, slot_at
from hallflow.foresight.arrays import Floats
from hallflow.foresight.arrivals import count_range, forecast
from hallflow.foresight.learning.arrival_pattern import learn_arrival_pattern
from hallflow.foresight.learning.learned import Learned, from_plan

FIRST_DAYS = 3
"""Days at the start of a log that are only learned from."""
NOON = time(12)
Day = Mapping[tuple[str, int], int]
"""(service, quarter-hour of local time) -> arrivals."""


@dataclass(frozen=True, slots=True)
class ForecastDay:
    """The rest of one day: forecast, benchmark and actual arrivals."""

    day: date
    came: int
    expected: float
    low: int
    high: int
    usual: float
    """The benchmark: the weekday's mean."""
    weekday_known: bool
    """Whether an earlier day of this weekday was known."""
    quarters: int
    covered: int
    """Quarter-hours with expected arrivals, and those whose count lay in its 80 % interval (`covered`)."""


@dataclass(slots=True)
class Score:
    """Forecast errors of one hall's days, relative to all arrivals."""

    hall: str
    days: list[ForecastDay] = field(default_factory=list)

    def of_known_weekdays(self) -> "Score":
        """The score of the days whose weekday was known."""
        return Score(self.hall, [day for day in self.days if day.weekday_known])

    def figures(self) -> dict[str, float]:
        """Mean absolute errors of the benchmark and of the forecast, the reduction, and the intervals' coverage."""
        came = max(sum(day.came for day in self.days), 1)
        usual = sum(abs(day.usual - day.came) for day in self.days) / came
        error = sum(abs(day.expected - day.came) for day in self.days) / came
        return {
            "weekday_means": usual,
            "forecast": error,
            "less": 1 - error / usual if usual else 0.0,
            "quarters_within": sum(day.covered for day in self.days) / max(sum(day.quarters for day in self.days), 1),
            "days_within": sum(day.low <= day.came <= day.high for day in self.days) / len(self.days),
        }


def backtest_arrivals(
    visits: Sequence[Logged], at: time = NOON, progress: Callable[[int], None] = lambda _: None
) -> list[Score]:
    """Backtest every hall of a log, in its order; `progress` gets the number of halls done."""
    halls: dict[str, dict[date, dict[tuple[str, int], int]]] = {}
    for visit in visits:
        if visit.issued is None:
            continue
        local = datetime.fromtimestamp((visit.issued + visit.offset) * 60, UTC)
        day = halls.setdefault(visit.hall, {}).setdefault(local.date(), defaultdict(int))
        day[visit.service, slot_at(local.time())] += 1
    scores = []
    for n, (hall, days) in enumerate(halls.items()):
        scores.append(_score(hall, dict(sorted(days.items())), at))
        progress(n + 1)
    return [score for score in scores if score.days]


def figures_of(scores: Sequence[Score]) -> dict[str, Any]:
    """Plain JSON: every hall's errors and their mean, over all days and over those with a known weekday."""
    known = [own for score in scores if (own := score.of_known_weekdays()).days]
    return {
        "halls": [{"hall": score.hall, "days": len(score.days), **score.figures()} for score in scores],
        "mean": _mean([score.figures() for score in scores]),
        "mean_of_known_weekdays": _mean([score.figures() for score in known]),
    }


def _mean(rows: Sequence[Mapping[str, float]]) -> dict[str, float]:
    """Mean over halls with equal weights; `less` compares the mean errors, `less_each` averages the halls' own reductions."""
    if not rows:
        return {}
    mean = {key: sum(row[key] for row in rows) / len(rows) for key in rows[0]}
    less = 1 - mean["forecast"] / mean["weekday_means"] if mean["weekday_means"] else 0.0
    return {**mean, "less": less, "less_each": mean["less"]}


def _score(hall: str, days: Mapping[date, Day], at: time) -> Score:
    score, known = Score(hall), list(days)
    for n in range(FIRST_DAYS, len(known)):
        score.days.append(_forecast_day(hall, {day: days[day] for day in known[:n]}, known[n], days[known[n]], at))
    return score


def _forecast_day(hall: str, before: Mapping[date, Day], day: date, came: Day, at: time) -> ForecastDay:
    services = sorted({service for counts in before.values() for service, _ in counts})
    counts = _cube(before, services)
    plan = _plan(hall, services, counts)
    learned = _learned(plan, counts, list(before))
    now = datetime.combine(day, at, UTC)
    cut = slot_at(at)
    midnight = int(datetime.combine(day, time(), UTC).timestamp()) // 900
    morning = {(midnight + slot, service): n for (service, slot), n in came.items() if slot < cut}
    ahead = forecast(plan, learned, day, now, morning)
    rest = [q for q in ahead.quarters if q.start >= now]
    expected = sum(q.total.expected for q in rest)
    low, high = count_range(round(expected, 4), round(ahead.busyness.shape, 2))
    by_slot = _by_slot(came)
    pairs = [(q.total, by_slot[int((q.start - now) / QUARTER) + cut]) for q in rest]
    pairs = [(total, n) for total, n in pairs if total.expected >= 0.5 or n]
    rests = {known: sum(n for (_, slot), n in seen.items() if slot >= cut) for known, seen in before.items()}
    alike = [n for known, n in rests.items() if known.weekday() == day.weekday()]
    return ForecastDay(
        day=day,
        came=int(by_slot[cut:].sum()),
        expected=expected,
        low=low,
        high=high,
        usual=float(np.mean(alike or list(rests.values()))),
        weekday_known=bool(alike),
        quarters=len(pairs),
        covered=sum(total.low <= n <= total.high for total, n in pairs),
    )


def _cube(days: Mapping[date, Day], services: Sequence[str]) -> Floats:
    """Arrivals, shape (days, services, slots)."""
    index = {service: i for i, service in enumerate(services)}
    counts = np.zeros((len(days), len(services), SLOTS))
    for n, day in enumerate(days.values()):
        for (service, slot), came in day.items():
            counts[n, index[service], slot] += came
    return counts


def _by_slot(day: Day) -> NDArray[np.int64]:
    counts = np.zeros(SLOTS, dtype=np.int64)
    for (_, slot), n in day.items():
        counts[slot] += n
    return counts


def _plan(hall: str, services: Sequence[str], counts: Floats) -> Plan:
    """The plan implied by a log: its services, one counter each, and its mean arrivals per hour."""
    hours = (counts.sum(axis=(0, 1)) > 0).sum() / 4
    return Plan(
        hall=hall,
        name={},
        hours=Hours(ZoneInfo("UTC"), {}, day_starts=time(), always=True),
        groups=(),
        services={key: Service(key, {}, {}, "", "", "A", 5.0) for key in services},
        tiers={},
        counters={key: CounterPlan(key, {}, (key,)) for key in services},
        staffing=StaffingRules(arrivals_per_hour=float(counts.sum() / len(counts) / hours)),
    )


def _learned(plan: Plan, counts: Floats, days: Sequence[date]) -> Learned:
    pattern = learn_arrival_pattern(counts, days, plan)
    return replace(from_plan(plan), history_days=len(days), **pattern.as_learned())
