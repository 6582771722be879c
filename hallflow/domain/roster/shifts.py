"""Who may work when: the shifts of a company, the people of a hall, and what a week may ask of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time

from hallflow.domain.languages import Words


@dataclass(frozen=True, slots=True)
class Break:
    """A pause within a shift: so many minutes, somewhere between two times of the clock."""

    minutes: int
    earliest: time
    latest: time
    """When it is over at the latest."""


@dataclass(frozen=True, slots=True)
class Shift:
    """A kind of working day, which may begin at several times."""

    key: str
    name: Words
    starts: tuple[time, ...]
    minutes: int
    """From coming to going, breaks and all."""
    breaks: tuple[Break, ...] = ()
    paid_breaks: bool = False


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody on the roster of a hall."""

    key: str
    name: str
    services: frozenset[str] | None = None
    """What they are certified for; None is everything, nothing keeps them off every counter."""
    hours_at_most: float = 40.0
    away: frozenset[date] = frozenset()
    wishes_off: frozenset[int] = frozenset()
    """Weekdays they would like to have off, 0 is Monday; kept where the hall can."""
    wishes_shifts: frozenset[str] = frozenset()
    """The shifts they would rather work; none is any."""

    def may(self, services: frozenset[str]) -> bool:
        """Whether they are certified for all of these."""
        return self.services is None or (bool(services) and services <= self.services)


@dataclass(frozen=True, slots=True)
class RosterRules:
    """What a week asks for, and what it may not ask."""

    shifts: Mapping[str, Shift] = field(default_factory=dict)
    people: Mapping[str, Person] = field(default_factory=dict)
    shrinkage: float = 0.0
    """The share of rostered time that is lost to illness, training and the like."""
    rest_hours: float = 11.0
    days_at_most: int = 5
