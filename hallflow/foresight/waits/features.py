"""What a correcting model is told of a new ticket: numbers drawn from its hall's stream at the moment of its issue."""

from collections.abc import Sequence
from math import nan
from statistics import median

from hallflow.foresight.waits.counter_features import NAMES as DESK_NAMES
from hallflow.foresight.waits.counter_features import desks
from hallflow.foresight.waits.estimators import counters_open, fluid, last_called, minutes_per_call, throughput, typical
from hallflow.foresight.waits.queues import SLOT, SLOTS, Queue
from hallflow.foresight.waits.stream import DAY, Stream
from hallflow.foresight.waits.today_features import NAMES as TODAY_NAMES
from hallflow.foresight.waits.today_features import today

TODAY = 600.0
"""Calls of so many minutes ago may be of the same day."""
SPANS = (5, 15, 30, 60, 120)
CATEGORIES = ("hall", "service", "tier")
NAMES = (
    *CATEGORIES, "minute_of_day", "weekday", "typical", "les", "throughput", "fluid",
    "ahead", "ahead_tier", "in_hall", "in_hall_tier", "in_hall_other_tiers", "head_waits", "hall_head_waits", "mean_waited",
    "sum_waited", "since_call", "since_hall_call", "last_any", "last_tier_hall", "recent_mean", "recent_slope",
    *(f"calls_{span}" for span in SPANS), *(f"arrivals_{span}" for span in SPANS[1:4]),
    *(f"hall_calls_{span}" for span in SPANS), *(f"hall_arrivals_{span}" for span in SPANS[1:4]),
    *(f"tier_calls_{span}" for span in SPANS[1:4]),
    "left_60", "hall_left_60", "open", "open_30", "open_120", "active", "serving", "idle", "serving_for",
    "minutes_per_call", "gap_per_call", "gap_open", "called_today", "arrived_today", "hall_called_today",
    "usual_calls_0", "usual_calls_1", "usual_calls_2", "usual_calls_rest", "usual_came", "usual_wait", "usual_wait_next", "queue_usual_wait",
    "hall_usual_calls", "pace", "hall_pace", "les_scaled", "recent_scaled", "head_scaled", "tail_scaled", "recent_work",
    "open_seen", "waiting_seen", "seen_ago", "waiting_off", "open_moved_15", "open_moved_30", "open_moved_60", "waiting_moved_30",
    "usual_each", "usual_each_now", "today_each_median", "today_each",
    *TODAY_NAMES, *DESK_NAMES,
    "twin_low", "twin_likely", "twin_high",
)  # fmt: skip
UNSEEN = (nan, nan, nan)
"""Where no twin was played: in logs, and in visits of before it was kept."""


