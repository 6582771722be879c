"""One hall at one instant: who waits, who serves, what was called.

A floor that others may read never changes. A change works on a `draft()` of it, in which what it touches is copied first,
so a reader on another thread always sees one true instant, and a change that fails leaves nothing behind.
`evolve` is the only way from one instant to the next: the live hall, another process catching up and a replay of the log
all go through it, which is why they cannot disagree.
"""

from bisect import bisect_left, insort
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from hallflow.domain.counter import Counter, counter_moved
from hallflow.domain.events import Event
from hallflow.domain.moving import issue, moved
from hallflow.domain.occupancy import Worked
from hallflow.domain.plan import Plan
from hallflow.domain.refusals import Refused, Unknown
from hallflow.domain.tally import Tally
from hallflow.domain.ticket import ENDED, Ticket

LineKey = tuple[str, str]
LAST_CALLS = 8


@dataclass(frozen=True, slots=True)
class Called:
    """A call as the wall shows it."""

    number: str
    counter: str
    called_at: datetime
    recalls: int = 0
    calls: int = 1


@dataclass(slots=True)
class Floor:
    """A hall's open tickets and counters at one seq of its log."""

    hall: str
    day: date
    seq: int = 0
    tickets: dict[str, Ticket] = field(default_factory=dict)
    """Open tickets by number; those whose visit has ended are gone from the floor."""
    counters: dict[str, Counter] = field(default_factory=dict)
    lines: dict[LineKey, list[tuple[datetime, int, str]]] = field(default_factory=dict)
    """Who waits, by (service or @counter, tier): (since, ordinal, number), front first."""
    overtaken: dict[str, int] = field(default_factory=dict)
    """How many later arrivals were called first by a counter that could have served this number."""
    numbers: dict[str, int] = field(default_factory=dict)
    """The last number given out, by letter."""
    calls: dict[str, int] = field(default_factory=dict)
    """Calls made today, by service."""
    streak: int = 0
    """Calls in a row that preferred a better tier (for the ratio policy)."""
    recent: tuple[Called, ...] = ()
    """The last calls, newest first."""
    tally: Tally = field(default_factory=Tally)
    open_at: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """By service: the counters open for it now, in the plan's order."""
    openings: tuple[tuple[datetime, int], ...] = ()
    """How many counters were open today, from each moment on at which that changed."""
    worked: dict[str, Worked] = field(default_factory=dict)
    """How long each counter was open today, and how long it served."""
    planned: Mapping[str, list[str]] = field(default_factory=dict)
    """The plan's counters and their services, as the log last heard of them."""
    moment: datetime | None = None
    """When the last of all this happened: it is never earlier than that, whatever a clock says."""

    def draft(self) -> "Floor":
        """A floor that may change without this one; lists inside `lines` are copied when first touched."""
        return Floor(
            self.hall,
            self.day,
            self.seq,
            dict(self.tickets),
            dict(self.counters),
            dict(self.lines),
            dict(self.overtaken),
            dict(self.numbers),
            dict(self.calls),
            self.streak,
            self.recent,
            self.tally.copy(),
            self.open_at,
            self.openings,
            dict(self.worked),
            self.planned,
            self.moment,
        )

    def ticket(self, number: str) -> Ticket:
        """The open ticket of this number."""
        found = self.tickets.get(number)
        if found is None:
            raise Unknown("no_ticket", field="ticket", number=number)
        return found

    def counter(self, key: str) -> Counter:
        """The counter of this key."""
        found = self.counters.get(key)
        if found is None:
            raise Unknown("no_counter", field="counter", counter=key)
        return found

    def waiting(self, where: Iterable[str] | None = None) -> Iterator[Ticket]:
        """Everybody who waits, in these lines or in all; front of each line first."""
        wanted = None if where is None else set(where)
        for (place, _), line in self.lines.items():
            if wanted is None or place in wanted:
                for _, _, number in line:
                    yield self.tickets[number]

    def waiting_count(self, where: Iterable[str] | None = None) -> int:
        """How many wait in these lines, or in all."""
        wanted = None if where is None else set(where)
        return sum(len(line) for (place, _), line in self.lines.items() if wanted is None or place in wanted)

    def open_counters(self, service: str | None = None) -> list[Counter]:
        """Counters open now, for this service or for any."""
        if service is None:
            return [counter for counter in self.counters.values() if counter.state == "open"]
        return [self.counters[key] for key in self.open_at.get(service, ())]

    def open_count(self, service: str) -> int:
        """How many counters are open now for this service."""
        return len(self.open_at.get(service, ()))

    def at(self, state: str) -> list[Ticket]:
        """Open tickets in this state, oldest in it first."""
        found = [t for t in self.tickets.values() if t.state == state]
        return sorted(found, key=lambda t: (t.state_at or t.issued_at, t.number))


