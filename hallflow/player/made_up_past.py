"""Synthetic history: weeks of simulated visits for a hall of this plan, to which a demo's models are fitted.

A day has two peaks, Mondays and Saturdays are busier than Thursdays, and bills bring more customers on a month's first days.
Numbers begin with `sim-`, so that these visits are never taken for real ones.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from math import exp
from zlib import crc32

import numpy as np

from hallflow.domain.hours import Hours
from hallflow.domain.past.visit import Visit
from hallflow.domain.plan import Plan
from hallflow.foresight.arrays import Floats
from hallflow.foresight.staffing.skills import opening_order

LOAD = 0.6
"""The offered load of an ordinary day, as a share of the counters' capacity."""
WEEKDAYS = (1.12, 1.0, 0.95, 0.94, 1.05, 1.1, 0.9)
FIRST_DAYS = 1.12
SHARES = {
    "bills": 26, "plan_change": 20, "sim": 14, "broadband": 13, "new_line": 10, "device": 8, "complaint": 5, "business": 4,
}  # fmt: skip
OTHER_SHARE = 10
CALL_MINUTES = 0.7
"""A counter's mean time for a call beside the service time: the walk, and no-shows."""
HEAD_START = 3.0
"""The priority of each better tier, as minutes of waiting time credited."""
SPREAD = 0.55
PREFILLED_SHARE, PREFILLED_FACTOR = 0.35, 0.85


def rhythm(hour: float) -> float:
    """The arrival rate at an hour of the clock over the day's mean: a peak in the morning, a lower one in the afternoon."""
    return 0.68 + 0.86 * exp(-(((hour - 10.25) / 1.1) ** 2)) + 0.6 * exp(-(((hour - 15.5) / 1.2) ** 2))


def shares_of(services: Iterable[str]) -> dict[str, float]:
    """The share of customers for each of these services."""
    weights = {service: float(SHARES.get(service, OTHER_SHARE)) for service in services}
    total = sum(weights.values())
    return {service: weight / total for service, weight in weights.items()}


def tier_shares(tiers: Iterable[str]) -> list[float]:
    """The share of each tier, the best first: each about two and a half times as large as the one above."""
    weights = [2.6**rank for rank, _ in enumerate(tiers)]
    return [weight / sum(weights) for weight in weights]


def usual_per_hour(minutes: Mapping[str, float], counters: int) -> float:
    """The mean arrivals per hour in a hall of so many counters with these service times."""
    shares = shares_of(minutes)
    each = CALL_MINUTES + sum(share * minutes[service] for service, share in shares.items())
    return LOAD * counters * 60 / each


def usual_order(offers: Mapping[str, Iterable[str]]) -> list[str]:
    """The order in which a made-up hall opens its counters: by the shares of its made-up customers."""
    return opening_order(offers, shares_of(service for services in offers.values() for service in services))


@dataclass(slots=True)
class _Counter:
    key: str
    services: frozenset[str]
    windows: list[tuple[float, float]]
    """When it calls, in minutes of the day."""
    free: float = 0.0

    def next_call(self, ready: float) -> float | None:
        """The first minute at which it could call somebody present from `ready` on."""
        at = max(self.free, ready)
        return next((max(at, start) for start, end in self.windows if at < end), None)


