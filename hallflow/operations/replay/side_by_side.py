"""Counterfactual comparison of a past day: its replay under another policy or with other counters, beside the actual day."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import Any

from sqlalchemy import Connection

from hallflow.domain.events import Event
from hallflow.domain.floor import Floor
from hallflow.domain.floor_events import evolve, walked_in
from hallflow.domain.past.script import BY_NAME, Script, take_apart
from hallflow.domain.past.story import ALWAYS, REASONS
from hallflow.domain.past.usual import LATER
from hallflow.domain.plan import Plan
from hallflow.domain.policies import POLICIES
from hallflow.domain.refusals import Malformed, Refused, Unknown
from hallflow.operations.replay.rerun import run_again
from hallflow.storage.log import ledger
from hallflow.storage.log.logbook import UNREADABLE, day_seq

CALLS = ("called", "started", "resumed")


@dataclass(frozen=True, slots=True)
class Otherwise:
    """One counter opened or closed for a span, unlike on the actual day; without an end, until the day's end."""

    counter: str
    open: bool
    start: datetime
    end: datetime | None = None
    services: Sequence[str] = ()


@dataclass(slots=True)
class Waits:
    """Sums over the waits of a group of customers."""

    came: int = 0
    waits: list[float] = field(default_factory=list)
    within: int = 0
    left: int = 0

    def as_data(self) -> dict[str, Any]:
        """As plain JSON: minutes, and shares of those called."""
        called = len(self.waits)
        return {
            "customers": self.came,
            "called": called,
            "wait": round(sum(self.waits) / called, 1) if called else None,
            "longest": round(max(self.waits), 1) if called else None,
            "within_goal": round(self.within / called, 3) if called else None,
            "left": self.left,
        }


def day_again(
    connection: Connection, plan: Plan, day: date, policy: str | None = None, otherwise: Sequence[Otherwise] = ()
) -> dict[str, Any]:
    """The figures of both days; `exact` says whether a replay under the day's own rules reproduces every call."""
    if policy is not None and policy not in POLICIES:
        raise Malformed("unknown_policy", field="policy", policy=policy, known=", ".join(POLICIES))
    try:
        events = list(events_of(connection, plan, day))
        known = _with_tiers(plan, events)
        script = take_apart(plan.hall, events)
        was = replace(known, rules=replace(known.rules, policy=policy_of(known, events)))
        own = run_again(script, was)
        other = replace(was, rules=replace(was.rules, policy=policy or was.rules.policy))
        again = run_again(opened_otherwise(script, other, otherwise), other) if policy or otherwise else own
    except UNREADABLE as fault:
        raise Refused("replay_broken", day=day.isoformat()) from fault
    return {
        "hall": plan.hall,
        "day": day.isoformat(),
        "exact": calls_of(own) == calls_of(events),
        "calls": len(calls_of(events)),
        "before": {"policy": was.rules.policy} | figures(known, events, script.until or events[-1].at),
        "after": {"policy": other.rules.policy} | figures(known, again, script.until or events[-1].at),
        "tiers": [{"key": key, "name": tier.name} for key, tier in known.tiers.items()],
    }


def events_of(connection: Connection, plan: Plan, day: date) -> Iterator[Event]:
    """The log of a past day, from its opening to its last entry."""
    head = ledger.head(connection, plan.hall)
    if head is not None and day >= head.day:
        raise Refused("replay_not_over", field="day", day=day.isoformat())
    begins = datetime.combine(day, plan.hours.day_starts, plan.hours.zone) - timedelta(days=1)
    first = day_seq(connection, plan.hall, day, begins) if head else None
    if first is None:
        raise Unknown("replay_no_day", field="day", day=day.isoformat())
    for event in ledger.events_after(connection, plan.hall, first - 1):
        if event.kind == "day_opened" and event.seq != first:
            return
        yield event


def policy_of(plan: Plan, events: Iterable[Event]) -> str:
    """The policy under which these calls were made, inferred from their reasons; the plan's own where it fits."""
    given = {event.data["reason"]["code"] for event in events if event.kind == "called"} - ALWAYS - BY_NAME
    fits = [key for key, reasons in REASONS.items() if given <= reasons]
    return plan.rules.policy if plan.rules.policy in fits or not fits else fits[0]


def calls_of(events: Iterable[Event]) -> list[tuple[datetime, str, str | None, str | None]]:
    """The calls and direct starts: moment, kind, ticket, counter."""
    return [(event.at, event.kind, event.ticket, event.counter) for event in events if event.kind in CALLS]


