"""Calendar effects of a hall: public holidays, billing days, month ends and the hall's own events, with their arrival factors."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from hallflow.domain.languages import UNDETERMINED, Language, Words


@dataclass(frozen=True, slots=True)
class HallEvent:
    """An event of this hall alone: a sale, a fair, a street that is dug up."""

    name: Words
    dates: frozenset[date]
    factor: float = 1.0
    """Arrivals relative to an ordinary day, until a factor has been learned from such days."""
    services: frozenset[str] = frozenset()
    """The services it concerns; empty: all."""


@dataclass(frozen=True, slots=True)
class CalendarRules:
    """Which days are special, and the factors assumed until they have been learned."""

    country: str | None = None
    """The country whose public holidays count, as the library `holidays` names it; None: no public holidays."""
    subdivision: str | None = None
    billing_days: frozenset[int] = frozenset()
    billing_services: frozenset[str] = frozenset()
    """The services that billing days concern; empty: all."""
    month_end_days: int = 0
    factors: Mapping[str, float] = field(default_factory=dict)
    """Assumed factors by kind of day; a kind that is not named has 1."""
    events: tuple[HallEvent, ...] = ()
    languages: tuple[Language, ...] = (UNDETERMINED,)
    """The languages in which the names of holidays are given."""


KINDS = ("holiday", "before_holiday", "after_holiday", "makeup_workday", "month_end", "billing")
"""The kinds of special days that every hall has; its own events have the kinds `event:<name>`."""
