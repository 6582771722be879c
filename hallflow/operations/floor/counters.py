"""Server availability: clerks open, pause and close their counters."""

from collections.abc import Sequence
from datetime import timedelta

from hallflow.domain.counter import Counter
from hallflow.domain.refusals import Malformed, Refused, Unknown
from hallflow.hall import Change, Hall
from hallflow.operations.floor.days import ensure_today


def open_counter(hall: Hall, key: str, clerk: str, services: Sequence[str] | None = None) -> Counter:
    """Open a counter, or end its pause; a counter has one clerk, and a clerk one counter."""
    with hall.change() as change:
        ensure_today(change)
        counter = change.floor.counter(key)
        if counter.state != "closed" and counter.clerk not in (None, clerk):
            raise Refused(
                "counter_taken",
                counter=change.plan.counter_name(key),
                clerk=hall.staff.get(counter.clerk or "", counter.clerk),
            )
        elsewhere = next((c for c in change.floor.counters.values() if c.clerk == clerk and c.key != key), None)
        if elsewhere is not None:
            raise Refused("clerk_elsewhere", counter=change.plan.counter_name(elsewhere.key))
        for service in services or ():
            if service not in change.plan.services:
                raise Unknown("no_service", field="services", service=service)
        if services is not None and not services:
            raise Malformed("missing_field", field="services", name="services")
        offered = list(services) if services else list(counter.services)
        if counter.state == "open" and offered == list(counter.services):
            return counter
        change.record("counter_opened", counter=key, clerk=clerk, services=offered)
        return change.floor.counters[key]


def pause_counter(hall: Hall, key: str, reason: str, minutes: int | None = None) -> Counter:
    """Pause a counter: a service in progress goes on to its end, and nobody new is called."""
    with hall.change() as change:
        if change.plan.pause_reasons and reason not in change.plan.pause_reasons:
            raise Malformed("unknown_reason", field="reason", reason=reason)
        counter = change.floor.counter(key)
        counter.check("counter_paused")
        back_at = (change.now + timedelta(minutes=minutes)).isoformat() if minutes else None
        change.record("counter_paused", counter=key, reason=reason, back_at=back_at, clerk=counter.clerk)
        return change.floor.counters[key]


def close_counter(hall: Hall, key: str) -> Counter:
    """Close a counter that has no customer, and reroute the tickets that waited for it alone."""
    with hall.change() as change:
        counter = change.floor.counter(key)
        if counter.ticket is not None:
            raise Refused("counter_busy", counter=change.plan.counter_name(key), number=counter.ticket)
        counter.check("counter_closed")
        change.record("counter_closed", counter=key)
        _release(change, key)
        return change.floor.counters[key]


def _release(change: Change, key: str) -> None:
    for ticket in list(change.floor.waiting([f"@{key}"])):
        change.record("rerouted", ticket=ticket.number)
