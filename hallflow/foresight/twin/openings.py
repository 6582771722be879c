"""Server availability schedules: when each counter is open and for which services, as it stands and with changes applied."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from hallflow.domain.counter import Counter
from hallflow.domain.floor import Floor
from hallflow.domain.plan import Plan
from hallflow.foresight.twin.stage import Shift, Shifts

NOBODY = "~"
"""A counter that never calls is part of every stage, so that customers whom nobody serves are simulated too."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """A time span in which a counter is open for these services."""

    start: datetime
    end: datetime
    services: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CounterChange:
    """A change to the schedule: open or close one counter from `start` until `end`, optionally for given services."""

    counter: str
    open: bool
    start: datetime
    end: datetime
    services: tuple[str, ...] | None = None


Opening = Mapping[str, Sequence[Stretch]]
"""Counter -> its stretches in the order of time; adjacent ones differ in their services."""


def as_it_stands(floor: Floor, plan: Plan, now: datetime, end: datetime) -> dict[str, list[Stretch]]:
    """Schedule without intervention: open counters stay open, paused ones with a known end of the pause return, closed ones
    stay closed.
    """
    return {key: _as_it_stands(counter, now, end) for key, counter in floor.counters.items() if key in plan.counters}


def _as_it_stands(counter: Counter, now: datetime, end: datetime) -> list[Stretch]:
    if counter.state == "open":
        return [Stretch(now, end, counter.services)]
    if counter.state == "paused" and counter.back_at is not None and counter.back_at < end:
        return [Stretch(max(counter.back_at, now), end, counter.services)]
    return []


def changed(opening: Opening, changes: Iterable[CounterChange], plan: Plan) -> dict[str, list[Stretch]]:
    """The schedule with these changes applied in turn; an opening without services offers what the counter offered last."""
    after = {key: list(stretches) for key, stretches in opening.items()}
    for change in changes:
        before = after.get(change.counter, [])
        stretches = [piece for stretch in before for piece in _outside(stretch, change)]
        if change.open:
            offered = change.services or _offered(before, change, plan)
            stretches.append(Stretch(change.start, change.end, tuple(offered)))
        after[change.counter] = joined(stretches)
    return after


def _offered(before: Sequence[Stretch], change: CounterChange, plan: Plan) -> Sequence[str]:
    at = [stretch.services for stretch in before if stretch.start <= change.start]
    return at[-1] if at else plan.counters[change.counter].services


def _outside(stretch: Stretch, change: CounterChange) -> Iterable[Stretch]:
    if stretch.start < change.start:
        yield replace(stretch, end=min(stretch.end, change.start))
    if stretch.end > change.end:
        yield replace(stretch, start=max(stretch.start, change.end))


def joined(stretches: Iterable[Stretch]) -> list[Stretch]:
    """The stretches in the order of time, with adjacent ones of the same services merged."""
    merged: list[Stretch] = []
    for stretch in sorted(stretches, key=lambda one: one.start):
        last = merged[-1] if merged else None
        if last is not None and last.end == stretch.start and set(last.services) == set(stretch.services):
            merged[-1] = replace(last, end=stretch.end)
        else:
            merged.append(stretch)
    return merged


def open_minutes(opening: Opening, start: datetime, end: datetime) -> float:
    """Staff-minutes scheduled between two moments."""
    spans = ((max(s.start, start), min(s.end, end)) for stretches in opening.values() for s in stretches)
    return sum(max((until - since).total_seconds(), 0.0) for since, until in spans) / 60


def open_at(opening: Opening, at: datetime) -> int:
    """Number of counters open at a moment."""
    return sum(any(s.start <= at < s.end for s in stretches) for stretches in opening.values())


def staged(floor: Floor, plan: Plan, opening: Opening) -> tuple[Floor, Shifts]:
    """A floor with its counters as scheduled, and their shifts.

    A counter whose services change appears once for each set of services, and one counter that never calls offers everything,
    so that the lines and their random numbers are the same for every schedule.
    """
    draft = floor.draft()
    shifts: dict[str, Sequence[Shift]] = {}
    wanted = sorted({place for place, _ in floor.lines if place.startswith("@")})
    draft.counters = {NOBODY: Counter(NOBODY, (*plan.services, *wanted), "open")}
    shifts[NOBODY] = ()
    for key, stretches in opening.items():
        known = floor.counters.get(key)
        offers = list(dict.fromkeys(tuple(sorted(stretch.services)) for stretch in stretches))
        for i, offer in enumerate(offers):
            name = f"{key}~{i}" if i else key
            services = (*offer, f"@{key}") if i else offer
            ticket = known.ticket if known else None
            draft.counters[name] = Counter(name, services, "open", ticket=ticket)
            shifts[name] = [(s.start, s.end) for s in stretches if tuple(sorted(s.services)) == offer]
    return draft, shifts
