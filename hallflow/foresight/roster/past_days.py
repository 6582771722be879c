"""Past days of a week that is planned again: they stay fixed and count towards people's limits."""

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
    """Rows of a stored roster for the days before today."""

    shifts: Sequence[Row] = ()
    short: Sequence[Row] = ()
    cover: Sequence[Row] = ()

    @property
    def open_days(self) -> int:
        """Number of these days on which the hall was open."""
        return len({row["day"] for row in self.cover})

    @property
    def required_hours(self) -> float:
        """Required counter-hours, from the half-hourly figures."""
        return float(sum(row["required"] for row in self.cover)) / 2

    @property
    def rostered_hours(self) -> float:
        """Paid hours of their shifts."""
        return float(sum(shift["paid_minutes"] for shift in self.shifts)) / 60

    @property
    def unfilled(self) -> int:
        """Number of unfilled shifts."""
        return sum(shift["person"] is None for shift in self.shifts)

    def worked(self, people: Set[str]) -> list[ShiftAsked]:
        """Shifts worked by people still on the roster, each fixed to its person."""
        return [_asked(shift) for shift in self.shifts if shift["person"] in people]


def past_days(roster: Row | None, today: date) -> PastDays:
    """The past days of a stored roster; none without one."""
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
