"""Who foresees new tickets from their halls' streams: a model of the past, calibrated by every outcome as it becomes known.

`issue`, `call`, `leave`, `end` and `reading` are fed in the order of time, by a log that is replayed and by a hall that lives.
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
"""This part of the past, the latest, is foreseen by a model of the rest, so that calibration does not begin with nothing."""
LEAST_STEP = 0.005
"""Of the calibration, which all halls share."""
UNKNOWN: Minutes = (0.0, 5.0, 30.0)
"""Before anything at all was seen."""


@dataclass(slots=True)
class Issue:
    """A ticket as it stood at its issue."""

    group: str
    row: Floats
    at: float
    foreseen: Minutes | None = None


@dataclass(slots=True)
class Foreseer:
    """All halls that are foreseen together."""

    estimator: str = "corrected"
    streams: defaultdict[str, Stream] = field(default_factory=lambda: defaultdict(Stream))
    calibration: Calibration = field(default_factory=lambda: Calibration(least=LEAST_STEP))
    model: Boosted | Simple | None = None
    alone: Boosted | Simple | None = None
    """For whoever finds nobody before them."""
    fallbacks: dict[str, int] = field(default_factory=dict)
    """Why something simpler stood in, and how often."""
    open: dict[tuple[str, str], Issue] = field(default_factory=dict)
    past: list[tuple[Issue, float]] = field(default_factory=list)
    """Tickets whose wait is known, with that wait, in the order in which it became so."""
    codes: dict[tuple[str, ...], int] = field(default_factory=dict)
    apart: bool = True
    """Whether those who find nobody before them have a model of their own; where counters are shared they have none."""

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
        """Somebody takes a number: low, likely and high wait (minutes). Who does not join is only foreseen."""
        row = self.row(hall, service, tier, at, offset, twin)
        seen = Issue(f"{tier} alone" if self.apart and not row[AHEAD] else tier, row, at)
        shown = self._foresee(seen)
        stream = self.streams[hall]
        if joins:
            stream.issued(key, service, tier, at, offset)
            self.open[hall, key] = seen
        return shown

    def row(
        self, hall: str, service: str, tier: str, at: float, offset: float, twin: Sequence[float] = UNSEEN
    ) -> Floats:
        """What a model is told of whoever takes a number now."""
        stream = self.streams[hall]
        stream.turn_to(at, offset)
        codes = [self._code("hall", hall), self._code("service", hall, service), self._code("tier", tier)]
        row = features(stream, codes[0], codes[1], codes[2], (service, tier), at, twin)
        return np.array(list(row.values()))

    def call(self, hall: str, key: str, at: float, counter: str | None) -> None:
        """Somebody is called: their wait is known now, and teaches."""
        self.streams[hall].called(key, at, counter)
        seen = self.open.pop((hall, key), None)
        if seen is not None:
            wait = at - seen.at
            self.past.append((seen, wait))
            if seen.foreseen is not None:
                self.calibration.update(seen.group, *seen.foreseen, wait)

    def leave(self, hall: str, key: str, at: float) -> None:
        """Somebody gives up; what they would have waited nobody knows."""
        self.streams[hall].left(key, at)
        self.open.pop((hall, key), None)

    def end(self, hall: str, key: str, at: float) -> None:
        """A service is over."""
        self.streams[hall].ended(key, at)

    def reading(self, hall: str, service: str, at: float, count: int, waiting: float = nan) -> None:
        """So many counters are seen open, and so many people waiting."""
        self.streams[hall].opened(service, at, count, waiting)

    def learn(self) -> None:
        """Make the models anew of every wait known so far; the first time, calibrate by foreseeing the latest of them."""
        if self.model is None and len(self.past) >= 2:
            self._try_out()
        self.model, why = self._train(self.past, alone=False)
        if self.apart:
            self.alone, _ = self._train(self.past, alone=True)
        if why:
            self.fallbacks[why] = self.fallbacks.get(why, 0) + 1

    def _try_out(self) -> None:
        days = sorted({int(seen.at // DAY) for seen, _ in self.past})
        cut = days[int(len(days) * (1 - TRIAL))] * DAY if len(days) > 1 else self.past[int(len(self.past) * 0.7)][0].at
        before = [(seen, wait) for seen, wait in self.past if seen.at + wait < cut]
        after = [(seen, wait) for seen, wait in self.past if seen.at >= cut]
        for alone in (False, True):
            model, _ = self._train(before, alone=alone)
            tried = [(seen, wait) for seen, wait in after if seen.group.endswith(" alone") == alone]
            if not tried:
                continue
            foreseen = model.foresee(_rows(tried))
            for (seen, wait), (low, likely, high) in zip(tried, foreseen.tolist(), strict=True):
                self.calibration.update(seen.group, low, likely, high, wait)

    def _train(self, past: list[tuple[Issue, float]], *, alone: bool) -> tuple[Boosted | Simple, str | None]:
        # whoever found others in the hall, though nobody in their own queue, tells too how fast it moves
        chosen = [
            (seen, wait)
            for seen, wait in past
            if seen.group.endswith(" alone") == alone or (not alone and seen.row[IN_HALL] > 0)
        ]
        waits = np.array([wait for _, wait in chosen])
        # a queue that is empty has no better model than what came of empty queues
        return train(_rows(chosen), waits, "typical" if alone else self.estimator)

    def _foresee(self, seen: Issue) -> Minutes:
        model = self.alone if seen.group.endswith(" alone") else self.model
        if model is None:
            return UNKNOWN
        low, likely, high = (float(x) for x in model.foresee(seen.row[None, :])[0])
        seen.foreseen = (low, likely, high)
        return self.calibration.adjust(seen.group, low, likely, high)

    def _code(self, *name: str) -> int:
        return self.codes.setdefault(name, len(self.codes))


def _rows(past: list[tuple[Issue, float]]) -> Floats:
    return np.array([seen.row for seen, _ in past], float).reshape(len(past), len(NAMES))
