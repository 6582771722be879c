"""A named week: who works which of the week's shifts, by certificate, hours, rest and wishes.

With the extra `roster` CP-SAT finds it and says how far from the best it may be; without it a greedy takes the hardest shift
first and gives it to whoever is freest for it, and says that it is greedy.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hallflow.domain.shifts import Person, RosterRules
from hallflow.foresight.cover import Kind
from hallflow.foresight.patterns import Pattern
from hallflow.foresight.solver import AVAILABLE

SECONDS = 20.0
UNFILLED, UNWISHED, UNEVEN = 10_000, 40, 1
"""What an unfilled quarter-hour, a wish not kept, and a quarter-hour more for the busiest person cost."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One shift of the week that somebody has to work."""

    day: date
    pattern: Pattern
    kind: Kind
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


def assign(asked: Sequence[Asked], rules: RosterRules, seconds: float = SECONDS, *, exact: bool | None = None) -> Week:
    """Give every shift to somebody who may work it, as far as that can be done."""
    if exact if exact is not None else AVAILABLE:
        from hallflow.foresight.weeksat import solve

        return solve(asked, rules, seconds)
    return _greedy(asked, rules)


def able(asked: Asked, person: Person) -> bool:
    """Whether somebody may work a shift at all."""
    if asked.worked_by is not None:
        return asked.worked_by == person.key
    if asked.day in person.away or person.services == frozenset():
        return False
    return (asked.kind.services is None and person.services is None) or (
        asked.kind.services is not None and person.may(asked.kind.services)
    )


def unwished(asked: Asked, person: Person) -> int:
    """How many of their wishes it breaks."""
    other = bool(person.wishes_shifts) and asked.pattern.shift not in person.wishes_shifts
    return int(asked.day.weekday() in person.wishes_off) + int(other)


def too_close(one: Asked, other: Asked, rest_hours: float) -> bool:
    """Whether nobody may work both: on one day, or with too little rest between."""
    if one.day > other.day:
        one, other = other, one
    between = (other.day - one.day).days * 1440 + other.pattern.start - one.pattern.end
    return one.day == other.day or between < rest_hours * 60


def _greedy(asked: Sequence[Asked], rules: RosterRules) -> Week:
    people = list(rules.people.values())
    fits = [[p for p in people if able(each, p)] for each in asked]
    mine: dict[str, list[Asked]] = {p.key: [] for p in people}
    by: list[str | None] = [None] * len(asked)
    # what has been worked is settled first
    hardest = sorted(
        range(len(asked)),
        key=lambda i: (
            not asked[i].worked_by,
            len(fits[i]),
            -asked[i].pattern.paid,
            asked[i].day,
            asked[i].pattern.start,
        ),
    )
    for i in hardest:
        free = [p for p in fits[i] if _may_take(asked[i], p, mine[p.key], rules)]
        if free:
            chosen = min(free, key=lambda p: (unwished(asked[i], p), _used(mine[p.key], p), _breadth(p), p.key))
            by[i] = chosen.key
            mine[chosen.key].append(asked[i])
    return Week(tuple(by), "greedy", None)


def _may_take(asked: Asked, person: Person, has: Sequence[Asked], rules: RosterRules) -> bool:
    hours = sum(each.pattern.paid for each in (*has, asked)) / 60
    return (
        len(has) < rules.days_at_most
        and hours <= person.hours_at_most
        and not any(too_close(asked, each, rules.rest_hours) for each in has)
    )


def _used(has: Sequence[Asked], person: Person) -> float:
    return sum(each.pattern.paid for each in has) / 60 / max(person.hours_at_most, 1.0)


def _breadth(person: Person) -> int:
    """Whoever may do much is kept for what others may not."""
    return 10**6 if person.services is None else len(person.services)


def faults(asked: Sequence[Asked], by: Sequence[str | None], rules: RosterRules) -> list[str]:
    """What a week asks of somebody that it may not; empty for one that can be worked."""
    found = []
    mine: Mapping[str, list[Asked]] = {
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
