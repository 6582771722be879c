"""The stage that a twin plays on: the hall at this instant as arrays, and everything that chance will bring, drawn beforehand.

Waiting customers stand in *slots*: each line (service or wanted counter, tier) owns a block of them, those present first in
the line's own order, then the arrivals to come, then one empty slot that ends the block. Times are minutes from now, so a
customer who has waited ten minutes has `since` -10. What chance decides (service minutes, patience, showing up) is drawn per
slot, so that two plays with the same generator meet the same customers whatever the hall does.
Left out of this first version: tickets parked or missed that may come back, and the later legs of a visit.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from hallflow.domain.counter import Counter
from hallflow.domain.floor import Floor, LineKey
from hallflow.domain.plan import Plan
from hallflow.domain.ticket import Ticket
from hallflow.foresight.arrivals import Coming
from hallflow.foresight.learned import Learned
from hallflow.foresight.remaining import remaining_minutes

NEVER = 1e9
"""A time that does not come, in minutes."""
TICK = 1e-7
"""Keeps the order of those who joined at the same moment."""

Floats = NDArray[np.float64]
Singles = NDArray[np.float32]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Stage:
    """Everything a play needs; P plays, C counters, L lines, N slots, K next arrivals."""

    plan: Plan
    lines: tuple[LineKey, ...]
    """The real lines (L), then one line of a single observer for every kind of next arrival (K)."""
    real: int
    """L."""
    serves: Bools
    """(C, L + K): which counter may call from which line."""
    service: Ints
    """(L + K): index of the line's service in the plan, of its first customer for a wanted counter."""
    first: Ints
    """(L): first slot of each line."""
    since: Floats
    """(P, N): when each customer joined; rising within a line; NEVER in the slot that ends it."""
    leaves: Singles
    """(P, N): when each would give up."""
    busy: Singles
    """(P, N): minutes each would keep a counter."""
    overtaken: Ints
    """(N): how often each had been overtaken until now."""
    numbers: Mapping[str, int]
    """The slot of every ticket that waits now."""
    present: Bools
    """(N)"""
    free: Floats
    """(P, C): when each counter can call next; NEVER for those that do not come back."""
    streak: int
    observers: Mapping[tuple[str, str], int]
    """The observer's column (0 .. K-1) for the next arrival of (service, tier)."""
    unserved: frozenset[str]
    """Services for which no counter is open or coming back."""


def set_stage(
    floor: Floor,
    plan: Plan,
    learned: Learned,
    now: datetime,
    rng: np.random.Generator,
    plays: int,
    arrivals: Coming,
) -> Stage:
    """The floor at `now` and the chances of `plays` plays, as arrays."""
    counters = [c for c in floor.counters.values() if _comes_back(c)]
    open_lines = {place for c in counters for place in c.lines}
    waiting = {key: line for key, line in floor.lines.items() if key[0] in open_lines and key[1] in plan.tiers}
    expected = {k: counts for k, counts in arrivals.counts.items() if k[0] in open_lines and counts.sum() > 1e-9}
    keys = [*waiting, *(key for key in expected if key not in waiting)] or [_any_line(plan)]
    factor = rng.gamma(arrivals.shape, 1 / arrivals.shape, plays) if np.isfinite(arrivals.shape) else np.ones(plays)

    blocks, services, tickets = [], [], []
    order = {t.number: i for i, t in enumerate(sorted(floor.waiting(), key=lambda t: (*t.place, t.number)))}
    for key in keys:
        here = [floor.tickets[number] for _, _, number in waiting.get(key, ())]
        joined = [min(-t.waited(now), 0.0) - TICK * (len(order) - order[t.number]) for t in here]
        to_come = _arrive(expected.get(key), arrivals.edges, factor, rng)
        end = np.full((plays, 1), NEVER)
        blocks.append(np.hstack([np.broadcast_to(np.array(joined), (plays, len(here))), to_come, end]))
        services.append(
            [*(_service(t, plan) for t in here), *[_line_service(key, here, plan)] * (to_come.shape[1] + 1)]
        )
        tickets.append([*here, *[None] * (to_come.shape[1] + 1)])
    since = np.hstack(blocks)
    of_slot = np.array([s for block in services for s in block])
    slot_ticket = [t for block in tickets for t in block]
    sizes = [block.shape[1] for block in blocks]
    watched, columns = _observers(plan, counters)
    lines = (*keys, *watched)
    return Stage(
        plan=plan,
        lines=lines,
        real=len(keys),
        serves=np.array([[key[0] in c.lines for key in lines] for c in counters], bool).reshape(len(counters), len(lines)),
        service=np.array([_line_service(key, [t for t in block if t], plan) for key, block in zip(keys, tickets, strict=True)]
                         + [_index(plan, key[0]) for key in watched]),
        first=np.cumsum([0, *sizes[:-1]]),
        since=since,
        leaves=_leaves(since, learned.patience_minutes, rng),
        busy=_occupied(of_slot, plan, learned, rng, plays),
        overtaken=np.array([floor.overtaken.get(t.number, 0) if t else 0 for t in slot_ticket]),
        numbers={t.number: i for i, t in enumerate(slot_ticket) if t},
        present=np.array([t is not None for t in slot_ticket]),
        free=np.stack([_free_at(floor, c, learned, now, rng, plays) for c in counters], axis=1)
        if counters else np.zeros((plays, 0)),
        streak=floor.streak,
        observers=columns,
        unserved=frozenset(key for key in plan.services if key not in open_lines),
    )  # fmt: skip


