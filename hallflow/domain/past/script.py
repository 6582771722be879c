"""What a day's people did of their own: the log of a day taken apart, so that the day can be run again under other rules.

A visit is a row of *stints*: in a line, at a desk, set aside. What happens within a stint is kept by how long after its beginning
it happened, for that is the customer's own: patience, walking, service time. What a counter did is kept at its moment. When a
clerk called the next one is kept as a *gap*: how long in all, since the call before, the counter stood free while somebody waited
for it. Under the rules of the day itself every one of these comes out at the moment, and in the order, of the log.
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
"""What changes nobody's turn."""
NONE = timedelta()


@dataclass(frozen=True, slots=True)
class Act:
    """Something that happened to a ticket, so long after its stint began; `seq` is its place among what is simultaneous."""

    kind: str
    after: timedelta
    seq: int
    counter: str | None = None
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class Stint:
    """One wait, one stay at a desk or one absence, as it was; `lasted` until the log went on or ended."""

    what: str
    began: datetime
    acts: list[Act] = field(default_factory=list)
    lasted: timedelta = NONE
    ended: bool = False
    """Whether something that happened to the ticket ended it, and not the day."""


@dataclass(slots=True)
class ScriptedVisit:
    """A customer: when they came, for what, and what they did of their own."""

    issued: Event
    stints: list[Stint] = field(default_factory=list)
    walk_in: Event | None = None
    """At which counter they stood without a wait."""


@dataclass(slots=True)
class Script:
    """A day taken apart."""

    opened: Event
    visits: dict[str, ScriptedVisit] = field(default_factory=dict)
    duties: list[Event] = field(default_factory=list)
    """What was done with the counters, and changes of the plan."""
    ends: list[Event] = field(default_factory=list)
    """Where the day ended everything that was still open."""
    gaps: dict[str, list[tuple[timedelta, int]]] = field(default_factory=dict)
    """By counter: how long it stood ready before each of its calls in turn, and the seq of that call."""
    rest: dict[str, timedelta] = field(default_factory=dict)
    """By counter: how long it stood ready after its last call, and nobody was called any more."""
    last: Event | None = None
    until: datetime | None = None
    """When the last thing happened that was not the day's own end."""
    standing: frozenset[str] = frozenset()
    """The counters that stood ready by then, and went on standing so."""


class Ready:
    """How long each counter has stood free while somebody waited for it, since its last call in turn."""

    def __init__(self) -> None:
        self._spent: dict[str, timedelta] = {}
        self.since: dict[str, datetime] = {}
        """The counters that are ready now."""

    def see(self, floor: Floor, now: datetime, held: Iterable[str] = ()) -> None:
        """Take in how the hall stands from this moment on; counters that are held call nobody."""
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
        """How long this counter has stood ready in all."""
        return self._spent.get(key, NONE) + (now - self.since[key] if key in self.since else NONE)

    def call(self, key: str, now: datetime) -> timedelta:
        """A call in turn: how long it took, and from here on it is counted afresh."""
        took = self.spent(key, now)
        self._spent.pop(key, None)
        self.since.pop(key, None)
        return took


def take_apart(hall: str, events: Iterable[Event]) -> Script:
    """The script of a day, from the entry that opened it to its last."""
    script: Script | None = None
    floor, ready = Floor(hall, date.min, 0), Ready()
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


def _rest(script: Script, floor: Floor, ready: Ready) -> None:
    until = script.until or script.opened.at
    script.rest = {key: ready.spent(key, until) for key in floor.counters}
    script.standing = frozenset(ready.since)


def _note(script: Script, floor: Floor, ready: Ready, event: Event, before: Ticket | None) -> None:
    """Keep what belongs to the counters and the hall, and calls in turn."""
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
    """Whether this was done by the day's end alone."""
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
    """How many places back this was, which the log does not say; None where it made no difference."""
    entry = (datetime.fromisoformat(since) - timedelta(microseconds=1), -1, "")
    line = [one for one in floor.lines.get(ticket.line, ()) if one > (*ticket.place, ticket.number)]
    place = bisect_left(line, entry)
    return place + 1 if place < len(line) and line[place][0] == entry[0] else None