def empty_floor(plan: Plan, day: date) -> Floor:
    """The hall before the first customer of the day."""
    planned = planned_counters(plan)
    return Floor(plan.hall, day, counters=_closed_counters(planned), planned=planned)


def planned_counters(plan: Plan) -> dict[str, list[str]]:
    """The plan's counters as the log keeps them."""
    return {key: list(counter.services) for key, counter in plan.counters.items()}


def _closed_counters(planned: Mapping[str, list[str]]) -> dict[str, Counter]:
    return {key: Counter(key, tuple(services)) for key, services in planned.items()}


def evolve(floor: Floor, event: Event) -> Ticket | None:
    """Carry one event into a draft and give the ticket it moved; one that may not happen raises Refused: drop the draft."""
    if event.seq != floor.seq + 1:
        raise ValueError(f"event {event.seq} cannot follow {floor.seq} in hall {floor.hall}")
    floor.seq = event.seq
    floor.moment = event.at
    if event.kind == "issued":
        return _issued(floor, event)
    if event.ticket is not None:
        return _ticket_event(floor, event)
    if event.kind == "day_opened":
        _new_day(floor, event)
    elif event.kind == "plan_changed":
        _plan_changed(floor, event)
    elif event.kind.startswith("counter_"):
        counter = floor.counter(str(event.counter))
        floor.counters[counter.key] = counter_moved(counter, event)
        _count_open(floor, event.at)
        _count_work(floor, counter.key, event.at)
    else:
        raise ValueError(f"unknown event kind {event.kind}")
    return None


def _issued(floor: Floor, event: Event) -> Ticket:
    ticket = issue(event)
    floor.numbers[event.data["letter"]] = event.data["count"]
    floor.tickets[ticket.number] = ticket
    _join_line(floor, ticket)
    floor.tally.count(event, ticket, None)
    return ticket


def _new_day(floor: Floor, event: Event) -> None:
    """A day starts from nothing but its own log: closed counters, no numbers, nobody left from yesterday."""
    if floor.tickets:
        raise Refused("not_over", waiting=len(floor.tickets))
    floor.planned = event.data["counters"]
    floor.counters = _closed_counters(floor.planned)
    floor.day = date.fromisoformat(event.data["day"])
    floor.lines, floor.overtaken, floor.numbers, floor.calls = {}, {}, {}, {}
    floor.streak, floor.recent, floor.open_at, floor.openings, floor.tally = 0, (), {}, (), Tally()
    floor.worked = {}


def _count_open(floor: Floor, at: datetime) -> None:
    _find_open(floor)
    count = len(floor.open_counters())
    if count != (floor.openings[-1][1] if floor.openings else 0):
        floor.openings = (*floor.openings, (at, count))


def _count_work(floor: Floor, key: str, at: datetime) -> None:
    counter = floor.counters.get(key)
    if counter is None:
        return
    held = floor.tickets.get(counter.ticket) if counter.ticket else None
    before = floor.worked.get(key) or Worked()
    is_serving = held is not None and held.state == "serving"
    floor.worked[key] = before.then(at, is_open=counter.state == "open", is_serving=is_serving)


def _find_open(floor: Floor) -> None:
    found: dict[str, tuple[str, ...]] = {}
    for counter in floor.open_counters():
        for service in counter.services:
            found[service] = (*found.get(service, ()), counter.key)
    floor.open_at = found


def _plan_changed(floor: Floor, event: Event) -> None:
    floor.planned = planned = event.data["counters"]
    for key, services in planned.items():
        known = floor.counters.get(key)
        floor.counters[key] = replace(known, services=tuple(services)) if known else Counter(key, tuple(services))
    for key in [k for k, c in floor.counters.items() if k not in planned and c.ticket is None]:
        del floor.counters[key]
    _find_open(floor)


