"""Referential integrity of a hall's file: its services, counters, map, hours and events."""

from collections.abc import Iterator, Mapping

from hallflow.config.faults import PlanFault, place_of, unknown
from hallflow.config.parsed import Files, Table, table_in, tables_in, texts_in
from hallflow.config.values import DAYS, clock_time

HOURS = (*DAYS, "weekdays", "weekend")


def hall_key_faults(files: Files) -> Iterator[PlanFault]:
    """Hall keys that differ by capitals only, or no hall at all."""
    if not files.halls:
        yield PlanFault("halls", "", "there is no hall; write one as halls/<hall>.toml")
    seen: dict[str, str] = {}
    for key in files.halls:
        first = seen.setdefault(key.lower(), key)
        if first != key:
            yield PlanFault(f"halls/{key}.toml", "", f"halls/{first}.toml already has this key")


def hall_faults(file: str, hall: Table, files: Files) -> Iterator[PlanFault]:
    """Faults in one hall's services, counters, hours, events and map."""
    offered = texts_in(hall, "services")
    counters = table_in(hall, "counters")
    if "counters" in hall and not counters:
        yield PlanFault(file, "counters", "a hall needs at least one counter")
    if "services" in hall and not offered:
        yield PlanFault(file, "services", "a hall needs at least one service")
    for service in sorted({s for s in offered if offered.count(s) > 1}):
        yield PlanFault(file, "services", f"{service!r} is named twice")
    if "services.toml" not in files.unread:
        yield from _names_of_services(file, hall, files)
    served: set[str] = set()
    called: dict[str, str] = {}
    for key, counter in tables_in(hall, "counters"):
        name = next((table_in(counter, "name").get(code) for code in files.languages[:1]), None)
        if isinstance(name, str) and called.setdefault(name, key) != key:
            yield PlanFault(
                file, place_of("counters", key, "name"), f"counter {called[name]} is already called {name!r}"
            )
        here = texts_in(counter, "services")
        served |= set(here)
        for service in sorted({s for s in here if here.count(s) > 1}):
            yield PlanFault(file, place_of("counters", key), f"{service!r} is named twice")
        for service in dict.fromkeys(here):
            if service in table_in(files.services, "services") and offered and service not in offered:
                yield PlanFault(file, place_of("counters", key), f"this hall does not offer {service!r}")
    for service in dict.fromkeys(offered):
        if counters and service not in served:
            yield PlanFault(file, "services", f"{service!r} is offered, but no counter serves it")
    yield from _hours(file, hall)
    yield from _events(file, hall, offered)
    yield from _places(file, hall, counters)


def _events(file: str, hall: Table, offered: list[str]) -> Iterator[PlanFault]:
    """Events for services that the hall does not offer, which would have no effect."""
    events = hall.get("events")
    for n, event in enumerate(events if isinstance(events, list) else [], start=1):
        for service in texts_in(event, "services") if isinstance(event, Mapping) else []:
            if service not in offered:
                yield PlanFault(
                    file, place_of("events", n, "services"), unknown("service of this hall", service, offered)
                )


def _places(file: str, hall: Table, counters: Table) -> Iterator[PlanFault]:
    """Faults in the hall's map and in the screens above its counters."""
    for key in texts_in(table_in(hall, "screens"), "windows"):
        if key not in counters:
            yield PlanFault(file, "screens.windows", unknown("counter", key, counters))
    rows = [row.split() for row in texts_in(hall, "map")]
    placed = [key for row in rows for key in row if key != "."]
    if not rows or not counters:
        return
    if len({len(row) for row in rows}) > 1:
        yield PlanFault(file, "map", "its rows differ in length; write '.' where nothing stands")
    for key in dict.fromkeys(placed):
        if key not in counters:
            yield PlanFault(file, "map", unknown("counter", key, counters))
        elif placed.count(key) > 1:
            yield PlanFault(file, "map", f"counter {key} stands in it twice")
    for key in counters:
        if key not in placed:
            yield PlanFault(file, "map", f"counter {key} is missing")


def _names_of_services(file: str, hall: Table, files: Files) -> Iterator[PlanFault]:
    known = table_in(files.services, "services")
    offered = texts_in(hall, "services")
    for service in offered:
        if service not in known:
            yield PlanFault(file, "services", unknown("service", service, known))
    for key, counter in tables_in(hall, "counters"):
        for service in texts_in(counter, "services"):
            if service not in known:
                yield PlanFault(file, place_of("counters", key), unknown("service", service, known))
    for service in table_in(hall, "elsewhere"):
        if service not in known:
            yield PlanFault(file, place_of("elsewhere", service), unknown("service", service, known))
        elif service in offered:
            yield PlanFault(file, place_of("elsewhere", service), "this hall offers it itself")


def _hours(file: str, hall: Table) -> Iterator[PlanFault]:
    hours = table_in(hall, "hours")
    for name in hours:
        if name not in HOURS:
            yield PlanFault(file, place_of("hours", name), unknown("day", name, HOURS))
    if "hours" in hall and not any(hours.values()):
        yield PlanFault(file, "hours", "this hall is never open")
    try:
        starts = clock_time(str(hall.get("day_starts", "04:00")))
    except ValueError:
        return
    for table in ("hours", "special_days"):
        for day in table_in(hall, table):
            for span in texts_in(table_in(hall, table), day):
                try:
                    opens = clock_time(span.partition("-")[0].strip())
                except ValueError:
                    continue
                if opens < starts:
                    what = f"opens at {opens:%H:%M}, before the numbers of a new day begin (day_starts {starts:%H:%M})"
                    yield PlanFault(file, place_of(table, day), what)
