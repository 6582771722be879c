"""Calibration: a range that said four in ten too few is held to what it promises, for each group of customers by itself.

Conformalised quantiles (Romano, Patterson & Candes 2019), by group (Mondrian; Vovk 2003), online: each end of the range is
moved by a share of the range's own width, and after every outcome that share takes a small step, up when the customer fell
outside and down when not (Gibbs & Candes 2021, in the form of a quantile tracker: Angelopoulos, Candes & Tibshirani 2023). Whatever
the waits do, the share of outcomes outside an end then comes to what was promised.
A step is large while few outcomes are known and never falls to nothing, so that a hall that changes is followed.

Where ranges are shown in sensible minutes, rounded outward, it is the rounded range that is held to the promise: an end is moved
inward until so many are missed by what is read. Two things bound that. A range that begins at nothing has nobody below it, so
that all who may be missed are missed above; and a range cannot be narrower than the step it is rounded to, which is what
rounding costs.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from hallflow.domain.waits.ranges import Minutes, outward

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
WITHIN = "/"
"""A group's name may name the larger groups it is part of: "gold/long" leans on "gold" while it has few outcomes."""


@dataclass(slots=True)
class Ends:
    """How far the ends of one group's ranges are moved outward, in widths; negative is inward."""

    low: float = 0.0
    high: float = 0.0
    reach: float = 1.0
    """How far outcomes lie from the moved ends: a step is measured by it, for a range may be wrong by any number of widths."""
    count: int = 0

    def step(
        self, below: float, above: float, missed: tuple[bool, bool], outside: tuple[float, float], least: float
    ) -> None:
        """An outcome lay this far below and above its range before it was moved (widths; negative: inside).

        `missed` says at which end it lies outside what is shown, `outside` which share of them may; no step is under `least`.
        """
        self.count += 1
        off = (abs(below - self.low) + abs(above - self.high)) / 2
        self.reach += max(1 / self.count, least) * (off - self.reach)
        step = max(FIRST_STEP / self.count**FADES, least) * self.reach
        self.low += step * (missed[0] - outside[0])
        self.high += step * (missed[1] - outside[1])
        # ends that have met can go no further inward: what they went beyond that they would have to come back
        beyond = min(self.low + self.high + 1, 0.0) / 2
        self.low -= beyond
        self.high -= beyond


@dataclass(slots=True)
class Calibration:
    """What the outcomes so far have taught, by group; a group is a tier, or any finer name of those who are promised alike."""

    groups: dict[str, Ends] = field(default_factory=dict)
    rounded: bool = False
    """Whether ranges are shown in sensible minutes, rounded outward."""
    least: float = LAST_STEP
    """The least step; where many halls are calibrated together, thousands of outcomes a day follow a change by smaller ones."""

    def adjust(self, group: str, low: float, likely: float, high: float) -> Minutes:
        """The range to show, before it is rounded, for one that was foreseen (minutes): 0 <= low <= likely <= high."""
        ends, width = self._ends(group), high - low + ONE_MINUTE
        down, up = max(low - ends.low * width, 0.0), max(high + ends.high * width, 0.0)
        if down > up:
            # both ends were moved inward, past each other
            down = up = (down + up) / 2
        return down, min(max(likely, down), up), up

    def update(self, group: str, low: float, likely: float, high: float, actual: float) -> None:
        """Learn from an outcome (minutes); the range is the one that was foreseen, as it was given to `adjust`."""
        width = high - low + ONE_MINUTE
        below, above = (low - actual) / width, (actual - high) / width
        if not self.rounded:
            for name in _around(group):
                ends = self.groups.setdefault(name, Ends())
                ends.step(below, above, (below > ends.low, above > ends.high), (OUTSIDE, OUTSIDE), self.least)
            return
        shown = outward(*self.adjust(group, low, likely, high))
        outside = (OUTSIDE, OUTSIDE) if shown.low > 0 else (0.0, 2 * OUTSIDE)
        missed = (actual < shown.low, actual > shown.high)
        for name in _around(group):
            self.groups.setdefault(name, Ends()).step(below, above, missed, outside, self.least)

    def as_data(self) -> dict[str, Any]:
        """Plain JSON; `from_data` gives the same value back."""
        return asdict(self)

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> "Calibration":
        """What `as_data` wrote."""
        groups = {group: Ends(**ends) for group, ends in data["groups"].items()}
        return cls(groups, data.get("rounded", False), data.get("least", LAST_STEP))

    def _ends(self, group: str) -> Ends:
        ends = Ends()
        for name in reversed(_around(group)):
            own = self.groups.get(name, Ends())
            part = min(own.count / FEW, 1.0)
            ends = Ends(part * own.low + (1 - part) * ends.low, part * own.high + (1 - part) * ends.high)
        return ends


def _around(group: str) -> list[str]:
    """The group, the larger ones it is part of, and everybody."""
    parts = group.split(WITHIN)
    names = [WITHIN.join(parts[:n]) for n in range(len(parts), 0, -1)]
    return list(dict.fromkeys((*names, EVERYBODY)))
