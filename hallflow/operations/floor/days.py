"""The day's begin, its end and the time-out job (sweep): what nobody ends by hand ends automatically."""

from datetime import datetime, timedelta

from hallflow.domain.floor import planned_counters
from hallflow.hall import Change, Hall


def begin_day(hall: Hall) -> bool:
    """Open the day and apply a changed plan; gives whether anything changed."""
    with hall.change() as change:
        ensure_today(change)
        planned = planned_counters(hall.plan)
        if dict(change.floor.planned) != planned:
            change.record("plan_changed", counters=planned)
            _release_all(change)
        return change.happened


def _release_all(change: Change) -> None:
    """Reroute tickets that wait for a counter that is no longer in the plan."""
    for ticket in list(change.floor.waiting()):
        if ticket.wanted is not None and ticket.wanted not in change.floor.counters:
            change.move("rerouted", ticket)


def ensure_today(change: Change) -> None:
    """Close yesterday, if it is still open, and open today, within a turn that needs today's floor."""
    today = change.plan.hours.day_of(change.now)
    if change.floor.day < today or change.floor.seq == 0:
        if change.floor.seq:
            _end_everything(change)
        change.record("day_opened", day=today.isoformat(), counters=planned_counters(change.plan))


def close_day(hall: Hall) -> int:
    """After closing time, once every counter has closed or the grace time is over, end all open tickets; gives how many.

    Customers inside at closing time are still served by the counters that stay open: closing time alone ends no visit.
    """
    with hall.change() as change:
        closed_for = change.plan.hours.closed_for(change.now)
        staffed = any(counter.state != "closed" for counter in change.floor.counters.values())
        if closed_for is None or (staffed and closed_for < change.plan.rules.closing_grace_minutes):
            return 0
        return _end_everything(change)


def sweep(hall: Hall) -> int:
    """Make called customers who do not come no-shows, and expire old no-shows, by the times of the plan; gives how many."""
    with hall.change() as change:
        rules, now = change.plan.rules, change.now
        gone = [t for t in change.floor.at("called") if _past(t.now.called_at, now, rules.missed_after_minutes)]
        for ticket in gone:
            change.move("missed", ticket, mark=change.floor.calls.get(ticket.service, 0), by="itself")
        lost = [t for t in change.floor.at("missed") if _past(t.state_at, now, rules.missed_kept_minutes)]
        for ticket in lost:
            change.move("expired", ticket, outcome="missed")
        return len(gone) + len(lost)


def _past(at: datetime | None, now: datetime, minutes: float) -> bool:
    return at is not None and now - at >= timedelta(minutes=minutes)


def _end_everything(change: Change) -> int:
    numbers = list(change.floor.tickets)
    for number in numbers:
        change.record("expired", ticket=number, outcome="day_ended")
    for counter in list(change.floor.counters.values()):
        if counter.state != "closed":
            change.record("counter_closed", counter=counter.key, reason="day_ended")
    return len(numbers)
