"""Empirical priority between customer classes, estimated from the order of calls; neither plan nor policy is needed, as logs
have neither.

For each pair of tiers: of those of the other tier who were waiting at an arrival, the share no longer waiting when that arrival
was called, because they were called first or had left. And for each tier, how many later arrivals were called first.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

FEW = 5
"""Prior weight: this many customers who were all served before the arrival (first come, first served)."""
MANY = 4000
"""Beyond this count old observations are halved, so that a change of policy is followed."""


def _nothing() -> list[float]:
    return [0.0, 0.0]


@dataclass(slots=True)
class Precedence:
    """Precedence counts of one hall."""

    gone: defaultdict[tuple[str, str], list[float]] = field(default_factory=lambda: defaultdict(_nothing))
    """(tier, other tier) -> those of the other tier gone at the call, and those found waiting at the arrival."""
    later: defaultdict[str, list[float]] = field(default_factory=lambda: defaultdict(_nothing))
    """Tier -> later arrivals called first, and calls."""

    def called(self, tier: str, at_arrival: Mapping[str, int], still: Mapping[str, int], overtaken: int) -> None:
        """Record a call of a customer with these customers `at_arrival`, by tier, of whom `still` wait; `overtaken`
        later arrivals were called first.
        """
        for other, count in at_arrival.items():
            _add(self.gone[tier, other], count - still.get(other, 0), count)
        _add(self.later[tier], overtaken, 1)

    def places_before(self, tier: str, at_arrival: Mapping[str, int]) -> float:
        """Expected number of those waiting, by tier, who will be gone before an arrival of this tier is called."""
        return sum(count * self._share(tier, other) for other, count in at_arrival.items())

    def overtaken_by(self, tier: str) -> float:
        """Mean number of later arrivals called before a customer of this tier."""
        first, calls = self.later.get(tier, (0.0, 0.0))
        return first / (calls + FEW)

    def _share(self, tier: str, other: str) -> float:
        gone, waiting = self.gone.get((tier, other), (0.0, 0.0))
        return (gone + FEW) / (waiting + FEW)


def _add(sums: list[float], part: float, whole: float) -> None:
    sums[0], sums[1] = sums[0] + part, sums[1] + whole
    if sums[1] > MANY:
        sums[0], sums[1] = sums[0] / 2, sums[1] / 2
