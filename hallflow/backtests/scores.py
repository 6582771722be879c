"""Foreseen waits held against what happened, beside what ordinary queue products print: their error, and their best range.

Scored are visits that were served and found somebody before them in their queue. Beside stand
  typical  people ahead x counter-minutes of a call / open counters
  les      what the last customer called from the same queue and tier had waited
and the range that each one's own errors of the history (their 10th and 90th of a hundred) put around it.
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
Seen = Mapping[Queue, Sequence[tuple[float, int]]]
LASTS = 60.0
"""A reading, and a pause between two calls that still was work, last at most so many minutes."""
LES_LASTS = 240.0
FEW = 5
OUTSIDE = 0.1


@dataclass(slots=True)
class Scored:
    """A visit with what happened and what the baselines said, in minutes."""

    visit: Logged
    issued: float
    wait: float | None
    foreseen: Minutes
    ahead: int = 0
    typical: float = 0.0
    les: float = 0.0


def score(history: Log, test: Log, foreseen: Sequence[Minutes]) -> dict[str, Any]:
    """MAE, RMSE and the ranges' coverage, width and Winkler score: of `foreseen` (one for each visit of the test), and beside."""
    minutes = _minutes_of_a_call(history)
    nothing = (0.0, 0.0, 0.0)
    before = _beside([(visit, nothing) for visit in history.visits], _open(history), minutes)
    after = _beside(list(zip(test.visits, foreseen, strict=True)), _open(test), minutes)
    if not after:
        return {"visits": 0}
    waits = [one.wait or 0.0 for one in after]
    told: dict[str, Any] = {"visits": len(after), "mean_wait": sum(waits) / len(after)}
    for name in ("typical", "les"):
        off = sorted((one.wait or 0.0) - getattr(one, name) for one in before)
        low, high = (_quantile(off, OUTSIDE), _quantile(off, 1 - OUTSIDE)) if off else (0.0, 0.0)
        said = [getattr(one, name) for one in after]
        ends = [(max(minute + low, 0.0), max(minute + high, 0.0)) for minute in said]
        told[name] = _errors(said, waits) | {"interval": _interval(ends, waits)}
    ours = _errors([one.foreseen[1] for one in after], waits) | {"interval": _ranges(after)}
    by_tier: defaultdict[str, list[Scored]] = defaultdict(list)
    for one in after:
        by_tier[one.visit.tier].append(one)
    ours["per_tier"] = {tier: _ranges(some) for tier, some in sorted(by_tier.items())}
    for name in ("typical", "les"):
        ours[f"mae_ratio_to_{name}"] = ours["mae"] / told[name]["mae"] if told[name]["mae"] else None
    best = min(told[name]["interval"]["winkler"] for name in ("typical", "les"))
    ours["winkler_ratio_to_best_baseline"] = ours["interval"]["winkler"] / best if best else None
    return told | {"predictions": ours}


def _beside(
    visits: Iterable[tuple[Logged, Minutes]], seen: Seen, minutes: tuple[Mapping[Queue, float], float]
) -> list[Scored]:
    """Those that are scored, with what the baselines said at their issue."""
    queues: defaultdict[Queue, list[Scored]] = defaultdict(list)
    for visit, foreseen in visits:
        if visit.issued is not None:
            served = visit.outcome == "served" and visit.called is not None
            wait = visit.called - visit.issued if served and visit.called is not None else None
            queues[visit.hall, visit.service].append(Scored(visit, visit.issued, wait, foreseen))
    each, usual = minutes
    found: list[Scored] = []
    for queue, line in queues.items():
        line.sort(key=lambda one: one.issued)
        calls = sorted((one.issued + one.wait, one.visit.tier, one.wait) for one in line if one.wait is not None)
        times = [at for at, _, _ in calls]
        leaving: list[float] = []
        for one in line:
            del leaving[: bisect_right(leaving, one.issued)]
            one.ahead = len(leaving)
            gone = one.visit.called if one.visit.called is not None else one.visit.ended
            if gone is not None:
                insort(leaving, gone)
            one.typical = one.ahead * each.get(queue, usual) / (_level(seen.get(queue), one.issued) or 1)
            one.les = _last_wait(calls, times, one)
        found += [one for one in line if one.wait is not None and one.ahead]
    return found


def _last_wait(calls: Sequence[tuple[float, str, float]], times: Sequence[float], one: Scored) -> float:
    index = bisect_right(times, one.issued) - 1
    while index >= 0 and times[index] > one.issued - LES_LASTS:
        if calls[index][1] == one.visit.tier:
            return calls[index][2]
        index -= 1
    return 0.0


def _minutes_of_a_call(history: Log) -> tuple[dict[Queue, float], float]:
    """Counter-minutes that a call takes while somebody waits, by queue, and of all."""
    seen, queues = _open(history), defaultdict[Queue, list[tuple[float, float]]](list)
    for visit in history.visits:
        if visit.called is not None and visit.issued is not None:
            queues[visit.hall, visit.service].append((visit.called, visit.issued))
    spent: dict[Queue, float] = defaultdict(float)
    calls: dict[Queue, int] = defaultdict(int)
    for queue, line in queues.items():
        for (before, _), (called, issued) in pairwise(sorted(line, key=lambda moments: moments[0])):
            # who was already waiting was called as soon as somebody could: the time between was work
            if issued < before and called - before < LASTS:
                spent[queue] += (called - before) * (_level(seen.get(queue), called) or 1)
                calls[queue] += 1
    usual = sum(spent.values()) / max(sum(calls.values()), 1)
    return {queue: spent[queue] / calls[queue] for queue in spent if calls[queue] >= FEW}, usual


def _open(log: Log) -> Seen:
    seen: defaultdict[Queue, list[tuple[float, int]]] = defaultdict(list)
    for at, hall, service, count, _ in log.readings:
        seen[hall, service].append((at, count))
    return {queue: sorted(counts) for queue, counts in seen.items()}


def _level(seen: Sequence[tuple[float, int]] | None, at: float) -> int | None:
    if not seen:
        return None
    index = bisect_right(seen, (at, 1 << 30)) - 1
    return max(seen[index][1], 1) if index >= 0 and at - seen[index][0] < LASTS else None


def _quantile(ordered: Sequence[float], share: float) -> float:
    return ordered[min(int(share * len(ordered)), len(ordered) - 1)]


def _errors(said: Sequence[float], waits: Sequence[float]) -> dict[str, Any]:
    off = [a - b for a, b in zip(said, waits, strict=True)]
    return {"mae": sum(map(abs, off)) / len(off), "rmse": (sum(x * x for x in off) / len(off)) ** 0.5}


def _ranges(scored: Sequence[Scored]) -> dict[str, Any]:
    return _interval([(one.foreseen[0], one.foreseen[2]) for one in scored], [one.wait or 0.0 for one in scored])


def _interval(ends: Sequence[tuple[float, float]], waits: Sequence[float]) -> dict[str, Any]:
    n, held = len(waits), list(zip(ends, waits, strict=True))
    missed = [max(low - wait, 0.0) + max(wait - high, 0.0) for (low, high), wait in held]
    width = sum(high - low for low, high in ends) / n
    return {
        "n": n,
        "coverage": sum(low <= wait <= high for (low, high), wait in held) / n,
        "width": width,
        "winkler": width + PENALTY * sum(missed) / n,
    }
