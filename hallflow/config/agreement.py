"""What the files of a plan must say of each other: names that exist, letters that differ, halls that can serve.

Looks at the parsed TOML rather than at the finished shapes, so that a slip in one line hides no other fault;
what is not even of the right kind is passed over here, for the shapes have named it.
"""

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Any

from hallflow.config.faults import PlanFault, place_of, unknown
from hallflow.config.rostering import roster_faults
from hallflow.config.values import DAYS, clock_time

Table = Mapping[str, Any]
HOURS = (*DAYS, "weekdays", "weekend")


@dataclass(frozen=True, slots=True)
class Files:
    """The parsed files of a plan; one that could not be read is empty, and its name is in `unread`."""

    hallflow: Table
    services: Table
    tiers: Table
    staffing: Table
    halls: Mapping[str, Table]
    forms: Mapping[str, Table]
    unread: Set[str]
    languages: Sequence[str]
    """The codes of what is spoken, the first language first."""


def disagreements(files: Files) -> Iterator[PlanFault]:
    """Every fault that shows only when one part is held beside another."""
    yield from _services(files)
    yield from _tiers(files)
    for key, form in files.forms.items():
        yield from _form(f"forms/{key}.toml", form)
    yield from _billing("hallflow.toml", files.hallflow, files)
    yield from _hall_keys(files)
    for key, hall in files.halls.items():
        if f"halls/{key}.toml" not in files.unread:
            yield from _hall(f"halls/{key}.toml", hall, files)
            yield from _billing(f"halls/{key}.toml", hall, files)
    yield from _staffing(files)
    if "staffing.toml" not in files.unread:
        yield from roster_faults(files.staffing, files.halls, _table(files.services, "services"))


def _services(files: Files) -> Iterator[PlanFault]:
    file = "services.toml"
    if file in files.unread:
        return
    groups = _table(files.services, "groups")
    letters: dict[str, str] = {}
    offered = {key for hall in files.halls.values() for key in _texts(hall, "services")}
    for key, service in _tables(files.services, "services"):
        place = place_of("services", key)
        group, form, letter = service.get("group"), service.get("form"), service.get("letter")
        if isinstance(group, str) and group not in groups:
            yield PlanFault(file, f"{place}.group", unknown("group", group, groups))
        if isinstance(form, str) and form not in files.forms:
            yield PlanFault(file, f"{place}.form", unknown("form", form, files.forms))
        if isinstance(letter, str) and letters.setdefault(letter, key) != key:
            yield PlanFault(file, f"{place}.letter", f"{letter} is already the letter of {letters[letter]!r}")
        if key not in offered and not any(name.startswith("halls/") for name in files.unread):
            yield PlanFault(file, place, "no hall offers this service")


def _tiers(files: Files) -> Iterator[PlanFault]:
    file = "tiers.toml"
    if file in files.unread:
        return
    tiers = _table(files.tiers, "tiers")
    standard = files.tiers.get("standard", "standard")
    if isinstance(standard, str) and standard not in tiers:
        yield PlanFault(
            file, "standard", f"{unknown('tier', standard, tiers)}: customers without a card need a standard tier"
        )
    prefixes: dict[str, str] = {}
    for key, tier in _tables(files.tiers, "tiers"):
        for prefix in _texts(tier, "card_prefixes"):
            if prefixes.setdefault(prefix, key) != key:
                yield PlanFault(
                    file, place_of("tiers", key, "card_prefixes"), f"{prefix!r} already leads to {prefixes[prefix]!r}"
                )


def _form(file: str, form: Table) -> Iterator[PlanFault]:
    if isinstance(form.get("fields"), Mapping) and not form["fields"]:
        yield PlanFault(file, "fields", "a form needs at least one question")
    for key, question in _tables(form, "fields"):
        place = place_of("fields", key, "choices")
        choice = question.get("kind") in ("choice", "choices")
        if choice and not question.get("choices"):
            yield PlanFault(file, place, "a question with choices needs at least one choice")
        elif not choice and question.get("choices"):
            yield PlanFault(file, place, f"a question of kind {question.get('kind')!r} has no choices")


def _hall_keys(files: Files) -> Iterator[PlanFault]:
    if not files.halls:
        yield PlanFault("halls", "", "there is no hall; write one as halls/<hall>.toml")
    seen: dict[str, str] = {}
    for key in files.halls:
        first = seen.setdefault(key.lower(), key)
        if first != key:
            yield PlanFault(f"halls/{key}.toml", "", f"halls/{first}.toml already has this key")


