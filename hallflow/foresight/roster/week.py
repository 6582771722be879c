"""A named week: who may work which of the week's shifts, by certificate, hours, rest and wishes, and what each fault costs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hallflow.domain.roster.shifts import Person, RosterRules
from hallflow.foresight.roster.cover import ShiftKind
from hallflow.foresight.roster.patterns import Pattern

UNFILLED, UNWISHED, UNEVEN = 10_000, 40, 1
"""What an unfilled quarter-hour, a wish not kept, and a quarter-hour more for the busiest person cost."""


@dataclass(frozen=True, slots=True)
class ShiftAsked:
    """One shift of the week that somebody has to work."""

    day: date
    pattern: Pattern
    kind: ShiftKind
    worked_by: str | None = None
    """Who has worked it already, on a day that is over."""

    def begins(self, zone: ZoneInfo) -> datetime:
        """When it begins."""
        return datetime.combine(self.day, time(), zone) + timedelta(minutes=self.pattern.start)

    def ends(self, zone: ZoneInfo) -> datetime:
        """When it is over."""
        return datetime.combine(self.day, time(), zone) + timedelta(minutes=self.pattern.end)


@dataclass(frozen=True, slots=True)
class Week:
    """By shift the person who works it, None where nobody can."""

    by: tuple[str | None, ...]
    how: str
    """`cp-sat` or `greedy`."""
    gap: float | None
    """By so much of its cost at most it could be better; None where nothing was proven."""


def able(asked: ShiftAsked, person: Person) -> bool:
    """Whether somebody may work a shift at all."""
    if asked.worked_by is not None:
        return asked.worked_by == person.key
    if asked.day in person.away or person.services == frozenset():
        return False
    return (asked.kind.services is None and person.services is None) or (
        asked.kind.services is not None and person.may(asked.kind.services)
    )


def unwished(asked: ShiftAsked, person: Person) -> int:
    """How many of their wishes it breaks."""
    other = bool(person.wishes_shifts) and asked.pattern.shift not in person.wishes_shifts
    return int(asked.day.weekday() in person.wishes_off) + int(other)


def too_close(one: ShiftAsked, other: ShiftAsked, rest_hours: float) -> bool:
    """Whether nobody may work both: on one day, or with too little rest between."""
    if one.day > other.day:
        one, other = other, one
    between = (other.day - one.day).days * 1440 + other.pattern.start - one.pattern.end
    return one.day == other.day or between < rest_hours * 60


def faults(asked: Sequence[ShiftAsked], by: Sequence[str | None], rules: RosterRules) -> list[str]:
    """What a week asks of somebody that it may not; empty for one that can be worked."""
    found = []
    mine: Mapping[str, list[ShiftAsked]] = {
        key: [a for a, who in zip(asked, by, strict=True) if who == key] for key in rules.people
    }
    for key, has in mine.items():
        person = rules.people[key]
        if sum(a.pattern.paid for a in has) > person.hours_at_most * 60:
            found.append(f"{key}: more hours than theirs")
        if len(has) > rules.days_at_most:
            found.append(f"{key}: more days than may be")
        found += [f"{key}: may not work on {a.day}" for a in has if not able(a, person)]
        found += [
            f"{key}: too close on {a.day}"
            for i, a in enumerate(has)
            for b in has[:i]
            if too_close(a, b, rules.rest_hours)
        ]
    return found