def _comes_back(counter: Counter) -> bool:
    """Open, or paused by somebody who has said when they are back."""
    return counter.state == "open" or (counter.state == "paused" and counter.back_at is not None)


def _any_line(plan: Plan) -> LineKey:
    return next(iter(plan.services)), plan.standard_tier


def _index(plan: Plan, service: str) -> int:
    return list(plan.services).index(service) if service in plan.services else 0


def _service(ticket: Ticket, plan: Plan) -> int:
    return _index(plan, ticket.service)


def _line_service(key: LineKey, here: list[Ticket], plan: Plan) -> int:
    return _index(plan, key[0]) if key[0] in plan.services else _service(here[0], plan)


def _arrive(expected: Floats | None, edges: Floats, factor: Floats, rng: np.random.Generator) -> Floats:
    """Arrival times of one line, (P, most), rising, NEVER past the last edge: a Poisson process run on the clock of its mean."""
    if expected is None:
        return np.zeros((len(factor), 0))
    reached = np.concatenate(([0.0], np.cumsum(expected)))
    busiest = float(reached[-1] * factor.max())
    most = int(busiest + 5 * busiest**0.5 + 5)
    clock = np.cumsum(rng.standard_exponential((len(factor), most)), axis=1) / factor[:, None]
    # a span without arrivals has no inverse: a hair of slope picks its end
    rising = reached + np.arange(len(reached)) * 1e-12
    return np.where(clock < reached[-1], np.interp(clock, rising, edges), NEVER)


def _leaves(since: Floats, patience: float, rng: np.random.Generator) -> Singles:
    """Patience has no memory: whoever is here has all of it before them."""
    leaves = rng.standard_exponential(since.shape, np.float32)
    leaves *= np.float32(patience)
    leaves += np.maximum(since, 0.0, dtype=np.float32, casting="same_kind")
    return leaves


def _occupied(of_slot: Ints, plan: Plan, learned: Learned, rng: np.random.Generator, plays: int) -> Singles:
    times = [learned.times[key] for key in plan.services]
    mu = np.array([t.mu for t in times], np.float32)[of_slot]
    sigma = np.array([t.sigma for t in times], np.float32)[of_slot]
    busy = rng.standard_normal((plays, len(of_slot)), np.float32)
    busy *= sigma
    busy += mu
    np.exp(busy, out=busy)
    busy += np.float32(learned.walk_minutes)
    if learned.no_show_share > 0:
        busy[rng.random(busy.shape, np.float32) < learned.no_show_share] = learned.no_show_minutes
    return busy


def _free_at(
    floor: Floor, counter: Counter, learned: Learned, now: datetime, rng: np.random.Generator, plays: int
) -> Floats:
    free = np.zeros(plays)
    ticket = floor.tickets.get(counter.ticket) if counter.ticket else None
    if ticket is not None and ticket.service in learned.times:
        time = learned.times[ticket.service]
        begun = ticket.now.arrived_at
        if begun is None:
            called = ticket.now.called_at or now
            walk = max(learned.walk_minutes - (now - called).total_seconds() / 60, 0.0)
            free = walk + remaining_minutes(time, 0.0, rng, plays)
        else:
            free = remaining_minutes(time, (now - begun).total_seconds() / 60, rng, plays)
    if counter.state == "paused" and counter.back_at is not None:
        free = np.maximum(free, (counter.back_at - now).total_seconds() / 60)
    return free


def _observers(plan: Plan, counters: list[Counter]) -> tuple[list[LineKey], dict[tuple[str, str], int]]:
    """Who might take a number now. Services that the same counters offer share an observer, as they would share the wait."""
    lines: list[LineKey] = []
    columns: dict[tuple[str, str], int] = {}
    known: dict[tuple[object, ...], int] = {}
    for service, tier in _kinds(plan):
        offered = tuple(c.key for c in counters if service in c.services)
        if not offered:
            continue
        minutes = plan.services[service].minutes if plan.rules.policy == "cmu" else None
        column = known.setdefault((offered, tier, minutes), len(lines))
        if column == len(lines):
            lines.append((service, tier))
        columns[service, tier] = column
    return lines, columns


def _kinds(plan: Plan) -> Iterator[LineKey]:
    return ((service, tier) for service in plan.services for tier in plan.tiers)
