"""Calibration: a range that said four in ten too few is held to what it promises, for each group of customers by itself.

Conformalised quantiles (Romano, Patterson & Candes 2019), by group (Mondrian; Vovk 2003), online: each end of the range is
moved by a share of the range's own width, and after every outcome that share takes a small step, up when the customer fell
outside and down when not (Gibbs & Candes 2021, in the form of a quantile tracker: Angelopoulos, Candes & Tibshirani 2023). Whatever
the waits do, the share of outcomes outside an end then comes to what was promised.
A step is large while few outcomes are known and never falls to nothing, so that a hall that changes is followed.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

Minutes = tuple[float, float, float]

OUTSIDE = 0.1
"""Of the outcomes, so many may lie below a range and so many above it."""
FIRST_STEP, LAST_STEP = 1.0, 0.05
FADES = 0.6
"""The n-th step is FIRST_STEP / n ** FADES, but at least LAST_STEP (Angelopoulos, Barber & Bates 2024)."""
ONE_MINUTE = 1.0
"""Added to the width: a range of no width can still be moved."""
FEW = 30
"""A group with fewer outcomes leans on all groups together."""
EVERYBODY = ""


@dataclass(slots=True)
class Ends:
    """How far the ends of one group's ranges are moved outward, in widths; negative is inward."""

    low: float = 0.0
    high: float = 0.0
    reach: float = 1.0
    """How far outcomes lie from the moved ends: a step is measured by it, for a range may be wrong by any number of widths."""
    count: int = 0

    def step(self, below: float, above: float) -> None:
        """An outcome lay this far below and above its range before it was moved (widths; negative: inside)."""
        self.count += 1
        off = (abs(below - self.low) + abs(above - self.high)) / 2
        self.reach += max(1 / self.count, LAST_STEP) * (off - self.reach)
        step = max(FIRST_STEP / self.count**FADES, LAST_STEP) * self.reach
        self.low += step * ((below > self.low) - OUTSIDE)
        self.high += step * ((above > self.high) - OUTSIDE)


@dataclass(slots=True)
class Calibration:
    """What the outcomes so far have taught, by group; a group is a tier, or any finer name of those who are promised alike."""

    groups: dict[str, Ends] = field(default_factory=dict)

    def adjust(self, group: str, low: float, likely: float, high: float) -> Minutes:
        """The range to show for a range that was foreseen (minutes): 0 <= low <= likely <= high."""
        ends, width = self._ends(group), high - low + ONE_MINUTE
        down, up = max(low - ends.low * width, 0.0), max(high + ends.high * width, 0.0)
        if down > up:
            # both ends were moved inward, past each other
            down = up = (down + up) / 2
        return down, min(max(likely, down), up), up

    def update(self, group: str, low: float, likely: float, high: float, actual: float) -> None:
        """Learn from an outcome (minutes); the range is the one that was foreseen, as it was given to `adjust`."""
        width = high - low + ONE_MINUTE
        for name in dict.fromkeys((group, EVERYBODY)):
            self.groups.setdefault(name, Ends()).step((low - actual) / width, (actual - high) / width)

    def as_data(self) -> dict[str, Any]:
        """Plain JSON; `from_data` gives the same value back."""
        return asdict(self)

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> "Calibration":
        """What `as_data` wrote."""
        return cls({group: Ends(**ends) for group, ends in data["groups"].items()})

    def _ends(self, group: str) -> Ends:
        own, every = self.groups.get(group, Ends()), self.groups.get(EVERYBODY, Ends())
        if own.count >= FEW:
            return own
        part = own.count / FEW
        return Ends(part * own.low + (1 - part) * every.low, part * own.high + (1 - part) * every.high)