def _hall(file: str, hall: Table, files: Files) -> Iterator[PlanFault]:
    offered = _texts(hall, "services")
    counters = _table(hall, "counters")
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
    for key, counter in _tables(hall, "counters"):
        name = next((_table(counter, "name").get(code) for code in files.languages[:1]), None)
        if isinstance(name, str) and called.setdefault(name, key) != key:
            yield PlanFault(
                file, place_of("counters", key, "name"), f"counter {called[name]} is already called {name!r}"
            )
        here = _texts(counter, "services")
        served |= set(here)
        for service in sorted({s for s in here if here.count(s) > 1}):
            yield PlanFault(file, place_of("counters", key), f"{service!r} is named twice")
        for service in dict.fromkeys(here):
            if service in _table(files.services, "services") and offered and service not in offered:
                yield PlanFault(file, place_of("counters", key), f"this hall does not offer {service!r}")
    for service in dict.fromkeys(offered):
        if counters and service not in served:
            yield PlanFault(file, "services", f"{service!r} is offered, but no counter serves it")
    yield from _hours(file, hall)
    yield from _events(file, hall, offered)
    yield from _places(file, hall, counters)


def _events(file: str, hall: Table, offered: list[str]) -> Iterator[PlanFault]:
    """What concerns a service that the hall does not offer would never be seen."""
    events = hall.get("events")
    for n, event in enumerate(events if isinstance(events, list) else [], start=1):
        for service in _texts(event, "services") if isinstance(event, Mapping) else []:
            if service not in offered:
                yield PlanFault(
                    file, place_of("events", n, "services"), unknown("service of this hall", service, offered)
                )


def _places(file: str, hall: Table, counters: Table) -> Iterator[PlanFault]:
    """The map of the hall, and the screens above its windows."""
    for key in _texts(_table(hall, "screens"), "windows"):
        if key not in counters:
            yield PlanFault(file, "screens.windows", unknown("counter", key, counters))
    rows = [row.split() for row in _texts(hall, "map")]
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


def _billing(file: str, table: Table, files: Files) -> Iterator[PlanFault]:
    known = _table(files.services, "services")
    for service in _texts(_table(table, "calendar"), "billing_services"):
        if service not in known and "services.toml" not in files.unread:
            yield PlanFault(file, "calendar.billing_services", unknown("service", service, known))


def _names_of_services(file: str, hall: Table, files: Files) -> Iterator[PlanFault]:
    known = _table(files.services, "services")
    offered = _texts(hall, "services")
    for service in offered:
        if service not in known:
            yield PlanFault(file, "services", unknown("service", service, known))
    for key, counter in _tables(hall, "counters"):
        for service in _texts(counter, "services"):
            if service not in known:
                yield PlanFault(file, place_of("counters", key), unknown("service", service, known))
    for service in _table(hall, "elsewhere"):
        if service not in known:
            yield PlanFault(file, place_of("elsewhere", service), unknown("service", service, known))
        elif service in offered:
            yield PlanFault(file, place_of("elsewhere", service), "this hall offers it itself")


def _hours(file: str, hall: Table) -> Iterator[PlanFault]:
    hours = _table(hall, "hours")
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
        for day in _table(hall, table):
            for span in _texts(_table(hall, table), day):
                try:
                    opens = clock_time(span.partition("-")[0].strip())
                except ValueError:
                    continue
                if opens < starts:
                    what = f"opens at {opens:%H:%M}, before the numbers of a new day begin (day_starts {starts:%H:%M})"
                    yield PlanFault(file, place_of(table, day), what)


def _staffing(files: Files) -> Iterator[PlanFault]:
    file = "staffing.toml"
    for hall, sums in _tables(files.staffing, "halls"):
        if hall not in files.halls:
            yield PlanFault(file, place_of("halls", hall), unknown("hall", hall, files.halls))
        yield from _periods(file, place_of("halls", hall), {**_table(files.staffing, "all"), **sums})
    yield from _periods(file, "all", _table(files.staffing, "all"))
    yield from _plays(file, files)


def _plays(file: str, files: Files) -> Iterator[PlanFault]:
    for period, plays in _table(files.staffing, "playbook").items():
        for n, play in enumerate(plays if isinstance(plays, list) else [], start=1):
            for hall in _texts(play, "halls") if isinstance(play, Mapping) else []:
                if hall not in files.halls:
                    place = place_of("playbook", period, n, "halls")
                    yield PlanFault(file, place, unknown("hall", hall, files.halls))


def _periods(file: str, place: str, sums: Table) -> Iterator[PlanFault]:
    quiet, busy = sums.get("quiet_below", 0.5), sums.get("busy_above", 0.85)
    if isinstance(quiet, int | float) and isinstance(busy, int | float) and quiet > busy:
        yield PlanFault(file, f"{place}.quiet_below", f"{quiet:g} is above busy_above, {busy:g}")


def _table(table: Table, name: str) -> Table:
    found = table.get(name)
    return found if isinstance(found, Mapping) else {}


def _tables(table: Table, name: str) -> Iterator[tuple[str, Table]]:
    for key, value in _table(table, name).items():
        if isinstance(value, Mapping):
            yield key, value


def _texts(table: Table, name: str) -> list[str]:
    found = table.get(name)
    return [value for value in found if isinstance(value, str)] if isinstance(found, list) else []
