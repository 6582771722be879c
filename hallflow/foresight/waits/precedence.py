"""Who is called before whom, as the calls tell it: no plan and no policy is asked, for a log knows neither.

For each pair of tiers: of those who waited when somebody came, the share who were gone when that one was called, be it that they
were called before or had left. And for each tier how many who came later were called first.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

FEW = 5
"""So many who all were gone before stand in for what was not seen yet: first come, first called."""
MANY = 4000
"""Beyond so many the old ones count half, so that a hall that calls otherwise is followed."""


def _nothing() -> list[float]:
    return [0.0, 0.0]


@dataclass(slots=True)
class Precedence:
    """What one hall's calls have told so far."""

    gone: defaultdict[tuple[str, str], list[float]] = field(default_factory=lambda: defaultdict(_nothing))
    """By tier and the other's tier: those of the other who were gone at the call, and those who had been found waiting."""
    later: defaultdict[str, list[float]] = field(default_factory=lambda: defaultdict(_nothing))
    """By tier: those called first though they came later, and calls."""

    def called(self, tier: str, found: Mapping[str, int], still: Mapping[str, int], overtaken: int) -> None:
        """Somebody who had found so many waiting, by tier, is called while these of them still wait."""
        for other, count in found.items():
            _add(self.gone[tier, other], count - still.get(other, 0), count)
        _add(self.later[tier], overtaken, 1)

    def places_before(self, tier: str, found: Mapping[str, int]) -> float:
        """How many of those who wait will be gone before whoever comes now is called."""
        return sum(count * self._share(tier, other) for other, count in found.items())

    def overtaken_by(self, tier: str) -> float:
        """How many who come later are called first, on average."""
        first, calls = self.later.get(tier, (0.0, 0.0))
        return first / (calls + FEW)

    def _share(self, tier: str, other: str) -> float:
        gone, found = self.gone.get((tier, other), (0.0, 0.0))
        return (gone + FEW) / (found + FEW)


def _add(sums: list[float], part: float, whole: float) -> None:
    sums[0], sums[1] = sums[0] + part, sums[1] + whole
    if sums[1] > MANY:
        sums[0], sums[1] = sums[0] / 2, sums[1] / 2
