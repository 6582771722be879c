"""Features of a new ticket: what is known of its hall's queues at the moment of its issue."""

from collections.abc import Sequence
from math import nan
from statistics import median

from hallflow.foresight.waits.counter_features import counter_features
from hallflow.foresight.waits.estimators import counters_open, fluid, last_called, minutes_per_call, throughput, typical
from hallflow.foresight.waits.queues import SLOT, SLOTS, Queue
from hallflow.foresight.waits.stream import DAY, Stream
from hallflow.foresight.waits.today_features import today_features

TODAY = 600.0
"""Calls within so many minutes are taken as of the same day."""
CATEGORIES = ("hall", "service", "tier")
UNSEEN = (nan, nan, nan)
"""Placeholder where no simulation was run: in logs, and in visits from before its results were stored."""


def features(
    stream: Stream, hall: int, service: int, tier: int, kind: tuple[str, str], at: float, twin: Sequence[float] = UNSEEN
) -> dict[str, float]:
    """The feature row of a ticket of `kind` (service, tier) issued at `at`: name -> value, in column order; NaN where unknown.

    `hall`, `service` and `tier` are the categories as numbers. `twin` is the simulated wait (low, likely, high minutes).
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
    called, came, tier_called = queue.calls.since, queue.arrivals.since, stream.tiers[tier_name].since
    hall_called, hall_came = whole.calls.since, whole.arrivals.since
    calls_60, hall_calls_60 = called(at - 60), hall_called(at - 60)
    scaled = [(waited, before + 1) for when, waited, before in lately if at - when < 120]
    people = list(queue.people.values())
    moved = people[-1].ahead - (ahead - 1) if people else 0
    per_call = queue.gaps / queue.worked if queue.worked else nan
    usual = [queue.called_by_slot[(slot + i) % SLOTS] / days for i in range(4)]
    last_tier = whole.last.get(tier_name)
    recent_work = ahead * _or(queue.open_before(at, 60), opened) * 60 / (calls_60 + 1) / opened
    return {
        "hall": hall, "service": service, "tier": tier, "minute_of_day": clock, "weekday": ((at + stream.offset) // DAY + 3) % 7,
        "typical": typical(stream, name, tier_name, at), "les": last_called(stream, name, tier_name, at),
        "throughput": throughput(stream, name, tier_name, at), "fluid": fluid(stream, name, tier_name, at),

        "ahead": ahead, "ahead_tier": same,
        "in_hall": len(whole.people), "in_hall_tier": in_hall_same, "in_hall_other_tiers": len(whole.people) - in_hall_same,
        "head_waits": waits[0] if waits else 0.0, "hall_head_waits": at - head.at if head else 0.0,
        "mean_waited": sum(waits) / ahead if ahead else 0.0, "sum_waited": sum(waits),

        "since_call": _since(queue, at), "since_hall_call": _since(whole, at), "last_any": _last(queue, at),
        "last_tier_hall": last_tier[1] if last_tier and at - last_tier[0] < 240 else nan,
        "recent_mean": sum(recent) / len(recent) if recent else nan,
        "recent_slope": recent[-1] - recent[0] if len(recent) > 2 else nan,
        "calls_5": called(at - 5), "calls_15": called(at - 15), "calls_30": called(at - 30),
        "calls_60": calls_60, "calls_120": called(at - 120),
        "arrivals_15": came(at - 15), "arrivals_30": came(at - 30), "arrivals_60": came(at - 60),
        "hall_calls_5": hall_called(at - 5), "hall_calls_15": hall_called(at - 15), "hall_calls_30": hall_called(at - 30),
        "hall_calls_60": hall_calls_60, "hall_calls_120": hall_called(at - 120),
        "hall_arrivals_15": hall_came(at - 15), "hall_arrivals_30": hall_came(at - 30), "hall_arrivals_60": hall_came(at - 60),
        "tier_calls_15": tier_called(at - 15), "tier_calls_30": tier_called(at - 30), "tier_calls_60": tier_called(at - 60),
        "left_60": queue.leaves.since(at - 60), "hall_left_60": whole.leaves.since(at - 60),

        "open": opened, "open_30": _or_nan(queue.open_before(at, 30)), "open_120": _or_nan(queue.open_before(at, 120)),
        "active": active, "serving": len(serving), "idle": active - len(serving), "serving_for": max(serving, default=nan),
        "minutes_per_call": minutes_per_call(stream, queue), "gap_per_call": per_call, "gap_open": per_call * ahead,
        "called_today": queue.today, "arrived_today": queue.arrived_today, "hall_called_today": whole.today,

        "usual_calls_0": usual[0], "usual_calls_1": usual[1], "usual_calls_2": usual[2],
        "usual_calls_rest": float(queue.called_by_slot[slot:].sum()) / days, "usual_came": queue.came_by_slot[slot] / days,
        "usual_wait": _mean_wait(queue, slot), "usual_wait_next": _mean_wait(queue, (slot + 1) % SLOTS),
        "queue_usual_wait": queue.waited_by_slot.sum() / queue.served_by_slot.sum() if queue.served_by_slot.any() else nan,
        "hall_usual_calls": whole.called_by_slot[slot] / max(whole.days, 1),
        "pace": calls_60 / (0.5 + usual[0] + queue.called_by_slot[slot - 1] / days),
        "hall_pace": hall_calls_60 / (0.5 + (whole.called_by_slot[slot] + whole.called_by_slot[slot - 1]) / max(whole.days, 1)),

        "les_scaled": (ahead + 1) * scaled[-1][0] / scaled[-1][1] if scaled else nan,
        "recent_scaled": (ahead + 1) * sum(recent) / sum(before for _, before in scaled) if scaled else nan,
        "head_scaled": (ahead + 1) * waits[0] / (people[0].ahead + 1) if people else 0.0,
        "tail_scaled": (ahead + 1) * waits[-1] / moved if moved > 0 else nan,
        "recent_work": recent_work,
        **_seen(queue, ahead, at), **_each(queue, ahead + 1, slot, at), **today_features(stream, queue, at), **counter_features(stream, tier_name, at),
        "twin_low": twin[0], "twin_likely": twin[1], "twin_high": twin[2],
    }  # fmt: skip


def _seen(queue: Queue, ahead: int, at: float) -> dict[str, float]:
    """The last reading of counters and people, its age, and its changes."""
    unknown = (nan, nan, nan)
    when, opened, waiting = queue.reading_before(at) or unknown
    before = {span: queue.reading_before(at, span) or unknown for span in (15, 30, 60)}
    return {
        "open_seen": opened, "waiting_seen": waiting, "seen_ago": at - when, "waiting_off": ahead - waiting,
        "open_moved_15": opened - before[15][1], "open_moved_30": opened - before[30][1], "open_moved_60": opened - before[60][1],
        "waiting_moved_30": waiting - before[30][2],
    }  # fmt: skip


def _each(queue: Queue, places: int, slot: int, at: float) -> dict[str, float]:
    """Minutes for so many places in line at the rate of usual days, of usual days about this time, and of today."""
    stood = queue.stood_by_slot.sum()
    near = [(slot + i) % SLOTS for i in (-1, 0, 1)]
    stood_now = queue.stood_by_slot[near].sum()
    lately = [(waited, before + 1) for when, waited, before in queue.recent if at - when < TODAY]
    middle = median(waited / place for waited, place in lately[-8:]) if lately else nan
    mean = sum(waited for waited, _ in lately) / sum(place for _, place in lately) if lately else nan
    return {
        "usual_each": (float(queue.waited_by_slot.sum() / stood) if stood else nan) * places,
        "usual_each_now": (float(queue.waited_by_slot[near].sum() / stood_now) if stood_now else nan) * places,
        "today_each_median": middle * places,
        "today_each": mean * places,
    }


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


NAMES = tuple(features(Stream(), 0, 0, 0, ("", ""), 0.0))
"""Names of the columns of a row."""
