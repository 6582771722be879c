"""Shift patterns: every shift of the plan with every placement of its breaks, on a grid of quarter-hours."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import time
from itertools import pairwise, product

import numpy as np

from hallflow.domain.quarters import QUARTER_MINUTES
from hallflow.domain.roster.shifts import BreakRule, Shift
from hallflow.foresight.arrays import Bools

CHOICES = 4
"""Most placements tried for a break: more do not improve the cover, but slow the solver."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """A shift with its breaks placed, in minutes of the hall's day."""

    shift: str
    start: int
    end: int
    breaks: tuple[tuple[int, int], ...]
    paid: int
    """Paid minutes."""

    def works(self, minute: int) -> bool:
        """Whether it staffs a counter in the quarter-hour that begins at `minute`."""
        inside = self.start <= minute and minute + QUARTER_MINUTES <= self.end
        return inside and all(minute + QUARTER_MINUTES <= a or b <= minute for a, b in self.breaks)


def patterns(shifts: Mapping[str, Shift], minutes: Sequence[int]) -> list[Pattern]:
    """The patterns for a day whose quarter-hours begin at `minutes`, at least three quarters of them within business hours."""
    every = [pattern for shift in shifts.values() for pattern in _of(shift)]
    opens, closes = minutes[0], minutes[-1] + QUARTER_MINUTES
    return [p for p in every if min(p.end, closes) - max(p.start, opens) >= 0.75 * (p.end - p.start)]


def grid(candidates: Sequence[Pattern], minutes: Sequence[int]) -> Bools:
    """(patterns, Q): whether each pattern works in each quarter-hour."""
    return np.array([[p.works(minute) for minute in minutes] for p in candidates], bool).reshape(
        len(candidates), len(minutes)
    )


def _of(shift: Shift) -> Iterator[Pattern]:
    for begins in shift.starts:
        start = _minutes(begins)
        end = start + shift.minutes
        places = [_places(each, start, end) for each in shift.breaks]
        # a break that does not fit this start is left out
        for chosen in product(*(place or [None] for place in places)):
            taken = tuple(sorted(each for each in chosen if each is not None))
            if all(a[1] < b[0] for a, b in pairwise(taken)):
                off = 0 if shift.paid_breaks else sum(b - a for a, b in taken)
                yield Pattern(shift.key, start, end, taken, shift.minutes - off)


def _places(pause: BreakRule, start: int, end: int) -> list[tuple[int, int] | None]:
    first = max(_minutes(pause.earliest), start + QUARTER_MINUTES)
    last = min(_minutes(pause.latest), end - QUARTER_MINUTES) - pause.minutes
    at = list(range(first, last + 1, QUARTER_MINUTES))
    step = max(-(-len(at) // CHOICES), 1)
    return [(minute, minute + pause.minutes) for minute in at[::step]]


def _minutes(at: time) -> int:
    return at.hour * 60 + at.minute
