"""How weekdays differ, block by block of the day, and how far a day can be known beforehand and from its morning.

A weekday that was seen once or twice is held towards the middle of the others by empirical Bayes, in each block of two hours for
itself: how much depends on how much the weekdays of this hall differ there beyond chance (James & Stein; Efron & Morris 1975).
So a hall whose Fridays end at noon keeps them, and one without weekdays to speak of learns from all its days.

What remains is measured by leaving one day out at a time. What a day's first and second half have in common against what was
expected is its *busyness*; what they have not is its *swing*, which no morning tells anything of.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from hallflow.foresight.arrays import Floats

BLOCK = 8
"""Quarter-hours of a block."""
USUAL_BUSYNESS, USUAL_SWING, USUAL_WEEKDAY = 0.10**2, 0.17**2, 0.15**2
"""Variances held against, from twenty real halls."""
SURE_DAYS, SURE_WEEKDAYS = 5.0, 2.0
"""How many days, and how many weekdays, these weigh."""
WITHIN = 0.15**2
LEFT_OUT_AT_MOST = 56
LEAST_VARIANCE, MOST_VARIANCE = 0.03**2, 0.5**2
FEW = 5.0
"""A half in which fewer are expected says nothing of its day."""


@dataclass(frozen=True, slots=True)
class Spread:
    """How far a hall's days lie from what is expected of them, as variances of a factor around 1."""

    busyness: float
    swing: float


def blocks_by_weekday(by_day: Floats, weekdays: NDArray[np.int64]) -> tuple[Floats, Floats]:
    """From the arrivals of each day, shape (days, 96), what to expect of each weekday's blocks and its variance, (7, 12) each."""
    blocks = by_day.reshape(len(by_day), -1, BLOCK).sum(axis=2)
    counted = np.bincount(weekdays, minlength=7).astype(float)
    seen = counted > 0
    sums = np.zeros((7, blocks.shape[1]))
    np.add.at(sums, weekdays, blocks)
    own = sums / np.maximum(counted, 1.0)[:, None]
    middle = np.median(own[seen], axis=0)
    usual = WITHIN * middle**2 + middle
    chance = usual / counted[seen, None] * (1 - 1 / seen.sum())
    apart = ((own[seen] - middle) ** 2 - chance).sum(axis=0) + SURE_WEEKDAYS * USUAL_WEEKDAY * middle**2
    between = np.maximum(apart / (seen.sum() - 1 + SURE_WEEKDAYS), LEAST_VARIANCE * middle**2)
    # a weekday's own chance, not the middle's: nobody on one Saturday morning is news, where hundreds are usual
    within = WITHIN * own**2 + own + 0.5
    # where all weekdays' middle is nobody, one that was never seen is held to that
    weight = np.where(seen[:, None], within, usual + 1.0) / np.maximum(between, 1e-9)
    expected = (counted[:, None] * own + weight * middle) / (counted[:, None] + weight)
    return expected, between * weight / (counted[:, None] + weight)


def weekday_variance(by_day: Floats, weekdays: NDArray[np.int64]) -> Floats:
    """How far what is expected of each weekday may be off for want of days, as a variance of a factor, shape (7,)."""
    expected, variance = blocks_by_weekday(by_day, weekdays)
    total = np.maximum(expected.sum(axis=1), 1.0)
    # a weekday that is unlike the others mostly is so all day long
    return np.asarray(np.clip((np.sqrt(variance).sum(axis=1) / total) ** 2, 0.0, 1.0))


def learn_spread(by_day: Floats, days: Sequence[date], weekdays: NDArray[np.int64]) -> Spread:
    """Busyness and swing of the latest days, each against what all the others expect of it."""
    by_day, weekdays = by_day[-LEFT_OUT_AT_MOST:], weekdays[-LEFT_OUT_AT_MOST:]
    half = _half(by_day.sum(axis=0))
    both, apart, seen = 0.0, 0.0, 0
    for i in range(len(days[-LEFT_OUT_AT_MOST:])):
        others = np.arange(len(by_day)) != i
        alike = int((weekdays[others] == weekdays[i]).sum())
        if alike == 0:
            continue
        expected = blocks_by_weekday(by_day[others], weekdays[others])[0][weekdays[i]]
        blocks = by_day[i].reshape(-1, BLOCK).sum(axis=1)
        due, came = (np.array([x[:half].sum(), x[half:].sum()]) for x in (expected, blocks))
        if (due < FEW).any():
            continue
        off = np.clip(came / due - 1, -1.0, 1.0)
        # the days it is held against have their own chance: with one of them, twice the variance is seen
        twice = 1 + 1 / alike
        both += off[0] * off[1] / twice
        apart += ((off**2 / twice - 1 / due).sum()) / 2 - off[0] * off[1] / twice
        seen += 1
    busyness = (both + SURE_DAYS * USUAL_BUSYNESS) / (seen + SURE_DAYS)
    swing = (apart + SURE_DAYS * USUAL_SWING) / (seen + SURE_DAYS)
    return Spread(
        float(np.clip(busyness, LEAST_VARIANCE, MOST_VARIANCE)),
        float(np.clip(swing, 0.0, MOST_VARIANCE)),
    )


def _half(day: Floats) -> int:
    """The block with which the second half of the day's arrivals begins."""
    reached = np.cumsum(day.reshape(-1, BLOCK).sum(axis=1))
    return int(np.clip(np.searchsorted(reached, reached[-1] / 2), 1, len(reached) - 1))
