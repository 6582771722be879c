"""Shifts and working-time rules: the kinds of shifts, the people of a hall, and the constraints of a week's roster."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time

from hallflow.domain.languages import Words


@dataclass(frozen=True, slots=True)
class BreakRule:
    """A break within a shift: its minutes, and the time window in which it is placed."""

    minutes: int
    earliest: time
    latest: time
    """Its latest end."""


@dataclass(frozen=True, slots=True)
class Shift:
    """A kind of shift, which may begin at several times of day."""

    key: str
    name: Words
    starts: tuple[time, ...]
    minutes: int
    """Its length from begin to end, breaks included."""
    breaks: tuple[BreakRule, ...] = ()
    paid_breaks: bool = False


@dataclass(frozen=True, slots=True)
class Person:
    """A person on the roster of a hall."""

    key: str
    name: str
    services: frozenset[str] | None = None
    """The services they are certified for; None means all, an empty set none."""
    hours_at_most: float = 40.0
    away: frozenset[date] = frozenset()
    wishes_off: frozenset[int] = frozenset()
    """Weekdays they would like off (0 is Monday): a soft constraint."""
    wishes_shifts: frozenset[str] = frozenset()
    """The shifts they prefer; empty means any."""

    def may(self, services: frozenset[str]) -> bool:
        """Whether they are certified for all of these services."""
        return self.services is None or (bool(services) and services <= self.services)


@dataclass(frozen=True, slots=True)
class RosterRules:
    """The hard constraints and the allowances of a week's roster."""

    shifts: Mapping[str, Shift] = field(default_factory=dict)
    people: Mapping[str, Person] = field(default_factory=dict)
    shrinkage: float = 0.0
    """The share of rostered time lost to illness, training and the like."""
    rest_hours: float = 11.0
    days_at_most: int = 5
