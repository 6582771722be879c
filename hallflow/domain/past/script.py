"""The trace (script) of a day for counterfactual replay: what its customers and clerks did of their own, from its log.

A visit is a sequence of *stints*: in a line, at a counter, set aside. What happens within a stint is stored by its time since the
stint began, because that belongs to the customer: patience, walking, service time. What happens to a counter is stored with its
moment. A clerk's call is stored as a *gap*: how long, since the call before, the counter was ready (free while somebody waited for
it). A replay under the rules of the day itself reproduces every event at the moment, and in the order, of the log.
"""

from bisect import bisect_left
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from hallflow.domain.events import Event
from hallflow.domain.floor import Floor
from hallflow.domain.floor_events import evolve, walked_in
from hallflow.domain.ticket import Ticket

STINTS = {"waiting": "line", "called": "desk", "serving": "desk", "missed": "aside", "parked": "aside"}
BY_NAME = frozenset({"by_hand", "at_counter"})
OF_NO_MATTER = frozenset({"prefilled", "recovery_opened", "rated"})
"""Events that affect nobody's turn."""
NONE = timedelta()


@dataclass(frozen=True, slots=True)
class Act:
    """An event of a ticket, by its time since the stint began; `seq` orders simultaneous events."""

    kind: str
    after: timedelta
    seq: int
    counter: str | None = None
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class Stint:
    """One wait, one stay at a counter or one absence; `lasted` until its end, or until the log's last event of the ticket."""

    what: str
    began: datetime
    acts: list[Act] = field(default_factory=list)
    lasted: timedelta = NONE
    ended: bool = False
    """Whether an event of the ticket ended it, and not the end of the day."""


@dataclass(slots=True)
class ScriptedVisit:
    """One customer of the trace: when they came, for what, and their stints."""

    issued: Event
    stints: list[Stint] = field(default_factory=list)
    walk_in: Event | None = None
    """The event that began their service without queueing, if they were a walk-in at a counter."""


@dataclass(slots=True)
class Script:
    """The trace of one day."""

    opened: Event
    visits: dict[str, ScriptedVisit] = field(default_factory=dict)
    duties: list[Event] = field(default_factory=list)
    """The events of counters, and changes of the plan."""
    ends: list[Event] = field(default_factory=list)
    """The events by which the end of the day closed what was still open."""
    gaps: dict[str, list[tuple[timedelta, int]]] = field(default_factory=dict)
    """By counter: how long it was ready before each of its calls in turn, and the seq of that call."""
    rest: dict[str, timedelta] = field(default_factory=dict)
    """By counter: how long it was ready after its last call in turn."""
    last: Event | None = None
    until: datetime | None = None
    """The moment of the last event that was not caused by the day's end."""
    standing: frozenset[str] = frozenset()
    """The counters that were ready at that moment and stayed so."""


class IdleTimes:
    """How long each counter has been ready, that is free while somebody waited for it, since its last call in turn."""

    def __init__(self) -> None:
        self._spent: dict[str, timedelta] = {}
        self.since: dict[str, datetime] = {}
        """The counters that are ready now."""

    def see(self, floor: Floor, now: datetime, held: Iterable[str] = ()) -> None:
        """Update which counters are ready from this moment on; counters in `held` call nobody."""
        places = {place for place, _ in floor.lines}
        for key, counter in floor.counters.items():
            is_ready = counter.state == "open" and counter.ticket is None and key not in held
            is_ready = is_ready and not places.isdisjoint(counter.lines)
            if is_ready and key not in self.since:
                self.since[key] = now
            elif not is_ready and key in self.since:
                self._spent[key] = self.spent(key, now)
                del self.since[key]

    def spent(self, key: str, now: datetime) -> timedelta:
        """How long this counter has been ready since its last call in turn."""
        return self._spent.get(key, NONE) + (now - self.since[key] if key in self.since else NONE)

    def call(self, key: str, now: datetime) -> timedelta:
        """Record a call in turn: give how long the counter was ready before it, and start from zero."""
        took = self.spent(key, now)
        self._spent.pop(key, None)
        self.since.pop(key, None)
        return took


def take_apart(hall: str, events: Iterable[Event]) -> Script:
    """The trace of a day, from the event that opened it to its last."""
    script: Script | None = None
    floor, ready = Floor(hall, date.min, 0), IdleTimes()
    for event in events:
        if script is None:
            script, floor = Script(event), Floor(hall, date.min, event.seq - 1)
        if not day_ended(event):
            script.until, script.rest = event.at, {}
        elif not script.rest:
            _rest(script, floor, ready)
        before = floor.tickets.get(event.ticket or "")
        _note(script, floor, ready, event, before)
        after = evolve(floor, event)
        if after is not None:
            _stint(script.visits[after.number], before, after, event)
        ready.see(floor, event.at)
        script.last = event
    if script is None or script.last is None:
        raise ValueError("a day begins with its opening")
    if not script.rest:
        _rest(script, floor, ready)
    return script


def _rest(script: Script, floor: Floor, ready: IdleTimes) -> None:
    until = script.until or script.opened.at
    script.rest = {key: ready.spent(key, until) for key in floor.counters}
    script.standing = frozenset(ready.since)


def _note(script: Script, floor: Floor, ready: IdleTimes, event: Event, before: Ticket | None) -> None:
    """Add one event to the trace: to the visit, the counters' duties, the gaps or the day's end."""
    if event.kind == "issued":
        script.visits[str(event.ticket)] = ScriptedVisit(event)
    elif day_ended(event):
        if script.last is None or not day_ended(script.last):
            script.ends.append(event)
    elif event.kind.startswith("counter_") or event.kind == "plan_changed":
        script.duties.append(event)
    elif event.kind == "called" and event.data["reason"]["code"] not in BY_NAME:
        key = str(event.counter)
        script.gaps.setdefault(key, []).append((ready.call(key, event.at), event.seq))
    elif event.kind == "started" and walked_in(event):
        script.visits[str(event.ticket)].walk_in = event
    elif before is not None and event.kind not in OF_NO_MATTER:
        stint = script.visits[before.number].stints[-1]
        data = dict(event.data)
        if event.kind == "requeued":
            data["places"] = _places(floor, before, data["since"])
        stint.acts.append(Act(event.kind, event.at - stint.began, event.seq, event.counter, data))


def day_ended(event: Event) -> bool:
    """Whether only the day's end caused this event."""
    return "day_ended" in (event.data.get("outcome"), event.data.get("reason"))


def _stint(visit: ScriptedVisit, before: Ticket | None, after: Ticket, event: Event) -> None:
    """End the stint that this event ends, and begin the next."""
    what = STINTS.get(after.state)
    current = visit.stints[-1] if visit.stints else None
    another_line = event.kind in ("transferred", "leg_finished")
    if current is not None:
        current.lasted = event.at - current.began
        current.ended = current.ended or ((what != current.what or another_line) and not day_ended(event))
    if what is not None and (current is None or what != current.what or another_line):
        visit.stints.append(Stint(what, event.at))


def _places(floor: Floor, ticket: Ticket, since: str) -> int | None:
    """By how many places the ticket was put back, which the log does not record; None where nobody of its line came after it."""
    entry = (datetime.fromisoformat(since) - timedelta(microseconds=1), -1, "")
    line = [one for one in floor.lines.get(ticket.line, ()) if one > (*ticket.place, ticket.number)]
    place = bisect_left(line, entry)
    return place + 1 if place < len(line) and line[place][0] == entry[0] else None