def features(
    stream: Stream, hall: int, service: int, tier: int, kind: tuple[str, str], at: float, twin: Sequence[float] = UNSEEN
) -> list[float]:
    """The row of a ticket of `kind` (service, tier) at `at`; NaN where not known. Categories come numbered.

    `twin` is what the twin foresaw (low, likely, high minutes).
    """
    name, tier_name = kind
    queue, whole = stream.queues[name], stream.hall
    ahead = len(queue.people)
    waits = [at - person.at for person in queue.people.values()]
    same = sum(person.tier == tier_name for person in queue.people.values())
    in_hall_same = sum(person.tier == tier_name for person in whole.people.values())
    head = next(iter(whole.people.values()), None)
    clock = (at + stream.offset) % DAY
    slot = int(clock) // SLOT
    lately = list(queue.recent)[-8:]
    recent = [waited for when, waited, _ in lately if at - when < 120]
    days = max(queue.days, 1)
    opened = counters_open(stream, queue, at)
    active = stream.counters_active(at)
    serving = [at - since for since, _ in stream.at_counters.values()]
    calls = [queue.calls.since(at - span) for span in SPANS]
    hall_calls = [whole.calls.since(at - span) for span in SPANS]
    scaled = [(waited, before + 1) for when, waited, before in lately if at - when < 120]
    people = list(queue.people.values())
    moved = people[-1].ahead - (ahead - 1) if people else 0
    per_call = queue.gaps / queue.worked if queue.worked else nan
    usual = [queue.called_by_slot[(slot + i) % SLOTS] / days for i in range(4)]
    last_tier = whole.last.get(tier_name)
    return [
        hall, service, tier, clock, ((at + stream.offset) // DAY + 3) % 7,
        typical(stream, name, tier_name, at), last_called(stream, name, tier_name, at),
        throughput(stream, name, tier_name, at), fluid(stream, name, tier_name, at),
        ahead, same, len(whole.people), in_hall_same, len(whole.people) - in_hall_same,
        waits[0] if waits else 0.0, at - head.at if head else 0.0, sum(waits) / ahead if ahead else 0.0,
        sum(waits), _since(queue, at), _since(whole, at), _last(queue, at), last_tier[1] if last_tier and at - last_tier[0] < 240 else nan,
        sum(recent) / len(recent) if recent else nan, recent[-1] - recent[0] if len(recent) > 2 else nan,
        *calls, *(queue.arrivals.since(at - span) for span in SPANS[1:4]),
        *hall_calls, *(whole.arrivals.since(at - span) for span in SPANS[1:4]),
        *(stream.tiers[tier_name].since(at - span) for span in SPANS[1:4]),
        queue.leaves.since(at - 60), whole.leaves.since(at - 60),
        opened, _or_nan(queue.open_before(at, 30)), _or_nan(queue.open_before(at, 120)),
        active, len(serving), active - len(serving), max(serving, default=nan),
        minutes_per_call(stream, queue), per_call, per_call * ahead, queue.today, queue.arrived_today, whole.today,
        usual[0], usual[1], usual[2], float(queue.called_by_slot[slot:].sum()) / days, queue.came_by_slot[slot] / days,
        _mean_wait(queue, slot), _mean_wait(queue, (slot + 1) % SLOTS),
        queue.waited_by_slot.sum() / queue.served_by_slot.sum() if queue.served_by_slot.any() else nan,
        whole.called_by_slot[slot] / max(whole.days, 1),
        calls[3] / (0.5 + usual[0] + queue.called_by_slot[slot - 1] / days),
        hall_calls[3] / (0.5 + (whole.called_by_slot[slot] + whole.called_by_slot[slot - 1]) / max(whole.days, 1)),
        (ahead + 1) * scaled[-1][0] / scaled[-1][1] if scaled else nan,
        (ahead + 1) * sum(recent) / sum(before for _, before in scaled) if scaled else nan,
        (ahead + 1) * waits[0] / (people[0].ahead + 1) if people else 0.0,
        (ahead + 1) * waits[-1] / moved if moved > 0 else nan,
        ahead * _or(queue.open_before(at, 60), opened) * 60 / (calls[3] + 1) / opened,
        *_seen(queue, ahead, at), *(each * (ahead + 1) for each in _each(queue, slot, at)),
        *today(stream, queue, at), *desks(stream, tier_name, at),
        *twin,
    ]  # fmt: skip


def _seen(queue: Queue, ahead: int, at: float) -> tuple[float, ...]:
    """What was last seen of counters and people, how long ago, and how it has moved."""
    last = queue.reading_before(at)
    if last is None:
        return (nan,) * 8
    when, opened, waiting = last
    before = {span: queue.reading_before(at, span) for span in (15, 30, 60)}
    moved = (opened - seen[1] if seen else nan for seen in before.values())
    half_hour = before[30]
    return (opened, waiting, at - when, ahead - waiting, *moved, waiting - half_hour[2] if half_hour else nan)


def _each(queue: Queue, slot: int, at: float) -> tuple[float, ...]:
    """Minutes for each place in line: on usual days, about this time of them, and today."""
    stood = queue.stood_by_slot.sum()
    near = [(slot + i) % SLOTS for i in (-1, 0, 1)]
    stood_now = queue.stood_by_slot[near].sum()
    lately = [(waited, before + 1) for when, waited, before in queue.recent if at - when < TODAY]
    return (
        float(queue.waited_by_slot.sum() / stood) if stood else nan,
        float(queue.waited_by_slot[near].sum() / stood_now) if stood_now else nan,
        median(waited / place for waited, place in lately[-8:]) if lately else nan,
        sum(waited for waited, _ in lately) / sum(place for _, place in lately) if lately else nan,
    )


def _since(queue: Queue, at: float) -> float:
    return min(at - queue.calls.at[-1], 240.0) if queue.calls.at else nan


def _last(queue: Queue, at: float) -> float:
    when, waited = queue.last.get("", (-1e9, nan))
    return waited if at - when < 240 else nan


def _mean_wait(queue: Queue, slot: int) -> float:
    n = queue.served_by_slot[slot]
    return float(queue.waited_by_slot[slot] / n) if n else nan


def _or_nan(value: float | None) -> float:
    return _or(value, nan)


def _or(value: float | None, other: float) -> float:
    return other if value is None else value
