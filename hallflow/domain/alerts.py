"""What a hall's manager should know at once, by rule: what is wrong now, and what will go wrong.

Each rule looks at one floor at one moment and names what it finds, the worst first; of each only a few, so that none of them
fills the list by itself. An alert is there for as long as its rule finds it, and no longer.
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
"""Of two that are equally late, the one that stands first here is told first: what the others come of before them."""


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
    """For a promise: until when it was made. For a screen: when it was last heard of. For a clerk: when they should have come."""
    expected: datetime | None = None
    """For a promise: when it will be kept now; None where nobody can say."""


def alerts(
    floor: Floor,
    plan: Plan,
    breaking: Sequence[Breach],
    missing: Sequence[Silent],
    now: datetime,
    seats: Seats | None = None,
) -> list[Alert]:
    """What is wrong now, then what will be.

    `breaking` are the promises (soonest first), `missing` the silent screens, `seats` those of the day's roster if one is kept.
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
    found = [alert for rule in rules for alert in rule]
    few: dict[str, int] = {}
    kept = []
    for alert in sorted(found, key=lambda one: (one.level != LATE, ORDER.index(one.code))):
        few[alert.code] = few.get(alert.code, 0) + 1
        if few[alert.code] <= OF_A_RULE:
            kept.append(alert)
    return kept[:LISTED]


def unserved(floor: Floor) -> Iterator[Alert]:
    """People wait for a service that nobody is there for."""
    # who waits for one counter alone is told elsewhere once it closes
    for service in dict.fromkeys(place for place, _ in floor.lines if not place.startswith("@")):
        if not floor.open_count(service):
            yield Alert("no_counter", LATE, {"waiting": floor.waiting_count([service])}, service=service)


def long_waits(floor: Floor, plan: Plan, now: datetime) -> Iterator[Alert]:
    """Whoever is past the guard of their tier, or soon will be; the longest wait first."""
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
    """Services whose open counters have more waiting for them than they can get through in good time; the longest first."""
    found, rules = [], plan.alerts
    for key, service in plan.services.items():
        waiting, opened = floor.waiting_count([key]), floor.open_count(key)
        if opened and waiting >= rules.queue_people:
            minutes = waiting * service.minutes / opened
            if minutes >= rules.queue_minutes:
                found.append((minutes, key, {"waiting": waiting, "minutes": round(minutes)}))
    for _, key, facts in sorted(found, key=lambda one: -one[0]):
        yield Alert("long_queue", SOON, facts, service=key)


def idle(floor: Floor, rules: AlertRules, now: datetime) -> Iterator[Alert]:
    """Counters that stand free while somebody waits whom they could serve."""
    for counter in floor.open_counters():
        since = _idle_since(floor, counter) if counter.ticket is None else None
        if since is not None and _minutes(since, now) >= rules.idle_minutes:
            yield Alert("idle", LATE, {"minutes": int(_minutes(since, now))}, counter=counter.key)


def _idle_since(floor: Floor, counter: Counter) -> datetime | None:
    """From when on it could have called somebody: it was free, and they waited."""
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
    """When it came into this line: a wait that is credited to it was spent in another."""
    return ticket.state_at or ticket.issued_at


def at_counters(floor: Floor, plan: Plan, now: datetime) -> Iterator[Alert]:
    """Whoever was called and has not come, is served for long, or has been forgotten: nobody else is called there."""
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
    """Promises that are broken, and those that will be."""
    for one in breaking:
        late, ticket = one.is_past(now), one.ticket
        code, level = ("promise_broken", LATE) if late else ("promise_breaking", SOON)
        yield Alert(code, level, {}, ticket.number, service=ticket.service, at=one.until, expected=one.expected)


def screens(missing: Iterable[Silent]) -> Iterator[Alert]:
    """Screens and kiosks not heard of: of each kind together, late where none of the kind is left to look at."""
    kinds: dict[tuple[str, bool], list[Silent]] = {}
    for one in missing:
        kinds.setdefault((one.screen.partition(":")[0], one.since is None), []).append(one)
    for (kind, never), found in kinds.items():
        level = LATE if kind != "window" and not any(one.left for one in found) else SOON
        facts = {"kind": kind, "count": sum(one.count for one in found), "never": never}
        since = min((one.since for one in found if one.since), default=None)
        yield Alert("screen", level, facts, screens=tuple(one.screen for one in found), at=since)


def on_hold(floor: Floor, rules: AlertRules, now: datetime) -> Iterator[Alert]:
    """Whoever was put on hold so long ago that they may have been forgotten; the longest of them."""
    found = [ticket for ticket in floor.at("parked") if _minutes(_joined(ticket), now) >= rules.parked_minutes]
    if found:
        facts = {"minutes": int(_minutes(_joined(found[0]), now)), "count": len(found)}
        yield Alert("parked", SOON, facts, number=found[0].number)


def absent(floor: Floor, rules: AlertRules, seats: Seats, now: datetime) -> Iterator[Alert]:
    """Whoever should sit at a counter by the roster and has not come; wrong now where people wait whom they could serve.

    Nobody is missed for whom somebody else sits elsewhere: no more are told than the roster has more people than there are.
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
