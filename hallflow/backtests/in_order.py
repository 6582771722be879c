"""Trace replay: the visits and readings of a log as events in the order of time, to feed an online predictor."""

from collections.abc import Iterator, Sequence

from hallflow.backtests.visit_log import Logged
from hallflow.foresight.waits.predictor import Predictor

READING, CALL, END, LEAVE, ISSUE = range(5)
Readings = Sequence[tuple[float, str, str, int, float]]
Event = tuple[float, int, int]
"""Moment, index of the visit or reading, and kind of event."""
_SEEN, _BEFORE, _COMES = 0, 1, 2
"""Order within one moment: readings, then what ends a wait, then arrivals."""


def in_order(visits: Sequence[Logged], readings: Readings = ()) -> Iterator[Event]:
    """The events of these visits and readings in the order of time."""
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
    # a visit without a wait is called after its own issue, not before it
    if visit.called is not None:
        yield (visit.called, _BEFORE if visit.called > visit.issued else _COMES, index, CALL)
        if visit.ended is not None:
            yield (visit.ended, _BEFORE if visit.ended > visit.issued else _COMES, index, END)
    elif visit.ended is not None:
        yield (visit.ended, _BEFORE if visit.ended > visit.issued else _COMES, index, LEAVE)


def feed(predictor: Predictor, visit: Logged, key: str, at: float, what: int) -> None:
    """Feed a call, an end of service or an abandonment to the predictor."""
    if what == CALL:
        predictor.call(visit.hall, key, at, visit.counter)
    elif what == END:
        predictor.end(visit.hall, key, at)
    elif what == LEAVE:
        predictor.leave(visit.hall, key, at)
