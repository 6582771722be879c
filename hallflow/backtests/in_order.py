"""What happened, told once more in the order of time: visits and readings as the events that a foreseer learns from."""

from collections.abc import Iterator, Sequence

from hallflow.backtests.visit_log import Logged
from hallflow.foresight.waits.predictor import Foreseer

READING, CALL, END, LEAVE, ISSUE = range(5)
Readings = Sequence[tuple[float, str, str, int, float]]
Event = tuple[float, int, int]
"""When, which visit or reading, and what."""
_SEEN, _BEFORE, _COMES = 0, 1, 2
"""At the same moment: what is seen open, then those whose turn ends a wait, then those who come."""


def in_order(visits: Sequence[Logged], readings: Readings = ()) -> Iterator[Event]:
    """Everything that these visits and readings tell of."""
    events = [(at, _SEEN, index, READING) for index, (at, *_) in enumerate(readings)]
    for index, visit in enumerate(visits):
        events += _of_visit(index, visit)
    events.sort(key=lambda event: (event[0], event[1], event[2], event[3] != ISSUE, event[3]))
    return ((at, index, what) for at, _, index, what in events)


def _of_visit(index: int, visit: Logged) -> Iterator[tuple[float, int, int, int]]:
    if visit.issued is None:
        return
    yield (visit.issued, _COMES, index, ISSUE)
    if not visit.joins:
        return
    # whoever did not wait at all is called after their own issue, not before it
    if visit.called is not None:
        yield (visit.called, _BEFORE if visit.called > visit.issued else _COMES, index, CALL)
        if visit.ended is not None:
            yield (visit.ended, _BEFORE if visit.ended > visit.issued else _COMES, index, END)
    elif visit.ended is not None:
        yield (visit.ended, _BEFORE if visit.ended > visit.issued else _COMES, index, LEAVE)


def tell(foreseer: Foreseer, visit: Logged, key: str, at: float, what: int) -> None:
    """Tell of a call, an end or a leave."""
    if what == CALL:
        foreseer.call(visit.hall, key, at, visit.counter)
    elif what == END:
        foreseer.end(visit.hall, key, at)
    elif what == LEAVE:
        foreseer.leave(visit.hall, key, at)
