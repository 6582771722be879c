"""Alert rules with thresholds: what a hall's manager should know at once, because it is wrong now or soon will be.

Each rule looks at the system state (the floor) at one moment and gives its alerts, the worst first; the list takes only a few of
each rule, so that no rule fills it alone. An alert stands for as long as its rule's condition holds, and no longer.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any

from hallflow.domain.counter import Counter
from hallflow.domain.floor import Floor
from hallflow.domain.plan import AlertRules, Plan
from hallflow.domain.roster.seats import Seats, nobody_came, running
from hallflow.domain.screens import Silent
from hallflow.domain.ticket import Ticket
from hallflow.domain.waits.promises import Breach

LISTED = 8
OF_A_RULE = 3
LATE, SOON = "late", "soon"
ORDER = (
    "no_counter",
    "absent",
    "past_guard",
    "idle",
    "not_finished",
    "promise_broken",
    "screen",
    "near_guard",
    "promise_breaking",
    "long_queue",
    "called",
    "long_service",
    "parked",
)
"""Of two alerts of one level, the one that stands first here is listed first: causes before their consequences."""


@dataclass(frozen=True, slots=True)
class Alert:
    """One thing that is wrong (`late`) or will be (`soon`), where it is, and the figures behind it."""

    code: str
    level: str
    facts: Mapping[str, Any] = field(default_factory=dict)
    number: str | None = None
    counter: str | None = None
    service: str | None = None
    screens: tuple[str, ...] = ()
    at: datetime | None = None
    """For a promise: the quoted time. For a screen: when it was last connected. For a clerk: when the shift at the counter began."""
    expected: datetime | None = None
    """For a promise: when the customer is now predicted to be called; None without a prediction."""


def alerts(
    floor: Floor,
    plan: Plan,
    breaking: Sequence[Breach],
    missing: Sequence[Silent],
    now: datetime,
    seats: Seats | None = None,
) -> list[Alert]:
    """The alerts of all rules: what is wrong now, then what soon will be.

    `breaking` are the breached promises (soonest first), `missing` the silent screens, `seats` those of the day's roster if the
    hall has one.
    """
    rules: tuple[Iterable[Alert], ...] = (
        unserved(floor),
        long_waits(floor, plan, now),
        idle(floor, plan.alerts, now),
        at_counters(floor, plan, now),
        promises(breaking, now),
        screens(missing),
        long_queues(floor, plan),
        on_hold(floor, plan.alerts, now),
        absent(floor, plan.alerts, seats or {}, now),
    )
    raised = [alert for rule in rules for alert in rule]
    count: dict[str, int] = {}
    listed = []
    for alert in sorted(raised, key=lambda one: (one.level != LATE, ORDER.index(one.code))):
        count[alert.code] = count.get(alert.code, 0) + 1
        if count[alert.code] <= OF_A_RULE:
            listed.append(alert)
    return listed[:LISTED]


def unserved(floor: Floor) -> Iterator[Alert]:
    """Customers wait for a service for which no counter is open."""
    # whoever waits for one counter alone is rerouted when it closes
    for service in dict.fromkeys(place for place, _ in floor.lines if not place.startswith("@")):
        if not floor.open_count(service):
            yield Alert("no_counter", LATE, {"waiting": floor.waiting_count([service])}, service=service)


def long_waits(floor: Floor, plan: Plan, now: datetime) -> Iterator[Alert]:
    """Customers past the maximum wait (guard) of their tier, or near it; the longest wait first."""
    fronts = []
    for line in floor.lines.values():
        for _, _, number in islice(line, OF_A_RULE):
            ticket = floor.tickets[number]
            share = ticket.waited(now) / plan.tiers[ticket.tier].guard_minutes
            if share >= plan.alerts.near_guard_share:
                fronts.append((ticket, share >= 1))
    for ticket, past in sorted(fronts, key=lambda one: one[0].place):
        facts = {"waited": int(ticket.waited(now)), "tier": ticket.tier}
        yield Alert("past_guard" if past else "near_guard", LATE if past else SOON, facts, number=ticket.number)


def long_queues(floor: Floor, plan: Plan) -> Iterator[Alert]:
    """Services whose open counters have more work waiting than they can do in the minutes the rules allow; the longest first."""
    queues, rules = [], plan.alerts
    for key, service in plan.services.items():
        waiting, opened = floor.waiting_count([key]), floor.open_count(key)
        if opened and waiting >= rules.queue_people:
            minutes = waiting * service.minutes / opened
            if minutes >= rules.queue_minutes:
                queues.append((minutes, key, {"waiting": waiting, "minutes": round(minutes)}))
    for _, key, facts in sorted(queues, key=lambda one: -one[0]):
        yield Alert("long_queue", SOON, facts, service=key)


def idle(floor: Floor, rules: AlertRules, now: datetime) -> Iterator[Alert]:
    """Open counters that are free while a customer waits whom they could serve."""
    for counter in floor.open_counters():
        since = _idle_since(floor, counter) if counter.ticket is None else None
        if since is not None and _minutes(since, now) >= rules.idle_minutes:
            yield Alert("idle", LATE, {"minutes": int(_minutes(since, now))}, counter=counter.key)


def _idle_since(floor: Floor, counter: Counter) -> datetime | None:
    """The moment since which the counter has been free and had a customer to call."""
    free = max((at for at in (counter.free_since, counter.since) if at), default=None)
    earliest = None
    for (place, _), line in floor.lines.items():
        if place not in counter.lines:
            continue
        for _, _, number in line:
            came = _joined(floor.tickets[number])
            if earliest is None or came < earliest:
                earliest = came
            if free is not None and earliest <= free:
                return free
    return earliest if earliest is None or free is None else max(free, earliest)


def _joined(ticket: Ticket) -> datetime:
    """When the ticket joined this line; waits credited to it were spent in other lines."""
    return ticket.state_at or ticket.issued_at


def at_counters(floor: Floor, plan: Plan, now: datetime) -> Iterator[Alert]:
    """Tickets that hold a counter too long: called and not come, served for long, or probably never finished."""
    rules = plan.alerts
    for counter in floor.counters.values():
        ticket = floor.tickets.get(counter.ticket) if counter.ticket else None
        if ticket is None:
            continue
        minutes = _minutes(ticket.state_at or ticket.issued_at, now)
        if ticket.state == "called":
            if minutes >= rules.called_minutes:
                facts = {"minutes": int(minutes)}
                yield Alert("called", SOON, facts, number=ticket.number, counter=counter.key)
            continue
        service = plan.services.get(ticket.service)
        standard = service.minutes if service else 0.0
        over = [
            (rules.not_finished_times, rules.not_finished_minutes, "not_finished", LATE),
            (rules.long_service_times, rules.long_service_minutes, "long_service", SOON),
        ]
        for times, more, code, level in over:
            if standard and minutes >= max(times * standard, standard + more):
                facts = {"minutes": int(minutes), "standard": round(standard)}
                yield Alert(code, level, facts, number=ticket.number, counter=counter.key)
                break


def promises(breaking: Iterable[Breach], now: datetime) -> Iterator[Alert]:
    """Promises that are broken, and those predicted to be."""
    for one in breaking:
        late, ticket = one.is_past(now), one.ticket
        code, level = ("promise_broken", LATE) if late else ("promise_breaking", SOON)
        yield Alert(code, level, {}, ticket.number, service=ticket.service, at=one.until, expected=one.expected)


def screens(missing: Iterable[Silent]) -> Iterator[Alert]:
    """Silent screens and kiosks, one alert a kind; `late` where no screen of that kind is left."""
    kinds: dict[tuple[str, bool], list[Silent]] = {}
    for one in missing:
        kinds.setdefault((one.screen.partition(":")[0], one.since is None), []).append(one)
    for (kind, never), silent in kinds.items():
        level = LATE if kind != "window" and not any(one.left for one in silent) else SOON
        facts = {"kind": kind, "count": sum(one.count for one in silent), "never": never}
        since = min((one.since for one in silent if one.since), default=None)
        yield Alert("screen", level, facts, screens=tuple(one.screen for one in silent), at=since)


def on_hold(floor: Floor, rules: AlertRules, now: datetime) -> Iterator[Alert]:
    """One alert for the tickets on hold for so long that they may have been forgotten; it names the longest."""
    parked = [ticket for ticket in floor.at("parked") if _minutes(_joined(ticket), now) >= rules.parked_minutes]
    if parked:
        facts = {"minutes": int(_minutes(_joined(parked[0]), now)), "count": len(parked)}
        yield Alert("parked", SOON, facts, number=parked[0].number)


def absent(floor: Floor, rules: AlertRules, seats: Seats, now: datetime) -> Iterator[Alert]:
    """Rostered clerks who have not come to their counter; `late` where customers wait whom they could serve.

    A clerk who sits at another counter than planned is not absent: there are at most as many alerts as the open counters fall
    short of the rostered ones.
    """
    planned = {key: spell for key in floor.counters if (spell := running(seats.get(key, ()), now))}
    lacking = len(planned) - sum(counter.state != "closed" for counter in floor.counters.values())
    late = [(spell, floor.counters[key]) for key, spell in planned.items() if nobody_came(floor.counters[key], spell)]
    late = [one for one in late if _minutes(one[0][0], now) >= rules.absent_minutes]
    for spell, counter in sorted(late, key=lambda one: one[0])[: max(lacking, 0)]:
        level = LATE if floor.waiting_count(counter.services) else SOON
        yield Alert("absent", level, {"minutes": int(_minutes(spell[0], now))}, counter=counter.key, at=spell[0])


def _minutes(since: datetime, now: datetime) -> float:
    return (now - since).total_seconds() / 60
