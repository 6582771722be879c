"""Features of the current day: how fast a queue has moved today, as minutes for a place in it.

`features.py` has the features of usual days. The number of counters that open later in the day was tried as a feature: it did
not help even where it was known exactly.
"""

from collections.abc import Sequence
from math import nan

from hallflow.foresight.waits.estimators import counters_open, minutes_per_call
from hallflow.foresight.waits.queues import Queue, Waiting
from hallflow.foresight.waits.stream import Stream

LASTS = 600.0
"""Minutes; older events belong to another day."""
LATELY = 8
USUAL_WEIGHS, TODAY_WEIGHS = 5, 4
"""Prior weights in calls: of the usual rate against today's, and of today's against the latest."""
WAITED_WEIGHS = 30.0


def today_features(stream: Stream, queue: Queue, at: float) -> dict[str, float]:
    """Features of today for an arrival in this queue at `at`, by name; minutes except for counts, NaN where unknown."""
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
    """Minutes per call of the last calls, up to now."""
    times = queue.calls.at
    return (at - times[-calls]) / calls if len(times) >= calls and at - times[-calls] < LASTS else nan


def _gap(queue: Queue, calls: int, at: float) -> float:
    """Mean minutes between the last calls."""
    times = queue.calls.at
    known = len(times) > calls and at - times[-1 - calls] < LASTS
    return (times[-1] - times[-1 - calls]) / calls if known else nan


def _since_seen(queue: Queue, at: float) -> tuple[float, float]:
    """Calls since the last reading, and the mean minutes between them."""
    reading = queue.reading_before(at)
    if reading is None:
        return nan, nan
    calls = queue.calls.since(reading[0] + 1e-6)
    return calls, (queue.calls.at[-1] - reading[0]) / calls if calls else nan


def _each(queue: Queue, at: float) -> float:
    """Counter-minutes per place in line of those last called."""
    last = zip(queue.recent, queue.recent_open, strict=True)
    each = [waited / (ahead + 1) * opened for (when, waited, ahead), opened in last if at - when < LASTS][-LATELY:]
    return sum(each) / len(each) if each else nan


def _middle(people: Sequence[Waiting], at: float) -> float:
    """Minutes per place that the customer in the middle of the queue has moved."""
    index = len(people) // 2
    moved = people[index].ahead - index if len(people) > 2 else 0
    return (at - people[index].at) / moved if moved > 0 else nan


def _usual_wait(queue: Queue, slot: int) -> float:
    """Usual wait at this time of day, scaled by today's waits over the usual ones."""
    if not queue.served_by_slot[slot]:
        return nan
    came = usual = WAITED_WEIGHS
    for arrived, waited in queue.waited_today:
        if queue.served_by_slot[arrived]:
            came += waited
            usual += queue.waited_by_slot[arrived] / queue.served_by_slot[arrived]
    return float(queue.waited_by_slot[slot] / queue.served_by_slot[slot] * came / usual)


NAMES = tuple(today_features(Stream(), Queue(), 0.0))
"""Names of these features, in their order."""
