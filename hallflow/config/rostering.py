"""Mapping from staffing.toml to the roster's rules: shifts, people, and limits of a working week."""

from datetime import date

from hallflow.config.staffing import PersonShape, ShiftShape, StaffingFile
from hallflow.config.values import DAYS, clock_time
from hallflow.domain.roster.shifts import BreakRule, Person, RosterRules, Shift


def build_roster(hall: str, file: StaffingFile) -> RosterRules:
    """The roster rules of this hall."""
    return RosterRules(
        shifts={key: _shift(key, shape) for key, shape in file.shifts.items()},
        people={key: _person(key, shape) for key, shape in file.people.get(hall, {}).items()},
        **file.roster.model_dump(),
    )


def _shift(key: str, shape: ShiftShape) -> Shift:
    return Shift(
        key=key,
        name=shape.name,
        starts=tuple(clock_time(start) for start in shape.starts),
        minutes=round(shape.hours * 60),
        breaks=tuple(BreakRule(b.minutes, clock_time(b.earliest), clock_time(b.latest)) for b in shape.breaks),
        paid_breaks=shape.paid_breaks,
    )


def _person(key: str, shape: PersonShape) -> Person:
    return Person(
        key=key,
        name=shape.name,
        services=None if shape.certificates is None else frozenset(shape.certificates),
        hours_at_most=shape.hours,
        away=frozenset(date.fromisoformat(day) for day in shape.away),
        wishes_off=frozenset(DAYS.index(day) for day in shape.off),
        wishes_shifts=frozenset(shape.likes),
    )
