"""Online conformal calibration: prediction intervals corrected until their coverage is the nominal one, for each group of customers.

Conformalized quantiles (Romano, Patterson & Candes 2019), conditional on a group (Mondrian; Vovk 2003) and online: each end of
the interval is shifted by a share of the interval's own width. After every outcome that share takes a small step, outward if
the outcome lay outside and inward if not (adaptive conformal inference, Gibbs & Candes 2021, in the form of a quantile tracker:
Angelopoulos, Candes & Tibshirani 2023). In the long run the share of outcomes outside an end is then the nominal one, whatever
the distribution of waits. Steps are large while few outcomes are known, and never vanish, so that a changing hall is followed.

Where intervals are shown rounded outward to sensible minutes, the coverage of the rounded interval is calibrated: an end moves
inward until the nominal share lies outside what is shown. Two limits apply. An interval that begins at zero has nobody below
it, so all of its misses lie above; and it cannot be narrower than the step that it is rounded to.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from hallflow.domain.waits.ranges import Minutes, outward

OUTSIDE = 0.1
"""Nominal share of outcomes below an interval, and above it."""
FIRST_STEP, LAST_STEP = 1.0, 0.05
FADES = 0.6
"""The n-th step is FIRST_STEP / n ** FADES, but at least LAST_STEP (Angelopoulos, Barber & Bates 2024)."""
ONE_MINUTE = 1.0
"""Minutes added to the width, so that an interval of zero width can still be shifted."""
FEW = 30
"""A group with fewer outcomes is shrunk towards the larger groups it is part of."""
EVERYBODY = ""
WITHIN = "/"
"""Separates the levels of a group's name: "gold/long" is part of "gold" and shrunk towards it."""


@dataclass(slots=True)
class Ends:
    """Learned shift of both ends of a group's intervals, outward, in widths; negative is inward."""

    low: float = 0.0
    high: float = 0.0
    reach: float = 1.0
    """Mean distance of outcomes from the shifted ends, in widths: the unit of a step, since an interval may be wrong by any
    number of widths.
    """
    count: int = 0

    def step(
        self, below: float, above: float, missed: tuple[bool, bool], outside: tuple[float, float], least: float
    ) -> None:
        """Update after an outcome that lay `below` and `above` its uncorrected interval by this many widths (negative: inside).

        `missed` says whether it lay outside the shown low and high end, `outside` gives the nominal share of each; no step is
        under `least`.
        """
        self.count += 1
        off = (abs(below - self.low) + abs(above - self.high)) / 2
        self.reach += max(1 / self.count, least) * (off - self.reach)
        step = max(FIRST_STEP / self.count**FADES, least) * self.reach
        self.low += step * (missed[0] - outside[0])
        self.high += step * (missed[1] - outside[1])
        # ends that have met cannot move further inward; what they moved beyond that would have to be undone first
        beyond = min(self.low + self.high + 1, 0.0) / 2
        self.low -= beyond
        self.high -= beyond


@dataclass(slots=True)
class Calibration:
    """Calibration state by group; a group is a tier or a finer class of customers."""

    groups: dict[str, Ends] = field(default_factory=dict)
    rounded: bool = False
    """Whether intervals are shown rounded outward to sensible minutes."""
    least: float = LAST_STEP
    """Least step; smaller for halls calibrated together, whose thousands of outcomes a day follow a change by smaller steps."""

    def adjust(self, group: str, low: float, likely: float, high: float) -> Minutes:
        """Calibrated interval (minutes), not yet rounded, for a predicted one with 0 <= low <= likely <= high."""
        ends, width = self._ends(group), high - low + ONE_MINUTE
        down, up = max(low - ends.low * width, 0.0), max(high + ends.high * width, 0.0)
        if down > up:
            # both ends were moved inward, past each other
            down = up = (down + up) / 2
        return down, min(max(likely, down), up), up

    def update(self, group: str, low: float, likely: float, high: float, actual: float) -> None:
        """Learn from an outcome (minutes). The interval is the predicted one, as it was given to `adjust`."""
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
        """The value that `as_data` wrote."""
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
    """Names of the group, of the larger groups it is part of, and of all together."""
    parts = group.split(WITHIN)
    names = [WITHIN.join(parts[:n]) for n in range(len(parts), 0, -1)]
    return list(dict.fromkeys((*names, EVERYBODY)))
