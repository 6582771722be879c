"""The days of a week that are over when it is planned again: they stay as they were, and count for what people may still work."""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date
from typing import Any

from hallflow.foresight.roster.cover import ShiftKind
from hallflow.foresight.roster.patterns import Pattern
from hallflow.foresight.roster.week import ShiftAsked

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class PastDays:
    """The rows of a kept roster for the days before today."""

    shifts: Sequence[Row] = ()
    short: Sequence[Row] = ()
    cover: Sequence[Row] = ()

    @property
    def open_days(self) -> int:
        """On how many of them the hall was open."""
        return len({row["day"] for row in self.cover})

    @property
    def required_hours(self) -> float:
        """Counter-hours they required, as far as half-hours tell."""
        return float(sum(row["required"] for row in self.cover)) / 2

    @property
    def rostered_hours(self) -> float:
        """Paid hours of their shifts."""
        return float(sum(shift["paid_minutes"] for shift in self.shifts)) / 60

    @property
    def unfilled(self) -> int:
        """Shifts that nobody had."""
        return sum(shift["person"] is None for shift in self.shifts)

    def worked(self, people: Set[str]) -> list[ShiftAsked]:
        """The shifts of those who are still on the roster, each theirs alone."""
        return [_asked(shift) for shift in self.shifts if shift["person"] in people]


def past_days(roster: Row | None, today: date) -> PastDays:
    """Those of the week that a roster is kept for; none where none is."""
    if roster is None:
        return PastDays()
    return PastDays(
        *([row for row in roster[name] if row["day"] < today.isoformat()] for name in ("shifts", "short", "cover"))
    )


def _asked(shift: Row) -> ShiftAsked:
    breaks = tuple((_minute(a), _minute(b)) for a, b in shift["breaks"])
    pattern = Pattern(shift["shift"], _minute(shift["start"]), _minute(shift["end"]), breaks, shift["paid_minutes"])
    return ShiftAsked(date.fromisoformat(shift["day"]), pattern, ShiftKind(None), shift["person"])


def _minute(clock: str) -> int:
    hours, minutes = clock.split(":")
    return int(hours) * 60 + int(minutes)
