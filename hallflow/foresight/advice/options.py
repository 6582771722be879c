"""Action space of the advice: counters to open, call back or lend, counters to close, breaks to move."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from hallflow.domain.floor import Floor
from hallflow.domain.plan import Plan
from hallflow.domain.roster.breaks import PlannedBreak
from hallflow.foresight.twin.openings import Opening, Stretch

LEAD = timedelta(minutes=5)
"""Shortest notice for ending a pause or moving a break."""
EARLIER = timedelta(minutes=15)
"""A counter whose clerk arrives within this time anyway is not a candidate."""
MOVED = (timedelta(minutes=15), timedelta(minutes=30))
"""Shifts by which a break may move."""
TRIED = 6


@dataclass(frozen=True, slots=True)
class Option:
    """One candidate action."""

    kind: str
    counter: str
    services: tuple[str, ...]
    lent: tuple[str, ...] = ()
    until: datetime | None = None
    """Arrival of its clerk by the roster; None for later than the horizon."""
    rest: PlannedBreak | None = None
    later: timedelta = timedelta(0)
    """For a break: which one, and by how much later it begins; negative for earlier."""


def later_breaks(
    floor: Floor, rests: Iterable[PlannedBreak], opening: Opening, now: datetime, soon: datetime
) -> Iterator[Option]:
    """Candidates to postpone breaks that begin before `soon` at open counters, within each break's limits."""
    for rest in rests:
        if now + LEAD <= rest.start <= soon and _is_there(floor, rest, opening, now):
            for later in MOVED:
                if rest.end + later <= rest.latest:
                    yield _moved(floor, rest, later)


def earlier_breaks(floor: Floor, rests: Iterable[PlannedBreak], opening: Opening, now: datetime) -> Iterator[Option]:
    """Candidates to bring forward breaks at counters without a queue, within each break's limits.

    Only breaks that would then begin soon: a later time may turn out to be a rush.
    """
    for rest in rests:
        if _is_there(floor, rest, opening, now) and _is_quiet(floor, rest.counter):
            for by in MOVED:
                if max(now + LEAD, rest.earliest) <= rest.start - by <= now + EARLIER:
                    yield _moved(floor, rest, -by)


def _is_there(floor: Floor, rest: PlannedBreak, opening: Opening, now: datetime) -> bool:
    counter = floor.counters.get(rest.counter)
    stays = any(s.start <= now and s.end == rest.start for s in opening.get(rest.counter, ()))
    return counter is not None and counter.state == "open" and stays


def _is_quiet(floor: Floor, key: str) -> bool:
    """Whether fewer wait for its services than counters are open for them."""
    services = floor.counters[key].services
    beside = [c for c in floor.open_counters() if set(c.services) & set(services)]
    return floor.waiting_count(services) < len(beside)


def _moved(floor: Floor, rest: PlannedBreak, later: timedelta) -> Option:
    return Option("break", rest.counter, floor.counters[rest.counter].services, rest=rest, later=later)


def more(
    floor: Floor, plan: Plan, opening: Opening, misses: Mapping[str, float], now: datetime, end: datetime
) -> Iterator[Option]:
    """Candidates to add capacity until `end`: closed counters to open, pauses to end, counters to lend to the most missed service.

    One counter for each set of services, those that offer what is missed most first. `misses` maps each service to its
    customers called too late; a counter whose clerk arrives within a quarter of an hour is left out.
    """
    tried: set[tuple[frozenset[str], bool]] = set()
    closed = [c for c in floor.counters.values() if c.key in plan.counters and c.state != "paused"]
    useful = sorted(
        (c for c in closed if not _comes(opening.get(c.key), now + EARLIER)),
        key=lambda c: -sum(misses[s] for s in plan.counters[c.key].services),
    )
    for counter in useful:
        offer = plan.counters[counter.key].services
        until = next((s.start for s in opening.get(counter.key, ()) if s.start <= end), None)
        kind = frozenset(offer), until is None
        if kind not in tried and len(tried) < TRIED:
            tried.add(kind)
            yield Option("open", counter.key, offer, until=until)
    for counter in floor.counters.values():
        late = not _comes(opening.get(counter.key), now + 2 * LEAD)
        if counter.state == "paused" and counter.clerk is not None and late and counter.reason != "closing":
            yield Option("back", counter.key, counter.services)
    yield from _lent(floor, plan, opening, misses, now, end)


def _lent(
    floor: Floor, plan: Plan, opening: Opening, misses: Mapping[str, float], now: datetime, end: datetime
) -> Iterator[Option]:
    most_missed = max(misses, key=lambda s: misses[s])
    lenders = [
        c
        for c in floor.open_counters()
        if most_missed not in c.services and _stays(opening.get(c.key), now, end) and c.key in plan.counters
    ]
    for counter in sorted(lenders, key=lambda c: sum(misses[s] for s in c.services))[:2]:
        yield Option("lend", counter.key, (*counter.services, most_missed), (most_missed,))


def fewer(floor: Floor, plan: Plan, opening: Opening, now: datetime, end: datetime) -> Iterator[Option]:
    """Candidates to close: counters open until `end` whose services others also offer, idle ones first."""
    there = [c for c in floor.open_counters() if _stays(opening.get(c.key), now, end)]
    if len(there) <= max(plan.staffing.counters_at_least, 1):
        return
    tried: set[frozenset[str]] = set()
    for counter in sorted(there, key=lambda c: (c.ticket is not None, c.free_since or now)):
        others = {s for c in there if c.key != counter.key for s in c.services}
        offer = frozenset(counter.services)
        if offer <= others and offer not in tried and len(tried) < TRIED:
            tried.add(offer)
            yield Option("close", counter.key, ())


def _comes(stretches: Sequence[Stretch] | None, by: datetime) -> bool:
    return any(s.start <= by for s in stretches or ())


def _stays(stretches: Sequence[Stretch] | None, start: datetime, end: datetime) -> bool:
    at = start
    for stretch in stretches or ():
        at = stretch.end if stretch.start <= at < stretch.end else at
    return at >= end
