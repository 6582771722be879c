"""Patience: the time to abandonment (reneging), as a hazard that depends on the minutes already waited.

The hazard is constant within a few bands of the wait, since some leave at once while those who have waited long tend to stay.
Each band's hazard is estimated from everybody who passed through the band, those called during it included (events over
exposure, the estimate of survival analysis for right-censored data; Brown et al. 2005 describe such hazards in a bank's call
centre).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

BANDS = (0.0, 2.0, 5.0, 10.0, 20.0, 40.0)
"""Minutes waited at which each band begins; the last is open-ended."""
FEW = 5.0
"""Prior weight: the mean hazard counts as much as this many abandonments."""


EVEN = (1.0,) * len(BANDS)


@dataclass(frozen=True, slots=True)
class Patience:
    """Abandonment hazard per minute for each of the BANDS."""

    hazards: tuple[float, ...]

    def residual(self, waited: NDArray[np.float64], draws: NDArray[np.float32]) -> NDArray[np.float32]:
        """Residual patience (minutes) of customers who have waited so long already, from standard exponential draws.

        `waited` is (N,) in minutes, `draws` (P, N) with one row a replication; the result is (P, N), by inversion of the
        cumulative hazard.
        """
        if len(set(self.hazards)) == 1:
            return np.asarray(draws / np.float32(self.hazards[0]), np.float32)
        cumulative = self._cumulative_hazards()
        spent = np.interp(waited, BANDS, cumulative) + np.maximum(waited - BANDS[-1], 0.0) * self.hazards[-1]
        target = draws + spent.astype(np.float32)
        at = np.interp(target, cumulative, BANDS).astype(np.float32)
        at += np.maximum(target - np.float32(cumulative[-1]), np.float32(0)) / np.float32(self.hazards[-1])
        at -= waited.astype(np.float32)
        return np.asarray(np.maximum(at, np.float32(0)), np.float32)

    def survival(self, minutes: float) -> float:
        """Survival function: the share of customers with more patience than so many minutes."""
        hazard = float(np.interp(minutes, BANDS, self._cumulative_hazards()))
        return float(np.exp(-hazard - max(minutes - BANDS[-1], 0.0) * self.hazards[-1]))

    def _cumulative_hazards(self) -> list[float]:
        total, cumulative = 0.0, [0.0]
        for (start, end), hazard in zip(pairwise(BANDS), self.hazards, strict=False):
            total += (end - start) * hazard
            cumulative.append(total)
        return cumulative


def learn_patience(waits: Sequence[tuple[float, bool]], mean_minutes: float) -> tuple[float, ...]:
    """Hazard of each band over 1 / `mean_minutes`, shrunk towards 1 where few left.

    `waits` are pairs of minutes and whether the wait ended by abandonment; all others are right-censored.
    """
    ends = np.array([*BANDS[1:], np.inf])
    minutes, gone = np.array([m for m, _ in waits], float), np.array([g for _, g in waits], bool)
    hazards = []
    for start, end in zip(BANDS, ends, strict=True):
        exposed = float((np.clip(minutes, start, end) - start).sum())
        abandoned = int((gone & (minutes >= start) & (minutes < end)).sum())
        hazards.append(round((abandoned + FEW) / (exposed / mean_minutes + FEW), 4))
    return tuple(hazards)
