"""Constraints and costs of staff assignment: certificates, hours, rest times and wishes of a week's shifts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hallflow.domain.roster.shifts import Person, RosterRules
from hallflow.foresight.roster.cover import ShiftKind
from hallflow.foresight.roster.patterns import Pattern

UNFILLED, UNWISHED, UNEVEN = 10_000, 40, 1
"""Costs of an unfilled quarter-hour, of a broken wish, and of a quarter-hour more for the busiest person."""


@dataclass(frozen=True, slots=True)
class ShiftAsked:
    """One shift to assign."""

    day: date
    pattern: Pattern
    kind: ShiftKind
    worked_by: str | None = None
    """The person who has already worked it, on a past day."""

    def begins(self, zone: ZoneInfo) -> datetime:
        """Start as an aware moment."""
        return datetime.combine(self.day, time(), zone) + timedelta(minutes=self.pattern.start)

    def ends(self, zone: ZoneInfo) -> datetime:
        """End as an aware moment."""
        return datetime.combine(self.day, time(), zone) + timedelta(minutes=self.pattern.end)


@dataclass(frozen=True, slots=True)
class Week:
    """An assignment: each shift's person, None where nobody can work it."""

    by: tuple[str | None, ...]
    how: str
    """`cp-sat` or `greedy`."""
    gap: float | None
    """Optimality gap as a share of the cost; None without a proof."""


def able(asked: ShiftAsked, person: Person) -> bool:
    """Whether a person may work a shift: certificate and absences."""
    if asked.worked_by is not None:
        return asked.worked_by == person.key
    if asked.day in person.away or person.services == frozenset():
        return False
    return (asked.kind.services is None and person.services is None) or (
        asked.kind.services is not None and person.may(asked.kind.services)
    )


def unwished(asked: ShiftAsked, person: Person) -> int:
    """Number of the person's wishes that the shift breaks."""
    other = bool(person.wishes_shifts) and asked.pattern.shift not in person.wishes_shifts
    return int(asked.day.weekday() in person.wishes_off) + int(other)


def too_close(one: ShiftAsked, other: ShiftAsked, rest_hours: float) -> bool:
    """Whether no person may work both shifts: on the same day, or without the minimum rest."""
    if one.day > other.day:
        one, other = other, one
    between = (other.day - one.day).days * 1440 + other.pattern.start - one.pattern.end
    return one.day == other.day or between < rest_hours * 60


def faults(asked: Sequence[ShiftAsked], by: Sequence[str | None], rules: RosterRules) -> list[str]:
    """Violated constraints of an assignment, in words; empty if it is feasible."""
    violations = []
    mine: Mapping[str, list[ShiftAsked]] = {
        key: [a for a, who in zip(asked, by, strict=True) if who == key] for key in rules.people
    }
    for key, has in mine.items():
        person = rules.people[key]
        if sum(a.pattern.paid for a in has) > person.hours_at_most * 60:
            violations.append(f"{key}: more hours than theirs")
        if len(has) > rules.days_at_most:
            violations.append(f"{key}: more days than may be")
        violations += [f"{key}: may not work on {a.day}" for a in has if not able(a, person)]
        violations += [
            f"{key}: too close on {a.day}"
            for i, a in enumerate(has)
            for b in has[:i]
            if too_close(a, b, rules.rest_hours)
        ]
    return violations
