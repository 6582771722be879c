"""Forecast verification of predicted waits: errors, coverage, width and Winkler score, beside the benchmarks QL and LES.

Scored are visits that were served and found somebody ahead in their queue. The benchmarks are
- typical: people ahead x counter-minutes per call / open counters (QL)
- les: the wait of the last customer called from the same queue and tier (LES)

each with an interval from the 10th and 90th percentile of its own errors in the history.
"""

from bisect import bisect_right, insort
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from hallflow.backtests.visit_log import Log, Logged
from hallflow.domain.waits.ranges import Minutes
from hallflow.domain.waits.track_record import PENALTY

Queue = tuple[str, str]
OpenCounters = Mapping[Queue, Sequence[tuple[float, int]]]
LASTS = 60.0
"""Minutes after which a reading is outdated, and a gap between two calls counts as a break."""
LES_LASTS = 240.0
FEW = 5
OUTSIDE = 0.1


@dataclass(slots=True)
class Scored:
    """A visit with its actual wait, the prediction and the benchmarks, in minutes."""

    visit: Logged
    issued: float
    wait: float | None
    predicted: Minutes
    ahead: int = 0
    typical: float = 0.0
    les: float = 0.0


def score(history: Log, test: Log, predictions: Sequence[Minutes]) -> dict[str, Any]:
    """Score one prediction for each visit of `test`: MAE, RMSE, coverage, width and Winkler score, also of the benchmarks."""
    minutes = _minutes_of_a_call(history)
    nothing = (0.0, 0.0, 0.0)
    before = _beside([(visit, nothing) for visit in history.visits], _open(history), minutes)
    after = _beside(list(zip(test.visits, predictions, strict=True)), _open(test), minutes)
    if not after:
        return {"visits": 0}
    waits = [one.wait or 0.0 for one in after]
    scores: dict[str, Any] = {"visits": len(after), "mean_wait": sum(waits) / len(after)}
    for name in ("typical", "les"):
        errors = sorted((one.wait or 0.0) - getattr(one, name) for one in before)
        low, high = (_quantile(errors, OUTSIDE), _quantile(errors, 1 - OUTSIDE)) if errors else (0.0, 0.0)
        estimates = [getattr(one, name) for one in after]
        ends = [(max(minute + low, 0.0), max(minute + high, 0.0)) for minute in estimates]
        scores[name] = _errors(estimates, waits) | {"interval": _interval(ends, waits)}
    ours = _errors([one.predicted[1] for one in after], waits) | {"interval": _ranges(after)}
    by_tier: defaultdict[str, list[Scored]] = defaultdict(list)
    for one in after:
        by_tier[one.visit.tier].append(one)
    ours["per_tier"] = {tier: _ranges(some) for tier, some in sorted(by_tier.items())}
    for name in ("typical", "les"):
        ours[f"mae_ratio_to_{name}"] = ours["mae"] / scores[name]["mae"] if scores[name]["mae"] else None
    best = min(scores[name]["interval"]["winkler"] for name in ("typical", "les"))
    ours["winkler_ratio_to_best_baseline"] = ours["interval"]["winkler"] / best if best else None
    return scores | {"predictions": ours}


def _beside(
    visits: Iterable[tuple[Logged, Minutes]], opened: OpenCounters, minutes: tuple[Mapping[Queue, float], float]
) -> list[Scored]:
    """The visits to score, with the benchmarks' values at their issue."""
    queues: defaultdict[Queue, list[Scored]] = defaultdict(list)
    for visit, predicted in visits:
        if visit.issued is not None:
            served = visit.outcome == "served" and visit.called is not None
            wait = visit.called - visit.issued if served and visit.called is not None else None
            queues[visit.hall, visit.service].append(Scored(visit, visit.issued, wait, predicted))
    each, usual = minutes
    scored: list[Scored] = []
    for queue, line in queues.items():
        line.sort(key=lambda one: one.issued)
        calls = sorted((one.issued + one.wait, one.visit.tier, one.wait) for one in line if one.wait is not None)
        times = [at for at, _, _ in calls]
        leaving: list[float] = []
        for one in line:
            del leaving[: bisect_right(leaving, one.issued)]
            one.ahead = len(leaving)
            left_queue = one.visit.called if one.visit.called is not None else one.visit.ended
            if left_queue is not None:
                insort(leaving, left_queue)
            one.typical = one.ahead * each.get(queue, usual) / (_level(opened.get(queue), one.issued) or 1)
            one.les = _last_wait(calls, times, one)
        scored += [one for one in line if one.wait is not None and one.ahead]
    return scored


