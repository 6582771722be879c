"""Initial state of the simulation as arrays, with all of its random numbers drawn beforehand (common random numbers).

Waiting customers occupy *slots*: each line (service or wanted counter, tier) owns a block of them, with those present first in
the line's order, then future arrivals, then one empty slot that ends the block. Times are minutes from now, so a customer who
has waited ten minutes has `since` -10. Service times, patience and no-shows are drawn per slot from a generator of the line's
own: stages with equal generators get the same customers whatever the counters do, also if one of them has a counter more. Not
modelled: parked or missed tickets that may return, and the later legs of a visit.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from hallflow.domain.counter import Counter
from hallflow.domain.floor import Floor, LineKey
from hallflow.domain.plan import Plan
from hallflow.domain.ticket import Ticket
from hallflow.foresight.arrays import Bools, Floats, Ints, Singles
from hallflow.foresight.arrivals import ArrivalRates
from hallflow.foresight.learning.learned import Learned
from hallflow.foresight.learning.service_times import remaining_minutes
from hallflow.foresight.twin.chance import (
    NEVER,
    draw_abandonment,
    draw_arrivals,
    draw_busyness,
    draw_service_minutes,
    generator,
)

TICK = 1e-7
"""Minutes; keeps the order of customers who joined at the same moment."""


Shift = tuple[datetime, datetime]
"""Start and end of a span in which somebody works at a counter."""
Shifts = Mapping[str, Sequence[Shift]]
"""Counter -> its shifts. A counter without an entry stays as it is; one with no shifts does not call again."""


@dataclass(frozen=True, slots=True)
class Stage:
    """Input of the simulation; P plays (replications), C counters, L lines, N slots, K next arrivals, S services, B breaks."""

    plan: Plan
    lines: tuple[LineKey, ...]
    """The real lines (L), then one line with a single virtual customer for every kind of next arrival (K)."""
    real: int
    """L."""
    serves: Bools
    """(C, L + K): whether a counter may call from a line."""
    service: Ints
    """(L + K): index of the line's service in the plan; for a wanted counter, of its first customer."""
    first: Ints
    """(L): first slot of each line."""
    since: Floats
    """(P, N): when each customer joined; rising within a line; NEVER in the slot that ends it."""
    leaves: Singles
    """(P, N): when each abandons, if not called before."""
    service_minutes: Singles
    """(P, N): service time at a counter of factor 1, without the walk; NO_SHOW for no-shows."""
    slot_service: Ints
    """(N): index of each customer's service in the plan."""
    overtaken: Ints
    """(N): how often each has been overtaken so far."""
    numbers: Mapping[str, int]
    """Ticket number -> slot, of those waiting now."""
    present: Bools
    """(N): whether the customer is waiting now."""
    free: Floats
    """(P, C): when each counter can call next; NEVER for those that do not return."""
    time_factor: Floats
    """(C, S): factor of each counter on each service's mean time."""
    breaks: Floats
    """(C, B, 2): start and end of spans in which a counter does not call; padded with NEVER."""
    walk_minutes: float
    no_show_minutes: float
    streak: int
    observers: Mapping[tuple[str, str], int]
    """(service, tier) -> column (0 .. K-1) of the virtual customer for its next arrival."""
    unserved: frozenset[str]
    """Services for which no counter is open or will return."""


def set_stage(
    floor: Floor,
    plan: Plan,
    learned: Learned,
    now: datetime,
    rng: np.random.Generator,
    plays: int,
    arrivals: ArrivalRates,
    shifts: Shifts | None = None,
) -> Stage:
    """The floor at `now` (aware) and the random numbers of `plays` replications; `shifts` say when counters will be open.

    Raises KeyError where a waiting ticket's service is missing in `learned`.
    """
    shifts = shifts or {}
    counters = [c for c in floor.counters.values() if _comes_back(c, shifts.get(c.key), now)]
    open_lines = {place for c in counters for place in c.lines}
    waiting = {key: line for key, line in floor.lines.items() if key[0] in open_lines and key[1] in plan.tiers}
    expected = {k: counts for k, counts in arrivals.counts.items() if k[0] in open_lines and counts.sum() > 1e-9}
    keys = [*waiting, *(key for key in expected if key not in waiting)] or [_any_line(plan)]
    seed = int(rng.integers(2**63))
    factor = draw_busyness(arrivals.shape, generator(seed, "day"), plays)

    order = {t.number: i for i, t in enumerate(sorted(floor.waiting(), key=lambda t: (*t.place, t.number)))}
    blocks = []
    for key in keys:
        here = [floor.tickets[number] for _, _, number in waiting.get(key, ())]
        joined = np.array([min(-t.waited(now), 0.0) - TICK * (len(order) - order[t.number]) for t in here])
        rng = generator(seed, *key)
        to_come = draw_arrivals(expected.get(key), arrivals.edges, factor, rng)
        blocks.append(_block(key, here, joined, to_come, plan, learned, rng))
    slot_ticket = [t for block in blocks for t in block.tickets]
    sizes = [len(block.tickets) for block in blocks]
    watched, columns = _observers(plan, counters)
    lines = (*keys, *watched)
    return Stage(
        plan=plan,
        lines=lines,
        real=len(keys),
        serves=np.array([[key[0] in c.lines for key in lines] for c in counters], bool).reshape(len(counters), len(lines)),
        service=np.array([*(block.services[0] for block in blocks), *(_index(plan, key[0]) for key in watched)]),
        first=np.cumsum([0, *sizes[:-1]]),
        since=np.hstack([block.since for block in blocks]),
        leaves=np.hstack([block.leaves for block in blocks]),
        service_minutes=np.hstack([block.service_minutes for block in blocks]),
        slot_service=np.concatenate([block.services for block in blocks]),
        overtaken=np.array([floor.overtaken.get(t.number, 0) if t else 0 for t in slot_ticket]),
        numbers={t.number: i for i, t in enumerate(slot_ticket) if t},
        present=np.array([t is not None for t in slot_ticket]),
        free=np.stack([_free_at(floor, c, learned, now, generator(seed, "@", place_of(c.key)), plays) for c in counters], axis=1)
        if counters else np.zeros((plays, 0)),
        time_factor=np.array([[learned.time_factor_at(place_of(c.key), key) for key in plan.services] for c in counters]).reshape(len(counters), len(plan.services)),
        breaks=_breaks(plan, counters, shifts, now),
        walk_minutes=learned.walk_minutes,
        no_show_minutes=learned.no_show_minutes,
        streak=floor.streak,
        observers=columns,
        unserved=frozenset(key for key in plan.services if key not in open_lines),
    )  # fmt: skip


