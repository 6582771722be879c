"""Backtest of the wait predictor: every visit of a log is predicted with what was known when its number was taken.

Issues, calls, ends and readings of both logs are replayed in the order of time. Before the first visit of the test, and of each
later day, the model is retrained on every wait known by then.
"""

import csv
import gzip
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

from hallflow.backtests.in_order import ISSUE, READING, feed, in_order
from hallflow.backtests.visit_log import Log
from hallflow.domain.waits.ranges import Minutes
from hallflow.foresight.waits.predictor import UNKNOWN, Predictor
from hallflow.foresight.waits.queues import READING_LASTS
from hallflow.foresight.waits.stream import DAY

COLUMNS = ("hall", "number", "service", "issued_at", "low", "likely", "high")
GAP = 180.0


@dataclass(slots=True)
class Backtest:
    """Result of a backtest."""

    predictions: list[Minutes]
    """Predicted interval (minutes) for each visit of the test, in the order of its rows."""
    notes: Counter[str] = field(default_factory=Counter)
    """Substitutions, and what the logs lack: reason -> count."""


def backtest(history: Log, test: Log, estimator: str, progress: Callable[[int], None]) -> Backtest:
    """Predict every visit of `test`; `progress` gets the number of events done."""
    done = Backtest([UNKNOWN] * len(test.visits))
    again = {visit.key for visit in test.visits}
    visits = [*(v for v in history.visits if v.key not in again), *test.visits]
    first = len(visits) - len(test.visits)
    if len(history.visits) > first:
        done.notes["visits of the history that are in the test too: only the test's row is taken"] = (
            len(history.visits) - first
        )
    readings = [*history.readings, *test.readings]
    predictor, learned = Predictor(estimator), -1
    for n, (at, index, what) in enumerate(in_order(visits, readings)):
        if n % 500 == 0:
            progress(n)
        if what == READING:
            _, hall, service, opened, people = readings[index]
            predictor.reading(hall, service, at, opened, people)
            continue
        visit, key = visits[index], str(index)
        if what != ISSUE:
            feed(predictor, visit, key, at, what)
            continue
        today = int((at + visit.offset) // DAY)
        if index >= first and today > learned:
            learned = today
            predictor.learn()
        shown = predictor.issue(visit.hall, key, visit.service, visit.tier, at, visit.offset, visit.joins)
        if index >= first:
            done.predictions[index - first] = shown
    done.notes.update(_lacks(history, test))
    done.notes.update({f"a simpler model stood in: {why}": count for why, count in predictor.fallbacks.items()})
    return done


def events_of(history: Log, test: Log) -> int:
    """Upper bound of the number of events."""
    return sum(3 * len(log.visits) + len(log.readings) for log in (history, test))


def _lacks(history: Log, test: Log) -> Counter[str]:
    """What the logs lack, and what is done instead."""
    lacks: Counter[str] = Counter()
    known = {(v.hall, v.service) for v in history.visits}
    tiers = {v.tier for v in history.visits}
    lacks["visits of services that the history does not know: the hall's usual minutes"] = sum(
        (v.hall, v.service) not in known for v in test.visits
    )
    lacks["visits of tiers that the history does not know: calibrated with all tiers"] = sum(
        v.tier not in tiers for v in test.visits
    )
    lacks["visits without a readable issue: the usual range of a hall nobody knows"] = sum(
        v.issued is None for v in test.visits
    )
    seen = {(hall, service) for _, hall, service, *_ in (*history.readings, *test.readings)}
    lacks["visits of queues without readings: open counters by their calls"] = sum(
        (v.hall, v.service) not in seen for v in test.visits
    )
    moments: defaultdict[tuple[str, ...], list[float]] = defaultdict(list)
    for at, hall, service, *_ in test.readings:
        moments[hall, service].append(at)
    lacks[f"gaps of over {READING_LASTS:.0f} minutes between a queue's readings: open counters by their calls"] = sum(
        _gaps(times, READING_LASTS) for times in moments.values()
    )
    issues: defaultdict[str, list[float]] = defaultdict(list)
    for visit in (*history.visits, *test.visits):
        if visit.issued is not None:
            issues[visit.hall].append(visit.issued)
    lacks[f"gaps of over {GAP:.0f} minutes within a hall's day without a visit"] = sum(
        _gaps(sorted(times), GAP) for times in issues.values()
    )
    return Counter({reason: count for reason, count in lacks.items() if count})


def _gaps(moments: list[float], longest: float) -> int:
    return sum(longest < b - a and a // DAY == b // DAY for a, b in pairwise(moments))


def write_predictions(out: Path, test: Log, predictions: list[Minutes]) -> None:
    """Write predictions.csv (or .csv.gz): a row for each visit of the test, in minutes."""
    with gzip.open(out, "wt", newline="") if out.suffix == ".gz" else out.open("w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        for visit, range_ in zip(test.visits, predictions, strict=True):
            hall, number, issued_at = visit.key
            writer.writerow([hall, number, visit.service, issued_at, *(f"{minutes:.2f}" for minutes in range_)])