def _last_wait(calls: Sequence[tuple[float, str, float]], times: Sequence[float], one: Scored) -> float:
    index = bisect_right(times, one.issued) - 1
    while index >= 0 and times[index] > one.issued - LES_LASTS:
        if calls[index][1] == one.visit.tier:
            return calls[index][2]
        index -= 1
    return 0.0


def _minutes_of_a_call(history: Log) -> tuple[dict[Queue, float], float]:
    """Counter-minutes per call while somebody waits, by queue, and their mean."""
    opened, queues = _open(history), defaultdict[Queue, list[tuple[float, float]]](list)
    for visit in history.visits:
        if visit.called is not None and visit.issued is not None:
            queues[visit.hall, visit.service].append((visit.called, visit.issued))
    spent: dict[Queue, float] = defaultdict(float)
    calls: dict[Queue, int] = defaultdict(int)
    for queue, line in queues.items():
        for (before, _), (called, issued) in pairwise(sorted(line, key=lambda moments: moments[0])):
            # a customer who was already waiting was called as soon as a counter was free, so the gap was work
            if issued < before and called - before < LASTS:
                spent[queue] += (called - before) * (_level(opened.get(queue), called) or 1)
                calls[queue] += 1
    usual = sum(spent.values()) / max(sum(calls.values()), 1)
    return {queue: spent[queue] / calls[queue] for queue in spent if calls[queue] >= FEW}, usual


def _open(log: Log) -> OpenCounters:
    opened: defaultdict[Queue, list[tuple[float, int]]] = defaultdict(list)
    for at, hall, service, count, _ in log.readings:
        opened[hall, service].append((at, count))
    return {queue: sorted(counts) for queue, counts in opened.items()}


def _level(opened: Sequence[tuple[float, int]] | None, at: float) -> int | None:
    if not opened:
        return None
    index = bisect_right(opened, (at, 1 << 30)) - 1
    return max(opened[index][1], 1) if index >= 0 and at - opened[index][0] < LASTS else None


def _quantile(ordered: Sequence[float], share: float) -> float:
    return ordered[min(int(share * len(ordered)), len(ordered) - 1)]


def _errors(estimates: Sequence[float], waits: Sequence[float]) -> dict[str, Any]:
    errors = [a - b for a, b in zip(estimates, waits, strict=True)]
    return {"mae": sum(map(abs, errors)) / len(errors), "rmse": (sum(x * x for x in errors) / len(errors)) ** 0.5}


def _ranges(scored: Sequence[Scored]) -> dict[str, Any]:
    return _interval([(one.predicted[0], one.predicted[2]) for one in scored], [one.wait or 0.0 for one in scored])


def _interval(ends: Sequence[tuple[float, float]], waits: Sequence[float]) -> dict[str, Any]:
    n, pairs = len(waits), list(zip(ends, waits, strict=True))
    missed = [max(low - wait, 0.0) + max(wait - high, 0.0) for (low, high), wait in pairs]
    width = sum(high - low for low, high in ends) / n
    return {
        "n": n,
        "coverage": sum(low <= wait <= high for (low, high), wait in pairs) / n,
        "width": width,
        "winkler": width + PENALTY * sum(missed) / n,
    }