def made_up_day(plan: Plan, day: date, hours: Hours) -> Iterator[Visit]:
    """One day's visits, in the order in which they end up at the counters; always the same for the same hall and day."""
    spans = hours.spans(day)
    if not spans:
        return
    rng = np.random.default_rng([crc32(plan.hall.encode()), day.toordinal()])
    midnight = datetime.combine(day, datetime.min.time(), hours.zone)
    open_spans = [((a - midnight).total_seconds() / 60, (b - midnight).total_seconds() / 60) for a, b in spans]
    arrivals = _arrivals(plan, day, open_spans, rng)
    counters = _counters(plan, open_spans)
    services, tiers = list(plan.services), list(plan.tiers)
    wants = rng.choice(len(services), len(arrivals), p=list(shares_of(services).values()))
    ranks = rng.choice(len(tiers), len(arrivals), p=tier_shares(tiers))
    patience = rng.exponential(plan.staffing.patience_minutes * 1.2, len(arrivals))
    factor = rng.lognormal(-(SPREAD**2) / 2, SPREAD, len(arrivals))
    walks = rng.gamma(4, plan.staffing.walk_minutes / 4, len(arrivals))
    absent = rng.random(len(arrivals)) < plan.staffing.no_show_share
    prefilled = rng.random(len(arrivals)) < PREFILLED_SHARE
    numbers: dict[str, int] = {}
    drawn = []
    for i, at in enumerate(arrivals):
        service = plan.services[services[wants[i]]]
        numbers[service.letter] = numbers.get(service.letter, 0) + 1
        drawn.append(
            (at - HEAD_START * (len(tiers) - 1 - ranks[i]), i, f"sim-{service.letter}{numbers[service.letter]:03d}")
        )
    for _, i, number in sorted(drawn):
        service, at = plan.services[services[wants[i]]], float(arrivals[i])
        offers = [(call, c) for c in counters if service.key in c.services and (call := c.next_call(at)) is not None]
        call, counter = min(offers, key=lambda offer: offer[0], default=(None, None))
        called = arrived = None
        if call is None or counter is None or call - at > patience[i]:
            # whoever abandons is not called, and occupies no counter
            counter, ended, outcome = None, at + min(float(patience[i]), 60.0), "abandoned"
        elif absent[i]:
            called, ended, outcome = call, call + plan.rules.missed_after_minutes * 0.6, "missed"
        else:
            called, arrived, outcome = call, call + float(walks[i]), "served"
            ended = arrived + service.minutes * float(factor[i]) * (PREFILLED_FACTOR if prefilled[i] else 1.03)
        if counter is not None:
            counter.free = ended + 0.1
        yield Visit(
            plan.hall,
            number,
            service.key,
            tiers[ranks[i]],
            _at(midnight, at),
            None if called is None else _at(midnight, called),
            _at(midnight, ended),
            counter.key if counter else None,
            outcome,
            None if arrived is None else _at(midnight, arrived),
            bool(prefilled[i]) and outcome == "served",
        )


def _arrivals(plan: Plan, day: date, spans: list[tuple[float, float]], rng: np.random.Generator) -> Floats:
    """The arrival times in minutes of the day, sorted."""
    minutes = {key: service.minutes for key, service in plan.services.items()}
    usual = usual_per_hour(minutes, len(plan.counters)) / 60
    level = WEEKDAYS[day.weekday()] * (FIRST_DAYS if day.day <= 5 else 1.0) * rng.gamma(150, 1 / 150)
    slots = np.concatenate([np.arange(start, end) for start, end in spans])
    counts = rng.poisson([usual * level * rhythm((slot + 0.5) / 60) for slot in slots])
    at = np.repeat(slots, counts) + rng.random(int(counts.sum()))
    return np.asarray(np.sort(at), float)


def _counters(plan: Plan, spans: list[tuple[float, float]]) -> list[_Counter]:
    """The counters with their open spans: the first half all day, the others at busy times; staggered lunches."""
    found = []
    first, last = spans[0][0], spans[-1][1]
    for i, key in enumerate(usual_order({key: counter.services for key, counter in plan.counters.items()})):
        start, end = (first, last + 60) if i < len(plan.counters) / 2 else (first + 60, last - 90)
        lunch = 690 + 30 * (i % 3)
        windows = [(max(a, start), min(b, end)) for a, b in _between(spans, lunch, end)]
        found.append(_Counter(key, frozenset(plan.counters[key].services), [(a, b) for a, b in windows if a < b]))
    return found


def _between(spans: list[tuple[float, float]], lunch: float, end: float) -> Iterator[tuple[float, float]]:
    """The open spans around lunch; the last one continues until everybody has been served."""
    for i, (opens, closes) in enumerate(spans):
        until = end if i == len(spans) - 1 else closes
        yield opens, min(until, lunch)
        yield max(opens, lunch + 30), until


def _at(midnight: datetime, minutes: float) -> datetime:
    return midnight + timedelta(seconds=round(minutes * 60))
