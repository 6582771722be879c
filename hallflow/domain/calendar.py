"""What a hall knows of days that are not like others: whose holidays it keeps, its bills, its month ends and its own events."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from hallflow.domain.languages import UNDETERMINED, Language, Words


@dataclass(frozen=True, slots=True)
class HallEvent:
    """Something of the hall's own: a sale, a fair, a street that is dug up."""

    name: Words
    dates: frozenset[date]
    factor: float = 1.0
    """Arrivals against an ordinary day, until such days have been seen."""
    services: frozenset[str] = frozenset()
    """Those it concerns; empty: all."""


@dataclass(frozen=True, slots=True)
class CalendarRules:
    """Which days differ, and by how much as long as none of them has been seen."""

    country: str | None = None
    """Whose public holidays, as the library `holidays` names it; None: nobody's."""
    subdivision: str | None = None
    billing_days: frozenset[int] = frozenset()
    billing_services: frozenset[str] = frozenset()
    """The services that billing days concern; empty: all."""
    month_end_days: int = 0
    factors: Mapping[str, float] = field(default_factory=dict)
    """Planned factors by kind of day; one not named is 1."""
    events: tuple[HallEvent, ...] = ()
    languages: tuple[Language, ...] = (UNDETERMINED,)
    """In which holidays have a name."""


KINDS = ("holiday", "before_holiday", "after_holiday", "makeup_workday", "month_end", "billing")
"""The kinds of days that every hall has; `event:<name>` are its own."""
