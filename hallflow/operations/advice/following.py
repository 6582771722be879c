"""Carrying out an accepted advice: the changes it makes in the hall, and whether what a clerk was asked for has happened."""

from collections.abc import Callable
from datetime import datetime

from hallflow.domain.counter import Counter
from hallflow.domain.refusals import Refused
from hallflow.hall import Change
from hallflow.operations.roster.rostering import move_break
from hallflow.storage.records.advices import AdviceRow

CLOSING = "closing"


def follow(change: Change, row: AdviceRow) -> bool:
    """Carry out an advice as far as possible remotely; False where a clerk must come or a service end first."""
    return _DO[row.data["kind"]](change, row)


def has_happened(row: AdviceRow, counter: Counter, now: datetime) -> bool:
    """Whether the clerk who was asked has opened the counter, or the moved break has begun."""
    if row.data["kind"] == "break":
        return now >= datetime.fromisoformat(row.data["break"]["to"])
    return row.data["kind"] in ("open", "back") and counter.state == "open"


def is_closing(row: AdviceRow, counter: Counter) -> bool:
    """Whether the counter closes as soon as its customer has been served."""
    return row.data["kind"] == "close" and counter.state == "paused" and counter.reason == CLOSING


def close(change: Change, counter: Counter, row: AdviceRow) -> None:
    """Close the counter, which has no customer any more, and reroute the tickets that waited for it alone."""
    change.record("counter_closed", counter=counter.key, advice=row.id)
    for ticket in list(change.floor.waiting([f"@{counter.key}"])):
        change.record("rerouted", ticket=ticket.number)


def give_back(change: Change, counter: Counter, row: AdviceRow) -> None:
    """Take the lent services from the counter again."""
    offered = [s for s in counter.services if s not in row.data["lent"]]
    if counter.state == "open" and offered and offered != list(counter.services):
        change.record("counter_opened", counter=counter.key, clerk=counter.clerk, services=offered, advice=row.id)


def _move_break(change: Change, row: AdviceRow) -> bool:
    move_break(
        change.connection, change.plan, row.day, {"counter": row.data["counter"], **row.data["break"]}, change.now
    )
    return False


def _ask(change: Change, row: AdviceRow) -> bool:
    return change.floor.counter(row.data["counter"]).state == "open"


def _close_soon(change: Change, row: AdviceRow) -> bool:
    counter = change.floor.counter(row.data["counter"])
    if counter.state == "closed":
        return True
    if counter.ticket is None:
        close(change, counter, row)
        return True
    change.record(
        "counter_paused", counter=counter.key, reason=CLOSING, back_at=None, clerk=counter.clerk, advice=row.id
    )
    return False


def _lend(change: Change, row: AdviceRow) -> bool:
    counter = change.floor.counter(row.data["counter"])
    if counter.state != "open":
        raise Refused("counter_closed", counter=change.plan.counter_name(counter.key))
    offered = [*counter.services, *(s for s in row.data["lent"] if s not in counter.services)]
    change.record("counter_opened", counter=counter.key, clerk=counter.clerk, services=offered, advice=row.id)
    return True


_DO: dict[str, Callable[[Change, AdviceRow], bool]] = {
    "open": _ask,
    "back": _ask,
    "close": _close_soon,
    "lend": _lend,
    "break": _move_break,
}
