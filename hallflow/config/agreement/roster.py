"""Referential integrity of staffing.toml's people and shifts: halls, services and shifts that exist."""

from collections.abc import Iterator, Mapping

from hallflow.config.faults import PlanFault, place_of, unknown
from hallflow.config.parsed import Table, table_in, texts_in

FILE = "staffing.toml"


def roster_faults(staffing: Table, halls: Mapping[str, Table], services: Table) -> Iterator[PlanFault]:
    """Names in the roster's settings that are not defined."""
    shifts, people = table_in(staffing, "shifts"), table_in(staffing, "people")
    if people and not shifts:
        yield PlanFault(FILE, "people", "people need shifts to work: write at least one as [shifts.<key>]")
    for hall, named in people.items():
        if hall not in halls:
            yield PlanFault(FILE, place_of("people", hall), unknown("hall", hall, halls))
        for key, person in named.items() if isinstance(named, Mapping) else ():
            if not isinstance(person, Mapping):
                continue
            for service in texts_in(person, "certificates"):
                if services and service not in services:
                    yield PlanFault(
                        FILE, place_of("people", hall, key, "certificates"), unknown("service", service, services)
                    )
            for shift in texts_in(person, "likes"):
                if shift not in shifts:
                    yield PlanFault(FILE, place_of("people", hall, key, "likes"), unknown("shift", shift, shifts))
