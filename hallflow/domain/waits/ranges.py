"""The prediction interval of a wait as it is shown: sensible minutes, rounded outward so that rounding never narrows it."""

from dataclasses import dataclass

Minutes = tuple[float, float, float]
"""A range of minutes as it is predicted: low, likely, high."""


@dataclass(frozen=True, slots=True)
class WaitRange:
    """An 80 % prediction interval of the minutes until called, with its likely value."""

    low: int
    likely: int
    high: int

    def as_tuple(self) -> tuple[int, int, int]:
        """The range in the form that the log stores."""
        return (self.low, self.likely, self.high)


def step(minutes: float) -> int:
    """The rounding step: one minute for short waits, five up to half an hour, ten beyond."""
    if minutes < 5:
        return 1
    return 5 if minutes < 30 else 10


def outward(low: float, likely: float, high: float) -> WaitRange:
    """Round the ends of a range away from each other, the middle to its nearest minute within them."""
    low, high = max(low, 0.0), max(high, 1.0)
    down = int(low // step(low)) * step(low)
    up = int(-(-high // step(high))) * step(high)
    up = max(up, down + step(down))
    return WaitRange(down, min(max(round(likely), down), up), up)