def _ticket_event(floor: Floor, event: Event) -> Ticket | None:
    if event.kind == "rated":
        # the visit is over and off the floor; only the day's count hears of it
        floor.tally.stars = (floor.tally.stars[0] + 1, floor.tally.stars[1] + event.data["stars"])
        return None
    before = floor.ticket(str(event.ticket))
    after = moved(before, event)
    stays = after.state == before.state == "waiting" and (after.place, after.line) == (before.place, before.line)
    times = floor.overtaken.get(before.number, 0)
    if before.state == "waiting" and not stays:
        _leave_line(floor, before)
    if event.kind in ("called", "started") and not walked_in(event):
        _count_call(floor, before, event)
    _free_counter(floor, before, after, event.at)
    if after.state in ENDED:
        del floor.tickets[after.number]
    else:
        floor.tickets[after.number] = after
    for key in {before.counter, after.counter} - {None}:
        _count_work(floor, str(key), event.at)
    if after.state == "waiting" and not stays:
        _join_line(floor, after)
        if times and before.state == "waiting" and after.place == before.place:
            # only the line is another: being overtaken there has not been made up for
            floor.overtaken[after.number] = times
    if event.kind == "recalled":
        _show_call(floor, after, event)
    floor.tally.count(event, after, before)
    return after


def _count_call(floor: Floor, ticket: Ticket, event: Event) -> None:
    counter = floor.counter(str(event.counter))
    floor.calls[ticket.service] = floor.calls.get(ticket.service, 0) + 1
    floor.streak = event.data.get("streak", 0)
    mine, may_call = (*ticket.place, ticket.number), counter.lines
    for key, line in floor.lines.items():
        if key[0] in may_call:
            for _, _, number in line[: bisect_left(line, mine)]:
                floor.overtaken[number] = floor.overtaken.get(number, 0) + 1
    shown = Called(ticket.number, counter.key, event.at, 0, ticket.calls + 1)
    others = (call for call in floor.recent if call.number != ticket.number)
    floor.recent = (shown, *others)[:LAST_CALLS]


def _show_call(floor: Floor, ticket: Ticket, event: Event) -> None:
    shown = Called(ticket.number, str(ticket.counter), event.at, ticket.recalls, ticket.calls)
    others = (call for call in floor.recent if call.number != ticket.number)
    floor.recent = (shown, *others)[:LAST_CALLS]


def _free_counter(floor: Floor, before: Ticket, after: Ticket, at: datetime) -> None:
    busy = after.state in ("called", "serving")
    if before.counter and (not busy or after.counter != before.counter):
        held = floor.counters.get(before.counter)
        if held and held.ticket == before.number:
            floor.counters[held.key] = replace(held, ticket=None, free_since=at)
    if busy and after.counter:
        taken = floor.counter(after.counter)
        if taken.ticket not in (None, after.number):
            raise Refused("counter_busy", counter=taken.key, number=taken.ticket)
        floor.counters[taken.key] = replace(taken, ticket=after.number)


def _join_line(floor: Floor, ticket: Ticket) -> None:
    line = list(floor.lines.get(ticket.line, ()))
    insort(line, (*ticket.place, ticket.number))
    floor.lines[ticket.line] = line
    floor.overtaken.pop(ticket.number, None)


def _leave_line(floor: Floor, ticket: Ticket) -> None:
    line = list(floor.lines[ticket.line])
    del line[bisect_left(line, (*ticket.place, ticket.number))]
    if line:
        floor.lines[ticket.line] = line
    else:
        del floor.lines[ticket.line]
    floor.overtaken.pop(ticket.number, None)


def walked_in(event: Event) -> bool:
    """Whether this was somebody who stood at the counter without a wait: no call from the line, nobody overtaken by it."""
    return bool(event.data.get("reason", {}).get("code") == "walk_in")


def replay(floor: Floor, events: Iterable[Event], seen: Callable[[Floor, Event], None] | None = None) -> Floor:
    """The floor after these events; the given floor is left as it was."""
    draft = floor.draft()
    for event in events:
        evolve(draft, event)
        if seen:
            seen(draft, event)
    return draft
