"""Calls: from a free counter to a customer who has arrived there, or a no-show (call, recall, arrived, start, miss, requeue)."""

from datetime import datetime
from typing import Any

from hallflow.domain.counter import Counter
from hallflow.domain.events import Reason
from hallflow.domain.places import put_back
from hallflow.domain.plan import Plan
from hallflow.domain.refusals import Refused
from hallflow.domain.routing import check_bound, choose
from hallflow.domain.ticket import Ticket
from hallflow.hall import Change, Hall
from hallflow.operations.floor.ticketing import return_to_line


def call_next(hall: Hall, counter: str) -> Ticket:
    """Call the customer whose turn it is at this counter."""
    with hall.change() as change:
        at = free_counter(change, counter)
        choice = choose(change.floor, change.plan, at, change.now)
        if choice is None:
            raise Refused("nobody_waiting", counter=change.plan.counter_name(at.key))
        return _summon(change, "called", at, choice.ticket, choice.reason, choice.streak)


def call(hall: Hall, counter: str, number: str) -> Ticket:
    """Call one customer by name, out of turn; raises Refused where that breaks another customer's bound."""
    with hall.change() as change:
        at = free_counter(change, counter)
        ticket = _callable(change, at, number)
        return _summon(change, "called", at, ticket, Reason("by_hand", {"waited": int(ticket.waited(change.now))}))


def start(hall: Hall, counter: str, number: str | None = None) -> Ticket:
    """Start serving a waiting customer who already stands at the counter; without a number, the one who was called."""
    if number is None:
        return arrived(hall, counter)
    with hall.change() as change:
        at = free_counter(change, counter)
        ticket = _callable(change, at, number)
        return _summon(change, "started", at, ticket, Reason("at_counter", {"waited": int(ticket.waited(change.now))}))


def recall(hall: Hall, counter: str) -> Ticket:
    """Call the same customer once more."""
    with hall.change() as change:
        ticket = at_counter(change, counter)
        ticket.check("recalled")
        most = change.plan.rules.recalls_at_most
        if ticket.recalls >= most:
            raise Refused("recalls_used", number=ticket.number, times=most)
        return change.move("recalled", ticket)


def arrived(hall: Hall, counter: str) -> Ticket:
    """The called customer has arrived at the counter: the walk ends, the service begins."""
    with hall.change() as change:
        return change.move("arrived", at_counter(change, counter))


def miss(hall: Hall, counter: str) -> Ticket:
    """Mark the called customer as a no-show."""
    with hall.change() as change:
        ticket = at_counter(change, counter)
        return change.move("missed", ticket, mark=change.floor.calls.get(ticket.service, 0), by="clerk")


def requeue(hall: Hall, counter: str, places: int | None = None) -> Ticket:
    """Return the called customer to the line, some places back."""
    with hall.change() as change:
        ticket = at_counter(change, counter)
        ticket.check("requeued")
        rules = change.plan.rules
        if ticket.requeues >= rules.requeues_at_most:
            raise Refused("requeues_used", number=ticket.number, times=rules.requeues_at_most)
        since = put_back(change.floor, ticket, places or rules.requeue_places)
        return change.move("requeued", ticket, since=since)


def free_counter(change: Change, key: str) -> Counter:
    """This counter, if it is open and serves nobody."""
    counter = change.floor.counter(key)
    if counter.state != "open":
        raise Refused(f"counter_{counter.state}", counter=change.plan.counter_name(key))
    if counter.ticket is not None:
        raise Refused("counter_busy", counter=change.plan.counter_name(key), number=counter.ticket)
    return counter


def at_counter(change: Change, key: str) -> Ticket:
    """The customer called to or served at this counter."""
    number = change.floor.counter(key).ticket
    if number is None:
        raise Refused("nobody_here", counter=change.plan.counter_name(key))
    return change.floor.ticket(number)


def _callable(change: Change, at: Counter, number: str) -> Ticket:
    """A ticket that may be called by name: waiting, or a no-show, who returns to the line first."""
    ticket = change.floor.ticket(number)
    if ticket.state == "missed":
        ticket = return_to_line(change, ticket)
    if ticket.state != "waiting":
        raise Refused("not_now", number=number, state=ticket.state, verb="called")
    check_bound(change.floor, change.plan, at, ticket)
    return ticket


def _summon(change: Change, kind: str, at: Counter, ticket: Ticket, reason: Reason, streak: int = 0) -> Ticket:
    return change.move(kind, ticket, at.key, **summons(change.plan, ticket, reason, streak, change.now))


def summons(plan: Plan, ticket: Ticket, reason: Reason, streak: int, now: datetime) -> dict[str, Any]:
    """The data of a call's event."""
    waited = ticket.waited(now)
    return {
        "reason": reason.as_data(),
        "waited": round(waited, 2),
        "within": waited <= plan.tiers[ticket.tier].goal_minutes,
        "streak": streak,
    }