def _with_tiers(plan: Plan, events: Iterable[Event]) -> Plan:
    gone = {event.data["tier"] for event in events if event.kind == "issued"} - plan.tiers.keys()
    standard = plan.tiers[plan.standard_tier]
    like = {key: replace(standard, key=key, name=plan.named_as(key)) for key in sorted(gone)}
    return replace(plan, tiers={**plan.tiers, **like}) if gone else plan


def figures(plan: Plan, events: Sequence[Event], until: datetime) -> dict[str, Any]:
    """Waits of all and by tier, and the minutes for which counters were open until then."""
    everybody, tiers = Waits(), {key: Waits() for key in plan.tiers}
    floor = Floor(plan.hall, date.min, events[0].seq - 1)
    # a customer served without queueing has not waited
    walked = {event.ticket for event in events if event.kind == "started" and walked_in(event)}
    for event in events:
        before = floor.tickets.get(event.ticket or "")
        evolve(floor, event)
        ticket = before or floor.tickets.get(event.ticket or "")
        if ticket is not None and ticket.number not in walked:
            for waits in (everybody, tiers[ticket.tier]):
                _count(waits, event, before is not None and before.state == "waiting")
    return {
        "all": everybody.as_data(),
        "by_tier": {key: waits.as_data() for key, waits in tiers.items()},
        "staff_minutes": round(_open_minutes(floor, until)),
    }


def _count(waits: Waits, event: Event, waited: bool) -> None:
    if event.kind == "issued":
        waits.came += 1
    elif event.kind in ("called", "started"):
        waits.waits.append(event.data["waited"])
        waits.within += event.data["within"]
    elif event.kind in ("left", "expired"):
        waits.left += waited


def _open_minutes(floor: Floor, until: datetime) -> float:
    moments = [*((at, n) for at, n in floor.openings if at < until), (until, 0)]
    spans = pairwise(moments)
    return sum(n * (end - start).total_seconds() / 60 for (start, n), (end, _) in spans)


# ---- changed openings ----


def opened_otherwise(script: Script, plan: Plan, otherwise: Sequence[Otherwise]) -> Script:
    """The trace with these counters opened or closed; after each change the counter continues as in the log."""
    duties = list(script.duties)
    for i, one in enumerate(otherwise):
        if one.counter not in plan.counters:
            raise Unknown("no_counter", field=f"changes.{i}.counter", counter=one.counter)
        for service in one.services:
            if service not in plan.services:
                raise Unknown("no_service", field=f"changes.{i}.services", service=service)
        end = one.end or (script.last.at if script.last else one.start)
        mine = [duty for duty in duties if duty.counter == one.counter]
        rest = [duty for duty in duties if duty.counter != one.counter]
        kept = [duty for duty in mine if duty.at < one.start or (duty.at >= end and one.end is not None)]
        duties = [*rest, *kept, _begins(one, plan), *_goes_on(one, mine)]
    return replace(script, duties=duties)


def _begins(one: Otherwise, plan: Plan) -> Event:
    if not one.open:
        return Event(LATER, one.start, "counter_closed", counter=one.counter)
    services = list(one.services or plan.counters[one.counter].services)
    data = {"clerk": f"opening {one.counter}", "services": services}
    return Event(LATER, one.start, "counter_opened", counter=one.counter, data=data)


def _goes_on(one: Otherwise, mine: Sequence[Event]) -> list[Event]:
    """The events that restore the counter's actual state at the end of the change; closed if it had not been opened yet."""
    if one.end is None:
        return []
    last = max((duty for duty in mine if duty.at < one.end), key=lambda duty: (duty.at, duty.seq), default=None)
    kind, data = (last.kind, last.data) if last else ("counter_closed", {})
    return [Event(LATER, one.end, kind, counter=one.counter, data=data)]


def moment_of(plan: Plan, day: date, text: str, where: str) -> datetime:
    """The moment of a local time (10:30) on this day; raises Malformed for any other text."""
    try:
        clock = time.fromisoformat(text)
    except ValueError:
        clock = None
    if clock is None or clock.tzinfo is not None:
        raise Malformed("malformed", field=where, what=text)
    at = datetime.combine(day, clock, plan.hours.zone)
    return at if clock >= plan.hours.day_starts else at + timedelta(days=1)


def otherwise_of(
    plan: Plan, day: date, counter: str, opened: bool, at: str, until: str | None, services: Sequence[str], where: str
) -> Otherwise:
    """A requested change; raises Refused for one whose end is not after its begin."""
    start = moment_of(plan, day, at, f"{where}.at")
    end = moment_of(plan, day, until, f"{where}.until") if until else None
    if end is not None and end <= start:
        raise Malformed("moments_reversed", field=f"{where}.until", at=at, until=until)
    return Otherwise(counter, opened, start, end, tuple(services))
