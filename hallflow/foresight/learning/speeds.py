"""Server speed factors and other multipliers of service time: by tier, by counter, and by whether a form was filled in beforehand.

Each multiplies the service's mean. They are fitted in turn (backfitting): each factor is estimated on what the others leave
unexplained, shrunk towards 1. A counter's factor for one service is shrunk towards its factor over all services.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from hallflow.domain.past.visit import Visit
from hallflow.foresight.arrays import Floats, Ints

FEW = 20.0
"""Prior weight: a factor of 1 counts as much as this many visits."""
ROUNDS = 4
LEAST, MOST = 0.4, 2.5

Factors = Mapping[str, Mapping[str, float]]


@dataclass(frozen=True, slots=True)
class TimeFactors:
    """Factors on a service's mean time; 1 where none was estimated."""

    tier: Factors = field(default_factory=dict)
    """service -> tier -> factor."""
    counter: Factors = field(default_factory=dict)
    """service -> counter -> factor; "" stands for services never seen there."""
    prefilled: Factors = field(default_factory=dict)
    """service -> "yes" or "no" -> factor."""

    def of(self, service: str, tier: str | None, counter: str | None, prefilled: bool | None) -> float:
        """Combined factor given tier, counter and form; each None where unknown."""
        filled = None if prefilled is None else _yes_no(prefilled)
        return _at(self.tier, service, tier) * self.at_counter(service, counter) * _at(self.prefilled, service, filled)

    def at_counter(self, service: str, counter: str | None) -> float:
        """Factor of the counter alone."""
        own = service if counter in self.counter.get(service, {}) else ""
        return _at(self.counter, own, counter)

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> "TimeFactors":
        """The value that `dataclasses.asdict` wrote."""
        return cls(**data)


def _at(factors: Factors, service: str, key: str | None) -> float:
    return factors.get(service, {}).get(key, 1.0) if key is not None else 1.0


def _yes_no(prefilled: bool) -> str:
    return "yes" if prefilled else "no"


def learn_time_factors(timed: Sequence[tuple[Visit, float]]) -> TimeFactors:
    """Fit the factors from visits, each with its service time in minutes (> 0)."""
    if not timed:
        return TimeFactors()
    minutes = np.array([m for _, m in timed])
    visits = [visit for visit, _ in timed]
    service, _ = _numbered([(v.service,) for v in visits])
    usual = _mean(service, minutes)[service]
    # one service that was never ended must not make its counter look slow
    minutes = np.minimum(minutes, 5 * usual)
    usual = _mean(service, minutes)[service]
    tier, tiers = _numbered([(v.service, v.tier) for v in visits])
    filled, forms = _numbered([(v.service, _yes_no(v.prefilled)) for v in visits])
    desk, desks = _numbered([("", v.counter or "") for v in visits])
    both, boths = _numbered([(v.service, v.counter or "") for v in visits])
    groups = (tier, filled, desk, both)
    factors = [np.ones(int(group.max()) + 1) for group in groups]
    for _ in range(ROUNDS):
        for i, group in enumerate(groups):
            others = usual.copy()
            for j, other in enumerate(groups):
                if j != i:
                    others *= factors[j][other]
            factors[i] = _factor(group, minutes, others)
    at_desk = dict(zip((key for _, key in desks), factors[2], strict=True))
    at_desks: dict[tuple[str, ...], float] = {("", c): float(f) for c, f in at_desk.items() if c}
    for (known, c), f in zip(boths, factors[3], strict=True):
        if c:
            at_desks[known, c] = float(f * at_desk[c])
    return TimeFactors(
        _nested(dict(zip(tiers, factors[0].tolist(), strict=True))),
        _nested(at_desks),
        _only_where_both(forms, factors[1]),
    )


def _factor(group: Ints, minutes: Floats, expected: Floats) -> Floats:
    weight = FEW * _mean(group, expected)
    return np.clip((np.bincount(group, minutes) + weight) / (np.bincount(group, expected) + weight), LEAST, MOST)


def _mean(group: Ints, values: Floats) -> Floats:
    return np.asarray(np.bincount(group, values) / np.bincount(group))


def _numbered(keys: Sequence[tuple[str, ...]]) -> tuple[Ints, list[tuple[str, ...]]]:
    known: dict[tuple[str, ...], int] = {}
    return np.array([known.setdefault(key, len(known)) for key in keys]), list(known)


def _only_where_both(forms: Sequence[tuple[str, ...]], factors: Floats) -> Factors:
    """Factors of the services that were seen both with and without a form; elsewhere there is no contrast to estimate."""
    by_service = _nested(dict(zip(forms, factors.tolist(), strict=True)))
    return {service: by_form for service, by_form in by_service.items() if len(by_form) == 2}


def _nested(factors: Mapping[tuple[str, ...], float]) -> dict[str, dict[str, float]]:
    by_service: dict[str, dict[str, float]] = {}
    for (service, key), factor in factors.items():
        by_service.setdefault(service, {})[key] = round(factor, 4)
    return by_service
