"""What could be done at a moment: the counters that could open, come back or help out, and those that could go."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from hallflow.domain.floor import Floor
from hallflow.domain.plan import Plan
from hallflow.foresight.openings import Opening, Stretch

LEAD = timedelta(minutes=5)
"""Somebody has to walk to a counter that is to be opened."""
TRIED = 6


@dataclass(frozen=True, slots=True)
class Option:
    """One thing to try."""

    kind: str
    counter: str
    services: tuple[str, ...]
    lent: tuple[str, ...] = ()


def more(floor: Floor, plan: Plan, opening: Opening, misses: Mapping[str, float], now: datetime) -> Iterator[Option]:
    """Counters that could help where it is short: one of each kind of offer, those first that offer what is missed most."""
    seen: set[frozenset[str]] = set()
    closed = [c for c in floor.counters.values() if c.key in plan.counters and not opening.get(c.key)]
    useful = sorted(
        (c for c in closed if c.state != "paused"),
        key=lambda c: -sum(misses[s] for s in plan.counters[c.key].services),
    )
    for counter in useful:
        offer = plan.counters[counter.key].services
        if frozenset(offer) not in seen and len(seen) < TRIED:
            seen.add(frozenset(offer))
            yield Option("open", counter.key, offer)
    for counter in floor.counters.values():
        late = counter.back_at is None or counter.back_at > now + 2 * LEAD
        if counter.state == "paused" and counter.clerk is not None and late and counter.reason != "closing":
            yield Option("back", counter.key, counter.services)
    yield from _lent(floor, plan, opening, misses)


def _lent(floor: Floor, plan: Plan, opening: Opening, misses: Mapping[str, float]) -> Iterator[Option]:
    worst = max(misses, key=lambda s: misses[s])
    lenders = [
        c for c in floor.open_counters() if worst not in c.services and opening.get(c.key) and c.key in plan.counters
    ]
    for counter in sorted(lenders, key=lambda c: sum(misses[s] for s in c.services))[:2]:
        yield Option("lend", counter.key, (*counter.services, worst), (worst,))


def fewer(floor: Floor, plan: Plan, opening: Opening, now: datetime) -> Iterator[Option]:
    """Counters whose services others offer too, those that stand free first."""
    there = [c for c in floor.open_counters() if _covers(opening.get(c.key), now)]
    if len(there) <= max(plan.staffing.counters_at_least, 1):
        return
    seen: set[frozenset[str]] = set()
    for counter in sorted(there, key=lambda c: (c.ticket is not None, c.free_since or now)):
        others = {s for c in there if c.key != counter.key for s in c.services}
        offer = frozenset(counter.services)
        if offer <= others and offer not in seen and len(seen) < TRIED:
            seen.add(offer)
            yield Option("close", counter.key, ())


def _covers(stretches: Sequence[Stretch] | None, at: datetime) -> bool:
    return any(s.start <= at < s.end for s in stretches or ())
