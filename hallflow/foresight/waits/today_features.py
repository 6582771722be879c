"""What today tells of a queue: how fast it moved just now, and what its counters need for a call today, as minutes for a place in it.

What is usual, `features.py` tells. How many counters will be open later was tried and is of no use, not even were it known.
"""

from collections.abc import Sequence
from math import nan

from hallflow.foresight.waits.estimators import counters_open, minutes_per_call
from hallflow.foresight.waits.queues import Queue, Waiting
from hallflow.foresight.waits.stream import Stream

LASTS = 600.0
"""What is older than so many minutes was another day."""
LATELY = 8
USUAL_WEIGHS, TODAY_WEIGHS = 5, 4
"""So many calls of what is usual weigh as much as today's, and so many of today's as the latest."""
WAITED_WEIGHS = 30.0


def today(stream: Stream, queue: Queue, at: float) -> dict[str, float]:
    """What today tells whoever takes a number in this queue at `at`: minutes, but for the calls; NaN where not known."""
    places, opened = len(queue.people) + 1, counters_open(stream, queue, at)
    usual = minutes_per_call(stream, queue)
    work = (queue.work_today + USUAL_WEIGHS * usual) / (queue.worked_today + USUAL_WEIGHS)
    last = [minutes for when, minutes in queue.works if at - when < LASTS][-LATELY:]
    lately = (sum(last) + TODAY_WEIGHS * work) / (len(last) + TODAY_WEIGHS)
    called, pace = _since_seen(queue, at)
    return {
        "pace_3": places * _pace(queue, 3, at), "pace_6": places * _pace(queue, 6, at), "pace_12": places * _pace(queue, 12, at),
        "gap_1": places * _gap(queue, 1, at), "gap_3": places * _gap(queue, 3, at),
        "called_since_seen": called, "pace_since_seen": places * pace,
        "work_today": work * places / opened, "work_lately": lately * places / opened, "work_each": _each(queue, at) * places / opened,
        "middle_scaled": places * _middle(list(queue.people.values()), at),
        "usual_wait_today": _usual_wait(queue, stream.slot(at)),
    }  # fmt: skip


def _pace(queue: Queue, calls: int, at: float) -> float:
    """Minutes for each of the last calls until now."""
    times = queue.calls.at
    return (at - times[-calls]) / calls if len(times) >= calls and at - times[-calls] < LASTS else nan


def _gap(queue: Queue, calls: int, at: float) -> float:
    """Minutes between the last calls."""
    times = queue.calls.at
    known = len(times) > calls and at - times[-1 - calls] < LASTS
    return (times[-1] - times[-1 - calls]) / calls if known else nan


def _since_seen(queue: Queue, at: float) -> tuple[float, float]:
    """Calls since counters were last counted, and the minutes between them."""
    seen = queue.reading_before(at)
    if seen is None:
        return nan, nan
    calls = queue.calls.since(seen[0] + 1e-6)
    return calls, (queue.calls.at[-1] - seen[0]) / calls if calls else nan


def _each(queue: Queue, at: float) -> float:
    """Counter-minutes for each place in line of those who were called last."""
    last = zip(queue.recent, queue.recent_open, strict=True)
    each = [waited / (ahead + 1) * opened for (when, waited, ahead), opened in last if at - when < LASTS][-LATELY:]
    return sum(each) / len(each) if each else nan


def _middle(people: Sequence[Waiting], at: float) -> float:
    """Minutes for each place by which the one in the middle of the line has moved."""
    index = len(people) // 2
    moved = people[index].ahead - index if len(people) > 2 else 0
    return (at - people[index].at) / moved if moved > 0 else nan


def _usual_wait(queue: Queue, slot: int) -> float:
    """The wait that is usual at this time, as much longer or shorter as today's were until now."""
    if not queue.served_by_slot[slot]:
        return nan
    came = usual = WAITED_WEIGHS
    for arrived, waited in queue.waited_today:
        if queue.served_by_slot[arrived]:
            came += waited
            usual += queue.waited_by_slot[arrived] / queue.served_by_slot[arrived]
    return float(queue.waited_by_slot[slot] / queue.served_by_slot[slot] * came / usual)


NAMES = tuple(today(Stream(), Queue(), 0.0))
"""The names of these figures, in their order."""
