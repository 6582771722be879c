"""When every counter is open and for what, as it stands and as it would be: what a manager drags, what an advice changes."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from hallflow.domain.counter import Counter
from hallflow.domain.floor import Floor
from hallflow.domain.plan import Plan
from hallflow.foresight.twin.stage import Shift, Shifts

NOBODY = "~"
"""A counter that never calls stands on every stage, so that those whom nobody serves are drawn, and wait, all the same."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """A counter is open from `start` until `end` for these services."""

    start: datetime
    end: datetime
    services: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CounterChange:
    """Open or close one counter from `start` until `end`; an opening may say for which services."""

    counter: str
    open: bool
    start: datetime
    end: datetime
    services: tuple[str, ...] | None = None


Opening = Mapping[str, Sequence[Stretch]]
"""By counter: its stretches in their order, none touching another that offers the same."""


def as_it_stands(floor: Floor, plan: Plan, now: datetime, end: datetime) -> dict[str, list[Stretch]]:
    """The counters if nobody does anything: who is open stays so, who said when they are back comes back, nobody else does."""
    return {key: _as_it_stands(counter, now, end) for key, counter in floor.counters.items() if key in plan.counters}


def _as_it_stands(counter: Counter, now: datetime, end: datetime) -> list[Stretch]:
    if counter.state == "open":
        return [Stretch(now, end, counter.services)]
    if counter.state == "paused" and counter.back_at is not None and counter.back_at < end:
        return [Stretch(max(counter.back_at, now), end, counter.services)]
    return []


def changed(opening: Opening, changes: Iterable[CounterChange], plan: Plan) -> dict[str, list[Stretch]]:
    """The counters with these changes, one after the other; an opening without services offers what the counter last did."""
    after = {key: list(stretches) for key, stretches in opening.items()}
    for change in changes:
        before = after.get(change.counter, [])
        kept = [piece for stretch in before for piece in _outside(stretch, change)]
        if change.open:
            offered = change.services or _offered(before, change, plan)
            kept.append(Stretch(change.start, change.end, tuple(offered)))
        after[change.counter] = joined(kept)
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
    """In their order; what touches and offers the same is one."""
    found: list[Stretch] = []
    for stretch in sorted(stretches, key=lambda one: one.start):
        last = found[-1] if found else None
        if last is not None and last.end == stretch.start and set(last.services) == set(stretch.services):
            found[-1] = replace(last, end=stretch.end)
        else:
            found.append(stretch)
    return found


def open_minutes(opening: Opening, start: datetime, end: datetime) -> float:
    """Staff-minutes between two moments."""
    spans = ((max(s.start, start), min(s.end, end)) for stretches in opening.values() for s in stretches)
    return sum(max((until - since).total_seconds(), 0.0) for since, until in spans) / 60


def open_at(opening: Opening, at: datetime) -> int:
    """How many counters are open at a moment."""
    return sum(any(s.start <= at < s.end for s in stretches) for stretches in opening.values())


def staged(floor: Floor, plan: Plan, opening: Opening) -> tuple[Floor, Shifts]:
    """The floor with its counters as they will be open, and their shifts.

    A counter that changes what it offers stands there once for each, and nobody's counter offers everything to no one: the
    lines are the same whatever the opening, and with them everything that chance brings.
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
            held = known.ticket if known else None
            draft.counters[name] = Counter(name, services, "open", ticket=held)
            shifts[name] = [(s.start, s.end) for s in stretches if tuple(sorted(s.services)) == offer]
    return draft, shifts
