"""The state transition of a hall (event sourcing): what each event of the log changes in its floor.

`evolve` is the only way from one instant to the next: the live hall, another process that catches up and a replay of the log all
use it, so they cannot disagree.
"""

from bisect import bisect_left, insort
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date, datetime

from hallflow.domain.counter import Counter, counter_moved
from hallflow.domain.events import Event
from hallflow.domain.floor import Called, Floor, closed_counters
from hallflow.domain.occupancy import Worked
from hallflow.domain.refusals import Refused
from hallflow.domain.tally import Tally
from hallflow.domain.ticket import ENDED, Ticket
from hallflow.domain.ticket_events import issue, moved

LAST_CALLS = 8


def evolve(floor: Floor, event: Event) -> Ticket | None:
    """Apply one event to a draft and give the ticket it moved; an event that may not happen raises Refused: drop the draft."""
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
    """Reset the floor for a new day: closed counters, no numbers, no ticket of yesterday."""
    if floor.tickets:
        raise Refused("not_over", waiting=len(floor.tickets))
    floor.planned = event.data["counters"]
    floor.counters = closed_counters(floor.planned)
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
    open_at: dict[str, tuple[str, ...]] = {}
    for counter in floor.open_counters():
        for service in counter.services:
            open_at[service] = (*open_at.get(service, ()), counter.key)
    floor.open_at = open_at


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
        # the visit is over and its ticket off the floor; only the day's counts change
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
            # the ticket only changed its line, so how often it was overtaken still counts
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
    """Whether this event began a service without queueing: it was no call from a line and overtook nobody."""
    return bool(event.data.get("reason", {}).get("code") == "walk_in")


def replay(floor: Floor, events: Iterable[Event], seen: Callable[[Floor, Event], None] | None = None) -> Floor:
    """The floor after these events; the given floor is left as it was."""
    draft = floor.draft()
    for event in events:
        evolve(draft, event)
        if seen:
            seen(draft, event)
    return draft
