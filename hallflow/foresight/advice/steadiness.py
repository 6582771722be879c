"""Hysteresis of advice: when to review, and no reversal within an advice's own time unless its prediction has failed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

MORE = frozenset({"open", "back"})
"""Kinds that add a clerk; `close` removes one, and `lend` only moves a skill."""

EVERY = timedelta(minutes=5)
MUCH, MUCH_SHARE = 6, 0.3
"""A change of the queue that triggers a review at once: at least so many customers, and so large a share."""


@dataclass(frozen=True, slots=True)
class Review:
    """State of the hall at a review."""

    at: datetime
    waiting: int
    opened: int


def review_due(last: Review, here: Review) -> bool:
    """Whether a review is due: every few minutes, or at once after a large change of the queue or of the open counters."""
    if not timedelta(0) <= here.at - last.at < EVERY:
        return True
    queue_changed = abs(here.waiting - last.waiting) >= max(MUCH, MUCH_SHARE * last.waiting)
    return queue_changed or here.opened != last.opened


@dataclass(frozen=True, slots=True)
class PastAdvice:
    """An earlier advice: what it recommended, its predicted mean wait, and what became of it."""

    kind: str
    counter: str
    end: datetime
    low: float
    high: float
    """80 % interval of the mean wait predicted with it, in minutes."""
    state: str
    """`proposed`, `accepted`, `done`, `declined` or `lapsed`."""
    services: tuple[str, ...] = ()


def steady(
    kind: str, counter: str, services: tuple[str, ...], past: Iterable[PastAdvice], now: datetime, wait: float
) -> bool:
    """Whether an action may be recommended at `now`, given the mean wait (minutes) predicted without intervention."""
    return not any(
        now < earlier.end
        and (
            _moved_before(kind, counter, earlier)
            or (earlier.low <= wait <= earlier.high and _against(kind, counter, services, earlier))
        )
        for earlier in past
    )


def _moved_before(kind: str, counter: str, earlier: PastAdvice) -> bool:
    """A break is not moved twice, whatever happens."""
    return kind == earlier.kind == "break" and counter == earlier.counter and earlier.state in ("accepted", "done")


def _against(kind: str, counter: str, services: tuple[str, ...], earlier: PastAdvice) -> bool:
    if earlier.state in ("accepted", "done"):
        reverses = (kind == "close" and earlier.kind in MORE) or (kind in MORE and earlier.kind == "close")
        # a lent counter stays open until its time is over
        return reverses or (kind == "close" and earlier.kind == "lend" and earlier.counter == counter)
    if earlier.state in ("declined", "lapsed"):
        return (kind, counter, services) == (earlier.kind, earlier.counter, earlier.services)
    return False
