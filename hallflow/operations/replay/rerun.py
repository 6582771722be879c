"""Counterfactual replay (trace-driven simulation) of a day under other rules or openings, with the same customers.

What customers did of their own comes from the day's trace; whose turn it is, and when a counter is free, follows from the rules. A
customer who abandoned does so after the same patience; if now called earlier, they get the day's median service time, because
theirs is unknown. A customer who was served waits as long as it takes.
"""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from functools import partial
from heapq import heappop, heappush
from itertools import count
from typing import Any

from hallflow.domain.counter import COUNTER_MOVES
from hallflow.domain.events import Event, Reason
from hallflow.domain.floor import Floor
from hallflow.domain.floor_events import evolve
from hallflow.domain.past.script import NONE, STINTS, Act, IdleTimes, Script, ScriptedVisit
from hallflow.domain.past.usual import Usual
from hallflow.domain.places import credited, late_place, put_back
from hallflow.domain.plan import Plan
from hallflow.domain.refusals import Refused
from hallflow.domain.routing import check_bound, choose
from hallflow.domain.ticket import MOVES, Ticket
from hallflow.domain.verbs import ONLY_SERVING
from hallflow.operations.floor.calling import summons

Do = Callable[[], bool]
"""Tries an action at a counter; gives whether it is settled, or must wait until the counter is free."""


def run_again(script: Script, plan: Plan) -> list[Event]:
    """The log that the day would have had."""
    return _Day(script, plan).run()


