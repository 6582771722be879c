"""The roster's part of staffing.toml: shifts, people, and what a week may ask; built, and held against the rest of the plan."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from hallflow.config.faults import PlanFault, place_of, unknown
from hallflow.config.staffing import PersonShape, ShiftShape, StaffingFile
from hallflow.config.values import DAYS, clock_time
from hallflow.domain.roster.shifts import Break, Person, RosterRules, Shift

Table = Mapping[str, Any]
FILE = "staffing.toml"


def build_roster(hall: str, file: StaffingFile) -> RosterRules:
    """What this hall's roster is made from."""
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
        breaks=tuple(Break(b.minutes, clock_time(b.earliest), clock_time(b.latest)) for b in shape.breaks),
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


def roster_faults(staffing: Table, halls: Mapping[str, Table], services: Table) -> Iterator[PlanFault]:
    """Names that the roster takes from elsewhere, and are not there."""
    shifts, people = _table(staffing, "shifts"), _table(staffing, "people")
    if people and not shifts:
        yield PlanFault(FILE, "people", "people need shifts to work: write at least one as [shifts.<key>]")
    for hall, named in people.items():
        if hall not in halls:
            yield PlanFault(FILE, place_of("people", hall), unknown("hall", hall, halls))
        for key, person in named.items() if isinstance(named, Mapping) else ():
            if not isinstance(person, Mapping):
                continue
            for service in _texts(person, "certificates"):
                if services and service not in services:
                    yield PlanFault(
                        FILE, place_of("people", hall, key, "certificates"), unknown("service", service, services)
                    )
            for shift in _texts(person, "likes"):
                if shift not in shifts:
                    yield PlanFault(FILE, place_of("people", hall, key, "likes"), unknown("shift", shift, shifts))


def _table(table: Table, name: str) -> Table:
    found = table.get(name)
    return found if isinstance(found, Mapping) else {}


def _texts(table: Table, name: str) -> list[str]:
    found = table.get(name)
    return [value for value in found if isinstance(value, str)] if isinstance(found, list) else []
