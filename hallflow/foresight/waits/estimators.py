"""Benchmark predictors of a wait from a queue's state: queue length over service rate, last-to-enter-service (LES), throughput,
fluid.

Each takes a stream, a service, a tier and the moment, and returns minutes. QL and LES follow Ibrahim & Whitt 2009.
"""

from collections.abc import Callable, Mapping

from hallflow.foresight.waits.queues import SLOT, SLOTS, Queue
from hallflow.foresight.waits.stream import DAY, FEW_CALLS, Stream

Estimator = Callable[[Stream, str, str, float], float]
USUAL_MINUTES = 6.0
"""Counter-minutes of a call before any was observed."""
LES_LASTS = 240.0
AT_MOST = 600.0
TODAY_WEIGHS = 8.0
"""Prior weight: this many calls at the usual rate, against those of today."""


def typical(stream: Stream, service: str, tier: str, at: float) -> float:
    """QL, the queue-length predictor: people ahead x counter-minutes per call / open counters."""
    queue = stream.queues[service]
    return len(queue.people) * minutes_per_call(stream, queue) / (counters_open(stream, queue, at) or 1)


def last_called(stream: Stream, service: str, tier: str, at: float) -> float:
    """LES, the wait of the last customer to enter service: of this queue and tier."""
    when, waited = stream.queues[service].last.get(tier, (-AT_MOST, 0.0))
    return waited if at - when < LES_LASTS else 0.0


def throughput(stream: Stream, service: str, tier: str, at: float) -> float:
    """Queue length over throughput: people ahead / calls per minute of the last hour, shrunk to the usual rate."""
    queue = stream.queues[service]
    minutes_per_ahead = queue.gaps / queue.worked if queue.worked >= 5 else minutes_per_call(stream, queue)
    calls = queue.calls.since(at - 60)
    return min(len(queue.people) * (60 + 3 * minutes_per_ahead) / (calls + 3), AT_MOST)


def fluid(stream: Stream, service: str, tier: str, at: float) -> float:
    """Fluid approximation: the queue drains at the call rates of usual days, scaled to today's, until nobody is ahead."""
    queue = stream.queues[service]
    left = len(queue.people) + 0.5
    if queue.days == 0:
        return typical(stream, service, tier, at)
    clock = (at + stream.offset) % DAY
    pace = _pace(queue, at, clock)
    floor = 1 / (8 * max(queue.gaps / queue.worked, 0.5)) if queue.worked >= 5 else 0.02
    waited = 0.0
    while waited < AT_MOST:
        slot = int(clock % DAY) // SLOT
        rate = max(queue.called_by_slot[slot] / queue.days / SLOT * pace, floor)
        until = SLOT - clock % SLOT
        if rate * until >= left:
            return float(waited + left / rate)
        left -= rate * until
        waited += until
        clock += until
    return AT_MOST


def _pace(queue: Queue, at: float, clock: float) -> float:
    """Calls of the last ninety minutes over those of usual days."""
    usual = 0.0
    for back in range(3):
        slot = (int(clock) // SLOT - back) % SLOTS
        share = (clock % SLOT) / SLOT if back == 0 else 1.0
        usual += share * queue.called_by_slot[slot] / queue.days
    span = clock % SLOT + 2 * SLOT
    return float(min((queue.calls.since(at - span) + TODAY_WEIGHS) / (usual + TODAY_WEIGHS), 3.0))


def minutes_per_call(stream: Stream, queue: Queue) -> float:
    """Counter-minutes per call of a queue, shrunk towards the mean of the hall's queues."""
    work = sum(other.work for other in stream.queues.values())
    worked = sum(other.worked for other in stream.queues.values())
    usual = (work + 5 * USUAL_MINUTES) / (worked + 5)
    return (queue.work + FEW_CALLS * usual) / (queue.worked + FEW_CALLS)


def counters_open(stream: Stream, queue: Queue, at: float) -> int:
    """Number of open counters: by the last reading, else by recent calls, else one."""
    counted = queue.open_now(at)
    return max(stream.counters_active(at) if counted is None else counted, 1)


ESTIMATORS: Mapping[str, Estimator] = {
    "typical": typical,
    "les": last_called,
    "throughput": throughput,
    "fluid": fluid,
}