class _Day:
    """One day in simulation."""

    def __init__(self, script: Script, plan: Plan) -> None:
        self._script, self._plan = script, plan
        self._now = script.opened.at
        self._floor = Floor(plan.hall, date.min, 0)
        self._events: list[Event] = []
        self._agenda: list[tuple[datetime, int, int, Callable[[], object]]] = []
        self._order = count()
        self._stints: dict[str, int] = {}
        """By ticket: the index of its current stint."""
        self._ready = IdleTimes()
        self._due: dict[str, list[Do]] = {}
        """By counter: the actions that wait until it is free."""
        self._held: set[str] = set()
        """Counters that close when their customer has left."""
        self._calls: dict[str, int] = {}
        self._planned: dict[str, tuple[datetime, int]] = {}
        """By counter: its next call in turn."""
        self._usual = Usual(script, plan)

    def run(self) -> list[Event]:
        self._record(self._script.opened.kind, **self._script.opened.data)
        for visit in self._script.visits.values():
            self._at(visit.issued.at, visit.issued.seq, partial(self._arrive, visit))
        for duty in self._script.duties:
            self._at(duty.at, duty.seq, partial(self._duty, duty))
        for end in self._script.ends:
            self._at(end.at, end.seq, self._end)
        while self._agenda:
            self._now, _, _, happens = heappop(self._agenda)
            happens()
            self._settle()
        return self._events

    def _at(self, at: datetime, seq: int, happens: Callable[[], object]) -> None:
        heappush(self._agenda, (at, seq, next(self._order), happens))

    def _record(self, kind: str, ticket: str | None = None, counter: str | None = None, **data: Any) -> Ticket | None:
        event = Event(self._floor.seq + 1, self._now, kind, ticket, counter, data)
        before = self._floor.tickets.get(ticket or "")
        after = evolve(self._floor, event)
        self._events.append(event)
        if after is not None:
            self._follow(before, after, kind)
        return after

    def _follow(self, before: Ticket | None, after: Ticket, kind: str) -> None:
        """Schedule the acts of a ticket's new stint from the trace."""
        what = STINTS.get(after.state)
        same = before is not None and what == STINTS.get(before.state)
        if what is None or (same and kind not in ("transferred", "leg_finished")):
            return
        index = self._stints[after.number] = self._stints.get(after.number, -1) + 1
        stints = self._script.visits[after.number].stints
        known = stints[index] if index < len(stints) and stints[index].what == what else None
        for act in self._usual.acts(after, what, known):
            self._at(self._now + act.after, act.seq, partial(self._act, after.number, index, act))

    # ---- customers ----

    def _arrive(self, visit: ScriptedVisit) -> None:
        issued, number = visit.issued, str(visit.issued.ticket)
        if visit.walk_in is None:
            self._record("issued", number, **issued.data)
            return
        started, key = visit.walk_in, str(visit.walk_in.counter)

        def walks_in() -> bool:
            if not self._free(key):
                return False
            self._record("issued", number, **issued.data)
            self._record("started", number, key, **started.data)
            return True

        self._when_free(key, walks_in)

    def _act(self, number: str, stint: int, act: Act) -> None:
        ticket = self._floor.tickets.get(number)
        if ticket is None or self._stints[number] != stint:
            return
        if act.kind in ("called", "started", "resumed"):
            key = self._somewhere(str(act.counter), ticket)
            self._when_free(key, lambda: self._by_name(number, stint, key, act))
            return
        if act.kind in ONLY_SERVING and ticket.state == "called":
            ticket = self._record("arrived", number, ticket.counter) or ticket
        if act.kind not in MOVES[ticket.state]:
            return
        data = self._data(ticket, act)
        if data is not None:
            self._record(act.kind, number, ticket.counter, **data)

    def _data(self, ticket: Ticket, act: Act) -> Mapping[str, Any] | None:
        """An act's data under the present state and rules; None where they do not allow it."""
        rules, data = self._plan.rules, dict(act.data)
        if act.kind == "missed":
            data["mark"] = self._floor.calls.get(ticket.service, 0)
        elif act.kind in ("transferred", "leg_finished"):
            data["since"] = credited(self._now, ticket)
            wanted = self._floor.counters.get(str(data.get("wanted")))
            data["wanted"] = wanted.key if wanted and wanted.state != "closed" else None
        elif act.kind == "deferred":
            data["since"] = put_back(self._floor, ticket, data["places"])
        elif act.kind == "requeued":
            data["since"] = put_back(self._floor, ticket, data.pop("places", None) or rules.requeue_places)
        elif act.kind == "returned":
            try:
                data["since"], data["calls"] = late_place(self._floor, rules, ticket)
            except Refused:
                return None
        elif act.kind == "rerouted" and ticket.wanted is None:
            return None
        return data

    def _by_name(self, number: str, stint: int, key: str, act: Act) -> bool:
        ticket = self._floor.tickets.get(number)
        if ticket is None or self._stints[number] != stint or act.kind not in MOVES[ticket.state]:
            # the customer has been called elsewhere meanwhile
            return True
        if not self._free(key):
            return False
        if act.kind == "resumed":
            self._record("resumed", number, key)
            return True
        try:
            check_bound(self._floor, self._plan, self._floor.counters[key], ticket)
        except Refused:
            return True
        reason = Reason(act.data["reason"]["code"], {"waited": int(ticket.waited(self._now))})
        self._record(act.kind, number, key, **summons(self._plan, ticket, reason, 0, self._now))
        return True

    # ---- counters ----

    def _duty(self, duty: Event) -> None:
        if duty.kind == "plan_changed":
            self._record(duty.kind, **duty.data)
            self._release(lambda ticket: ticket.wanted not in self._floor.counters)
            return
        key = str(duty.counter)
        if duty.kind != "counter_closed":
            self._held.discard(key)
            self._move_counter(duty)
            return
        self._held.add(key)

        def closes() -> bool:
            if key in self._held and self._floor.counters[key].ticket is not None:
                return False
            if key in self._held:
                self._held.discard(key)
                self._move_counter(duty)
                self._release(lambda ticket: ticket.wanted == key)
            return True

        self._when_free(key, closes)

    def _move_counter(self, duty: Event) -> None:
        counter = self._floor.counters.get(str(duty.counter))
        if counter is not None and duty.kind in COUNTER_MOVES[counter.state]:
            self._record(duty.kind, counter=counter.key, **duty.data)

    def _release(self, whom: Callable[[Ticket], bool]) -> None:
        for ticket in [t for t in self._floor.waiting() if t.wanted is not None and whom(t)]:
            self._record("rerouted", ticket.number, ticket.counter)

    def _end(self) -> None:
        self._due.clear()
        self._held.clear()
        for number in list(self._floor.tickets):
            self._record("expired", number, outcome="day_ended")
        for counter in list(self._floor.counters.values()):
            if counter.state != "closed":
                self._record("counter_closed", counter=counter.key, reason="day_ended")

    def _free(self, key: str) -> bool:
        counter = self._floor.counters.get(key)
        return counter is not None and counter.state == "open" and counter.ticket is None

    def _somewhere(self, key: str, ticket: Ticket) -> str:
        """The counter of the log; if that is closed now, another that may call this ticket."""
        counter = self._floor.counters.get(key)
        if counter is not None and counter.state != "closed":
            return key
        return next(iter(self._floor.open_at.get(ticket.service, ())), key)

    def _when_free(self, key: str, do: Do) -> None:
        if not do():
            self._due.setdefault(key, []).append(do)

    # ---- calls in turn ----

    def _settle(self) -> None:
        """Do what waits for a counter, and schedule the next call of every ready counter."""
        for key, waiting in list(self._due.items()):
            self._due[key] = [do for do in waiting if not do()]
        self._ready.see(self._floor, self._now, self._held)
        for key in list(self._planned):
            if key not in self._ready.since:
                del self._planned[key]
        for key in self._ready.since:
            if key not in self._planned:
                self._plan_call(key)

    def _plan_call(self, key: str) -> None:
        gap, seq = self._usual.gap(key, self._calls.get(key, 0))
        at = self._now + max(gap - self._ready.spent(key, self._now), NONE)
        if at > self._usual.until:
            return
        self._planned[key] = (at, seq)
        self._at(at, seq, lambda: self._call(key, (at, seq)))

    def _call(self, key: str, planned: tuple[datetime, int]) -> None:
        if self._planned.get(key) != planned:
            return
        del self._planned[key]
        choice = choose(self._floor, self._plan, self._floor.counters[key], self._now)
        if choice is None:
            return
        self._ready.call(key, self._now)
        self._calls[key] = self._calls.get(key, 0) + 1
        ticket = choice.ticket
        data = summons(self._plan, ticket, choice.reason, choice.streak, self._now)
        self._record("called", ticket.number, key, **data)
