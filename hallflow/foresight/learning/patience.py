"""How long customers stay: the chance of giving up in the next minute, by the minutes already waited.

People do not leave evenly: some turn on their heel, those who have waited long have something to wait for. So the hazard is
constant within a few bands of the wait and learned for each from all who passed through it, those called in it included
(the exposure estimate of survival analysis; Brown et al. 2005 found such bands in a bank).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

BANDS = (0.0, 2.0, 5.0, 10.0, 20.0, 40.0)
"""Minutes waited at which each band begins; the last has no end."""
FEW = 5.0
"""So many who gave up weigh as much as the hall's mean patience."""


EVEN = (1.0,) * len(BANDS)


@dataclass(frozen=True, slots=True)
class Patience:
    """Chance of giving up per minute, for each of the BANDS."""

    hazards: tuple[float, ...]

    def left_after(self, waited: NDArray[np.float64], draws: NDArray[np.float32]) -> NDArray[np.float32]:
        """Minutes until somebody who has `waited` so long (N,) gives up, from standard exponential draws (P, N)."""
        if len(set(self.hazards)) == 1:
            return np.asarray(draws / np.float32(self.hazards[0]), np.float32)
        reached = self._reached()
        spent = np.interp(waited, BANDS, reached) + np.maximum(waited - BANDS[-1], 0.0) * self.hazards[-1]
        target = draws + spent.astype(np.float32)
        at = np.interp(target, reached, BANDS).astype(np.float32)
        at += np.maximum(target - np.float32(reached[-1]), np.float32(0)) / np.float32(self.hazards[-1])
        at -= waited.astype(np.float32)
        return np.asarray(np.maximum(at, np.float32(0)), np.float32)

    def stays(self, minutes: float) -> float:
        """The share that would still wait after so many minutes."""
        reached = float(np.interp(minutes, BANDS, self._reached()))
        return float(np.exp(-reached - max(minutes - BANDS[-1], 0.0) * self.hazards[-1]))

    def _reached(self) -> list[float]:
        total, reached = 0.0, [0.0]
        for (start, end), hazard in zip(pairwise(BANDS), self.hazards, strict=False):
            total += (end - start) * hazard
            reached.append(total)
        return reached


def learn_patience(waits: Sequence[tuple[float, bool]], mean_minutes: float) -> tuple[float, ...]:
    """From waits (minutes, whether given up at the end): each band's hazard against 1 / mean; where few left, towards 1."""
    ends = np.array([*BANDS[1:], np.inf])
    minutes, gone = np.array([m for m, _ in waits], float), np.array([g for _, g in waits], bool)
    found = []
    for start, end in zip(BANDS, ends, strict=True):
        exposed = float((np.clip(minutes, start, end) - start).sum())
        left = int((gone & (minutes >= start) & (minutes < end)).sum())
        found.append(round((left + FEW) / (exposed / mean_minutes + FEW), 4))
    return tuple(found)
