"""What following an advice does to the hall, and whether what somebody was asked for has happened."""

from collections.abc import Callable
from datetime import datetime

from hallflow.domain.counter import Counter
from hallflow.domain.refusals import Refused
from hallflow.hall import Change
from hallflow.operations.roster.rostering import move_break
from hallflow.storage.records.advices import AdviceRow

CLOSING = "closing"


def follow(change: Change, kept: AdviceRow) -> bool:
    """Do it as far as it can be done from here: True where that is all, False where somebody has to come or to finish first."""
    return _DO[kept.data["kind"]](change, kept)


def has_happened(kept: AdviceRow, counter: Counter, now: datetime) -> bool:
    """Whether somebody who was asked sits there now, or the break that was moved has begun."""
    if kept.data["kind"] == "break":
        return now >= datetime.fromisoformat(kept.data["break"]["to"])
    return kept.data["kind"] in ("open", "back") and counter.state == "open"


def is_closing(kept: AdviceRow, counter: Counter) -> bool:
    """Whether the counter only waits for its customer to be served."""
    return kept.data["kind"] == "close" and counter.state == "paused" and counter.reason == CLOSING


def close(change: Change, counter: Counter, kept: AdviceRow) -> None:
    """Nobody stands there any more: the counter closes, and who waited for it alone is led elsewhere."""
    change.record("counter_closed", counter=counter.key, advice=kept.id)
    for ticket in list(change.floor.waiting([f"@{counter.key}"])):
        change.record("rerouted", ticket=ticket.number)


def give_back(change: Change, counter: Counter, kept: AdviceRow) -> None:
    """The counter offers no longer what it was lent."""
    offered = [s for s in counter.services if s not in kept.data["lent"]]
    if counter.state == "open" and offered and offered != list(counter.services):
        change.record("counter_opened", counter=counter.key, clerk=counter.clerk, services=offered, advice=kept.id)


def _move_break(change: Change, kept: AdviceRow) -> bool:
    move_break(
        change.connection, change.plan, kept.day, {"counter": kept.data["counter"], **kept.data["break"]}, change.now
    )
    return False


def _ask(change: Change, kept: AdviceRow) -> bool:
    return change.floor.counter(kept.data["counter"]).state == "open"


def _close_soon(change: Change, kept: AdviceRow) -> bool:
    counter = change.floor.counter(kept.data["counter"])
    if counter.state == "closed":
        return True
    if counter.ticket is None:
        close(change, counter, kept)
        return True
    change.record(
        "counter_paused", counter=counter.key, reason=CLOSING, back_at=None, clerk=counter.clerk, advice=kept.id
    )
    return False


def _lend(change: Change, kept: AdviceRow) -> bool:
    counter = change.floor.counter(kept.data["counter"])
    if counter.state != "open":
        raise Refused("counter_closed", counter=change.plan.counter_name(counter.key))
    offered = [*counter.services, *(s for s in kept.data["lent"] if s not in counter.services)]
    change.record("counter_opened", counter=counter.key, clerk=counter.clerk, services=offered, advice=kept.id)
    return True


_DO: dict[str, Callable[[Change, AdviceRow], bool]] = {
    "open": _ask,
    "back": _ask,
    "close": _close_soon,
    "lend": _lend,
    "break": _move_break,
}
