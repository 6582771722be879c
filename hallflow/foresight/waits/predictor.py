"""Online wait predictor: features from event streams, a model trained on the past, intervals calibrated by every known outcome.

`issue`, `call`, `leave`, `end` and `reading` must be called in the order of time, whether by the replay of a log or by a live
hall.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from math import nan

import numpy as np

from hallflow.domain.waits.ranges import Minutes
from hallflow.foresight.arrays import Floats
from hallflow.foresight.waits.calibration import Calibration
from hallflow.foresight.waits.features import NAMES, UNSEEN, features
from hallflow.foresight.waits.model import Boosted, Simple, train
from hallflow.foresight.waits.stream import DAY, Stream

AHEAD, IN_HALL = NAMES.index("ahead"), NAMES.index("in_hall")
TRIAL = 0.3
"""Hold-out: the latest part of the history is predicted by a model of the rest, to start the calibration from."""
LEAST_STEP = 0.005
"""Least step of the calibration that all halls share."""
UNKNOWN: Minutes = (0.0, 5.0, 30.0)
"""Interval (minutes) before there is any model."""


@dataclass(slots=True)
class Issue:
    """A ticket at its issue: calibration group, feature row (features,), and the predicted interval."""

    group: str
    row: Floats
    at: float
    predicted: Minutes | None = None


@dataclass(slots=True)
class Predictor:
    """Predictor of one or more halls with a common model."""

    estimator: str = "corrected"
    streams: defaultdict[str, Stream] = field(default_factory=lambda: defaultdict(Stream))
    calibration: Calibration = field(default_factory=lambda: Calibration(least=LEAST_STEP))
    model: Boosted | Simple | None = None
    empty_queue_model: Boosted | Simple | None = None
    """Model for arrivals that find their queue empty."""
    fallbacks: dict[str, int] = field(default_factory=dict)
    """Reason -> how often a simpler model was used."""
    open: dict[tuple[str, str], Issue] = field(default_factory=dict)
    past: list[tuple[Issue, float]] = field(default_factory=list)
    """Tickets whose wait is known, with that wait in minutes, in order of the call."""
    codes: dict[tuple[str, ...], int] = field(default_factory=dict)
    separate_empty: bool = True
    """Whether arrivals to an empty queue have a model of their own; not where queues share counters."""

    def issue(
        self,
        hall: str,
        key: str,
        service: str,
        tier: str,
        at: float,
        offset: float,
        joins: bool = True,
        twin: Sequence[float] = UNSEEN,
    ) -> Minutes:
        """Predict an arrival's wait: low, likely and high minutes. With `joins` false it is predicted but does not enter the queue."""
        row = self.row(hall, service, tier, at, offset, twin)
        issue = Issue(f"{tier} alone" if self.separate_empty and not row[AHEAD] else tier, row, at)
        shown = self._predict(issue)
        stream = self.streams[hall]
        if joins:
            stream.issued(key, service, tier, at, offset)
            self.open[hall, key] = issue
        return shown

    def row(
        self, hall: str, service: str, tier: str, at: float, offset: float, twin: Sequence[float] = UNSEEN
    ) -> Floats:
        """Feature row (features,) of somebody who takes a number now."""
        stream = self.streams[hall]
        stream.turn_to(at, offset)
        codes = [self._code("hall", hall), self._code("service", hall, service), self._code("tier", tier)]
        row = features(stream, codes[0], codes[1], codes[2], (service, tier), at, twin)
        return np.array(list(row.values()))

    def call(self, hall: str, key: str, at: float, counter: str | None) -> None:
        """Record a call: the wait is now known, and updates the calibration."""
        self.streams[hall].called(key, at, counter)
        issue = self.open.pop((hall, key), None)
        if issue is not None:
            wait = at - issue.at
            self.past.append((issue, wait))
            if issue.predicted is not None:
                self.calibration.update(issue.group, *issue.predicted, wait)

    def leave(self, hall: str, key: str, at: float) -> None:
        """Record an abandonment; the wait that it cut short stays unknown."""
        self.streams[hall].left(key, at)
        self.open.pop((hall, key), None)

    def end(self, hall: str, key: str, at: float) -> None:
        """Record an end of service."""
        self.streams[hall].ended(key, at)

    def reading(self, hall: str, service: str, at: float, count: int, waiting: float = nan) -> None:
        """Record a reading: counters open for a service, and people waiting."""
        self.streams[hall].opened(service, at, count, waiting)

    def learn(self) -> None:
        """Retrain on every wait known so far; the first time also calibrate on a hold-out."""
        if self.model is None and len(self.past) >= 2:
            self._calibrate_on_holdout()
        self.model, why = self._train(self.past, empty_queue=False)
        if self.separate_empty:
            self.empty_queue_model, _ = self._train(self.past, empty_queue=True)
        if why:
            self.fallbacks[why] = self.fallbacks.get(why, 0) + 1

    def _calibrate_on_holdout(self) -> None:
        days = sorted({int(issue.at // DAY) for issue, _ in self.past})
        cut = days[int(len(days) * (1 - TRIAL))] * DAY if len(days) > 1 else self.past[int(len(self.past) * 0.7)][0].at
        before = [(issue, wait) for issue, wait in self.past if issue.at + wait < cut]
        after = [(issue, wait) for issue, wait in self.past if issue.at >= cut]
        for empty_queue in (False, True):
            model, _ = self._train(before, empty_queue=empty_queue)
            tried = [(issue, wait) for issue, wait in after if issue.group.endswith(" alone") == empty_queue]
            if not tried:
                continue
            predicted = model.predict(_rows(tried))
            for (issue, wait), (low, likely, high) in zip(tried, predicted.tolist(), strict=True):
                self.calibration.update(issue.group, low, likely, high, wait)

    def _train(self, past: list[tuple[Issue, float]], *, empty_queue: bool) -> tuple[Boosted | Simple, str | None]:
        # an empty queue in a hall that is not empty still says how fast the hall's counters work
        chosen = [
            (issue, wait)
            for issue, wait in past
            if issue.group.endswith(" alone") == empty_queue or (not empty_queue and issue.row[IN_HALL] > 0)
        ]
        waits = np.array([wait for _, wait in chosen])
        # for an empty queue no model was better than the quantiles of past waits of empty queues
        return train(_rows(chosen), waits, "typical" if empty_queue else self.estimator)

    def _predict(self, issue: Issue) -> Minutes:
        model = self.empty_queue_model if issue.group.endswith(" alone") else self.model
        if model is None:
            return UNKNOWN
        low, likely, high = (float(x) for x in model.predict(issue.row[None, :])[0])
        issue.predicted = (low, likely, high)
        return self.calibration.adjust(issue.group, low, likely, high)

    def _code(self, *name: str) -> int:
        return self.codes.setdefault(name, len(self.codes))


def _rows(past: list[tuple[Issue, float]]) -> Floats:
    return np.array([issue.row for issue, _ in past], float).reshape(len(past), len(NAMES))
