"""Every way a day can be worked: the shifts of a company with their breaks set out, on a grid of quarter-hours."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import time
from itertools import pairwise, product

import numpy as np

from hallflow.domain.quarters import QUARTER_MINUTES
from hallflow.domain.roster.shifts import Break, Shift
from hallflow.foresight.arrays import Bools

CHOICES = 4
"""A break is tried at so many times at most: more choices make the cover no better, and the sum longer."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """One way to work a shift; minutes of the hall's day."""

    shift: str
    start: int
    end: int
    breaks: tuple[tuple[int, int], ...]
    paid: int
    """Minutes."""

    def works(self, minute: int) -> bool:
        """Whether somebody on it is at a counter for the quarter-hour that begins here."""
        inside = self.start <= minute and minute + QUARTER_MINUTES <= self.end
        return inside and all(minute + QUARTER_MINUTES <= a or b <= minute for a, b in self.breaks)


def patterns(shifts: Mapping[str, Shift], minutes: Sequence[int]) -> list[Pattern]:
    """The patterns that serve a day whose quarter-hours begin at these minutes; none that works mostly while nobody may come."""
    found = [pattern for shift in shifts.values() for pattern in _of(shift)]
    opens, closes = minutes[0], minutes[-1] + QUARTER_MINUTES
    return [p for p in found if min(p.end, closes) - max(p.start, opens) >= 0.75 * (p.end - p.start)]


def grid(found: Sequence[Pattern], minutes: Sequence[int]) -> Bools:
    """Who works when, (patterns, Q)."""
    return np.array([[p.works(minute) for minute in minutes] for p in found], bool).reshape(len(found), len(minutes))


def _of(shift: Shift) -> Iterator[Pattern]:
    for begins in shift.starts:
        start = _minutes(begins)
        end = start + shift.minutes
        places = [_places(each, start, end) for each in shift.breaks]
        # a break that does not fit this start is not taken
        for chosen in product(*(place or [None] for place in places)):
            taken = tuple(sorted(each for each in chosen if each is not None))
            if all(a[1] < b[0] for a, b in pairwise(taken)):
                off = 0 if shift.paid_breaks else sum(b - a for a, b in taken)
                yield Pattern(shift.key, start, end, taken, shift.minutes - off)


def _places(pause: Break, start: int, end: int) -> list[tuple[int, int] | None]:
    first = max(_minutes(pause.earliest), start + QUARTER_MINUTES)
    last = min(_minutes(pause.latest), end - QUARTER_MINUTES) - pause.minutes
    at = list(range(first, last + 1, QUARTER_MINUTES))
    step = max(-(-len(at) // CHOICES), 1)
    return [(minute, minute + pause.minutes) for minute in at[::step]]


def _minutes(at: time) -> int:
    return at.hour * 60 + at.minute
