"""Who and what makes a service longer or shorter: tier, counter, and whether the form was filled in beforehand.

Each is a factor on the service's mean minutes, found in turns: what the others leave unexplained is given to this one, held
towards 1 by a weight of a few visits. A counter's factor at one service is held towards its factor at all of them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from hallflow.domain.past.visit import Visit
from hallflow.foresight.arrays import Floats, Ints

FEW = 20.0
"""So many visits at the usual pace weigh as much as those that were seen."""
ROUNDS = 4
LEAST, MOST = 0.4, 2.5

Factors = Mapping[str, Mapping[str, float]]


@dataclass(frozen=True, slots=True)
class Paces:
    """Factors on a service's mean minutes; 1 for what is not in them."""

    tier: Factors = field(default_factory=dict)
    """service -> tier -> factor."""
    counter: Factors = field(default_factory=dict)
    """service -> counter -> factor; "" stands for services never seen there."""
    prefilled: Factors = field(default_factory=dict)
    """service -> "yes" or "no" -> factor."""

    def of(self, service: str, tier: str | None, counter: str | None, prefilled: bool | None) -> float:
        """The factor for what is known of a service; None for what is not."""
        filled = None if prefilled is None else _said(prefilled)
        return _at(self.tier, service, tier) * self.at_counter(service, counter) * _at(self.prefilled, service, filled)

    def at_counter(self, service: str, counter: str | None) -> float:
        """The factor of the counter alone."""
        own = service if counter in self.counter.get(service, {}) else ""
        return _at(self.counter, own, counter)

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> "Paces":
        """What `asdict` made of it."""
        return cls(**data)


def _at(factors: Factors, service: str, key: str | None) -> float:
    return factors.get(service, {}).get(key, 1.0) if key is not None else 1.0


def _said(prefilled: bool) -> str:
    return "yes" if prefilled else "no"


def learn_paces(seen: Sequence[tuple[Visit, float]]) -> Paces:
    """From visits with their minutes at the counter (> 0)."""
    if not seen:
        return Paces()
    minutes = np.array([m for _, m in seen])
    visits = [visit for visit, _ in seen]
    service, _ = _numbered([(v.service,) for v in visits])
    usual = _mean(service, minutes)[service]
    # a clerk who forgot to finish must not make a slow counter
    minutes = np.minimum(minutes, 5 * usual)
    usual = _mean(service, minutes)[service]
    tier, tiers = _numbered([(v.service, v.tier) for v in visits])
    filled, forms = _numbered([(v.service, _said(v.prefilled)) for v in visits])
    desk, desks = _numbered([("", v.counter or "") for v in visits])
    both, boths = _numbered([(v.service, v.counter or "") for v in visits])
    groups = (tier, filled, desk, both)
    found = [np.ones(int(group.max()) + 1) for group in groups]
    for _ in range(ROUNDS):
        for i, group in enumerate(groups):
            others = usual.copy()
            for j, other in enumerate(groups):
                if j != i:
                    others *= found[j][other]
            found[i] = _factor(group, minutes, others)
    at_desk = dict(zip((key for _, key in desks), found[2], strict=True))
    at_desks: dict[tuple[str, ...], float] = {("", c): float(f) for c, f in at_desk.items() if c}
    for (known, c), f in zip(boths, found[3], strict=True):
        if c:
            at_desks[known, c] = float(f * at_desk[c])
    return Paces(
        _nested(dict(zip(tiers, found[0].tolist(), strict=True))),
        _nested(at_desks),
        _only_where_both(forms, found[1]),
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
    """Where nobody fills in a form, or everybody does, there is nothing to tell apart."""
    found = _nested(dict(zip(forms, factors.tolist(), strict=True)))
    return {service: by_form for service, by_form in found.items() if len(by_form) == 2}


def _nested(factors: Mapping[tuple[str, ...], float]) -> dict[str, dict[str, float]]:
    found: dict[str, dict[str, float]] = {}
    for (service, key), factor in factors.items():
        found.setdefault(service, {})[key] = round(factor, 4)
    return found