def place_of(counter: str) -> str:
    """The plan's counter behind a counter of the stage: one whose services change appears there twice, as 4 and 4~1."""
    return counter.partition("~")[0]


@dataclass(frozen=True, slots=True)
class _Block:
    """The slots of one line, the last one empty."""

    tickets: list[Ticket | None]
    services: Ints
    since: Floats
    leaves: Singles
    service_minutes: Singles


def _block(
    key: LineKey,
    here: list[Ticket],
    joined: Floats,
    to_come: Floats,
    plan: Plan,
    learned: Learned,
    rng: np.random.Generator,
) -> _Block:
    plays, coming = to_come.shape
    since = np.full((plays, len(here) + coming + 1), NEVER)
    since[:, : len(here)] = joined
    since[:, len(here) : -1] = to_come
    times = [learned.service_time(t.service, key[1], t.prefilled) for t in here]
    service = _index(plan, key[0]) if key[0] in plan.services else _index(plan, here[0].service)
    times += [learned.service_time(list(plan.services)[service], key[1])] * (coming + 1)
    return _Block(
        tickets=[*here, *[None] * (coming + 1)],
        services=np.array([*(_index(plan, t.service) for t in here), *[service] * (coming + 1)]),
        since=since,
        leaves=draw_abandonment(since, learned.patience, rng),
        service_minutes=draw_service_minutes(times, learned.no_show_share, rng, plays),
    )


def _comes_back(counter: Counter, shifts: Sequence[Shift] | None, now: datetime) -> bool:
    """Whether the counter is open, paused with a known end, or scheduled to open."""
    if shifts is not None and any(until > now for _, until in shifts):
        return True
    return counter.state == "open" or (counter.state == "paused" and counter.back_at is not None)


def _any_line(plan: Plan) -> LineKey:
    return next(iter(plan.services)), plan.standard_tier


def _index(plan: Plan, service: str) -> int:
    return list(plan.services).index(service) if service in plan.services else 0


def _breaks(plan: Plan, counters: list[Counter], shifts: Mapping[str, Sequence[Shift]], now: datetime) -> Floats:
    """Spans without service: between a counter's shifts, and from closing time plus grace."""
    ends = plan.hours.closes_at(now)
    closes = (ends - now).total_seconds() / 60 + plan.rules.closing_grace_minutes if ends else NEVER
    closed = [
        [(closes, NEVER), *_between(shifts[c.key], now)] if c.key in shifts else [(closes, NEVER)] for c in counters
    ]
    breaks = np.full((len(counters), max((len(own) for own in closed), default=1), 2), NEVER)
    for own, row in zip(closed, breaks, strict=True):
        row[: len(own)] = own
    return breaks


def _between(shifts: Sequence[Shift], now: datetime) -> Iterator[tuple[float, float]]:
    last = -NEVER
    for start, end in sorted(shifts):
        begins = (start - now).total_seconds() / 60
        if begins > last:
            yield last, begins
        last = max(last, (end - now).total_seconds() / 60)
    yield last, NEVER


def _free_at(
    floor: Floor, counter: Counter, learned: Learned, now: datetime, rng: np.random.Generator, plays: int
) -> Floats:
    free = np.zeros(plays)
    ticket = floor.tickets.get(counter.ticket) if counter.ticket else None
    if ticket is not None and ticket.service in learned.times:
        time = learned.service_time(ticket.service, ticket.tier, ticket.prefilled, place_of(counter.key))
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
    """Virtual customers for the next arrival of each service and tier. Services offered by the same counters share one, as
    their wait is equal.
    """
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
