"""When to look again, and no flapping: an advice is not taken back within its own horizon unless the outlook has left the range it was given with."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

MORE = frozenset({"open", "back"})
"""What puts somebody at a counter; `close` takes somebody away; `lend` only moves a skill."""

EVERY = timedelta(minutes=5)
MUCH, MUCH_SHARE = 6, 0.3
"""So many more or fewer who wait, and so large a part of them, are a large change."""


@dataclass(frozen=True, slots=True)
class Looked:
    """The hall when advice was last sought."""

    at: datetime
    waiting: int
    opened: int


def time_to_look(last: Looked, here: Looked) -> bool:
    """Every few minutes, or at once when many have come or counters have opened or closed."""
    if not timedelta(0) <= here.at - last.at < EVERY:
        return True
    much = abs(here.waiting - last.waiting) >= max(MUCH, MUCH_SHARE * last.waiting)
    return much or here.opened != last.opened


@dataclass(frozen=True, slots=True)
class PastAdvice:
    """An advice of before: what it said, until when, what it foresaw, and what the manager made of it."""

    kind: str
    counter: str
    end: datetime
    low: float
    high: float
    """The mean wait foreseen with it, four times in five."""
    state: str
    """`proposed`, `accepted`, `done`, `declined` or `lapsed`."""
    services: tuple[str, ...] = ()


def steady(
    kind: str, counter: str, services: tuple[str, ...], past: Iterable[PastAdvice], now: datetime, wait: float
) -> bool:
    """Whether this may be advised at `now`, when the mean wait is foreseen as `wait` if nobody does anything."""
    return not any(
        now < given.end
        and (
            _moved_before(kind, counter, given)
            or (given.low <= wait <= given.high and _against(kind, counter, services, given))
        )
        for given in past
    )


def _moved_before(kind: str, counter: str, given: PastAdvice) -> bool:
    """Nobody's break is moved twice, however things turn out."""
    return kind == given.kind == "break" and counter == given.counter and given.state in ("accepted", "done")


def _against(kind: str, counter: str, services: tuple[str, ...], given: PastAdvice) -> bool:
    if given.state in ("accepted", "done"):
        turned = (kind == "close" and given.kind in MORE) or (kind in MORE and given.kind == "close")
        # a counter that was lent stays until its time is over
        return turned or (kind == "close" and given.kind == "lend" and given.counter == counter)
    if given.state in ("declined", "lapsed"):
        return (kind, counter, services) == (given.kind, given.counter, given.services)
    return False
