"""Forecast verification of the waits shown: coverage, width, error and Winkler score, compared with the benchmark predictors.

Coverage is the share of customers called within the range they were shown; its nominal value is 80 %. The Winkler score is the
range's width plus ten times the minutes by which the call fell outside, so wide and wrong ranges both cost (Winkler 1972; 2 / 0.2).
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

PROMISED = 0.8
PENALTY = 10.0
ESTIMATORS = ("typical", "les", "queue")
LOADS = ((0, "nobody"), (3, "few"), (9, "some"))
"""Classes of queue length: at most so many customers ahead; more than the last is "many"."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """One wait as shown and as it happened, in minutes."""

    service: str
    tier: str
    hour: int
    ahead: int
    low: float
    likely: float
    high: float
    waited: float | None
    """None where the customer left before the first call."""
    others: Mapping[str, float | None]
    """The predictions of the benchmarks at issue, by name."""

    @property
    def load(self) -> str:
        """The class of the queue length at issue."""
        return next((name for most, name in LOADS if self.ahead <= most), "many")


@dataclass(slots=True)
class Sums:
    """Running sums over outcomes."""

    n: int = 0
    within: int = 0
    width: float = 0.0
    off: float = 0.0
    winkler: float = 0.0
    others: dict[str, tuple[int, float, float]] = field(default_factory=dict)
    """By benchmark: the outcomes it predicted, the sum of its absolute errors, and the sum of the range's own on the same outcomes."""

    def add(self, one: Outcome, waited: float) -> None:
        """Add one outcome."""
        outside = max(one.low - waited, waited - one.high, 0.0)
        off = abs(one.likely - waited)
        self.n += 1
        self.within += outside == 0
        self.width += one.high - one.low
        self.off += off
        self.winkler += one.high - one.low + PENALTY * outside
        for name in ESTIMATORS:
            prediction = one.others.get(name)
            if prediction is not None:
                n, theirs, ours = self.others.get(name, (0, 0.0, 0.0))
                self.others[name] = (n + 1, theirs + abs(prediction - waited), ours + off)

    def as_data(self) -> dict[str, Any]:
        """The means, with the error of each benchmark and the range's own error on the same customers."""
        n = self.n
        return {
            "n": n,
            "coverage": round(self.within / n, 4) if n else None,
            "width": round(self.width / n, 2) if n else None,
            "mae": round(self.off / n, 2) if n else None,
            "winkler": round(self.winkler / n, 2) if n else None,
            "beside": {
                name: {"n": count, "mae": round(theirs / count, 2), "ours": round(ours / count, 2)}
                for name, (count, theirs, ours) in self.others.items()
            },
        }


GROUPS: dict[str, Callable[[Outcome], str]] = {
    "services": lambda one: one.service,
    "tiers": lambda one: one.tier,
    "hours": lambda one: f"{one.hour:02d}",
    "loads": lambda one: one.load,
}


def record(outcomes: Iterable[Outcome]) -> dict[str, Any]:
    """The track record: overall, then by service, tier, hour of issue and queue length; and how many left before a call."""
    whole, left = Sums(), 0
    parts: dict[str, dict[str, Sums]] = {name: defaultdict(Sums) for name in GROUPS}
    for one in outcomes:
        if one.waited is None:
            left += 1
            continue
        whole.add(one, one.waited)
        for name, group in GROUPS.items():
            parts[name][group(one)].add(one, one.waited)
    return {
        "promised": PROMISED,
        "left": left,
        "overall": whole.as_data(),
        **{name: {key: sums.as_data() for key, sums in group.items()} for name, group in parts.items()},
    }
