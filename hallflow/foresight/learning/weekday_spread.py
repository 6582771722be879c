"""Variance of arrivals: between weekdays, between days (busyness) and within the day (swing).

Each weekday's arrivals in a block of two hours are shrunk towards the median weekday by empirical Bayes (James & Stein;
Efron & Morris 1975). The weight is estimated for each block from how much this hall's weekdays differ beyond chance, so
that a hall whose Fridays end at noon keeps that, and one whose weekdays are alike pools all its days.

The rest is estimated by leave-one-out: each day is compared with what the other days predict of it. The covariance of the
relative errors of a day's two halves is the variance of its *busyness*, the day-to-day load factor of doubly stochastic
arrivals. The variance that the halves do not share is its *swing*, which no morning predicts.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from hallflow.foresight.arrays import Floats

BLOCK = 8
"""Quarter-hours in a block."""
USUAL_BUSYNESS, USUAL_SWING, USUAL_WEEKDAY = 0.10**2, 0.17**2, 0.15**2
"""Prior variances, from twenty real halls."""
SURE_DAYS, SURE_WEEKDAYS = 5.0, 2.0
"""Weights of the priors, in days and in weekdays."""
WITHIN = 0.15**2
LEFT_OUT_AT_MOST = 56
LEAST_VARIANCE, MOST_VARIANCE = 0.03**2, 0.5**2
FEW = 5.0
"""A half-day with fewer expected arrivals is not used."""


@dataclass(frozen=True, slots=True)
class Spread:
    """Variances of the factors (mean 1) by which a day's arrivals differ from their expectation."""

    busyness: float
    swing: float


def blocks_by_weekday(by_day: Floats, weekdays: NDArray[np.int64]) -> tuple[Floats, Floats]:
    """Expected arrivals of each weekday's blocks and the variance of that estimate, (7, 12) each.

    `by_day` are arrivals of each day, (days, 96 quarter-hours); `weekdays` (days,) with 0 for Monday.
    """
    blocks = by_day.reshape(len(by_day), -1, BLOCK).sum(axis=2)
    counted = np.bincount(weekdays, minlength=7).astype(float)
    known = counted > 0
    sums = np.zeros((7, blocks.shape[1]))
    np.add.at(sums, weekdays, blocks)
    own = sums / np.maximum(counted, 1.0)[:, None]
    middle = np.median(own[known], axis=0)
    usual = WITHIN * middle**2 + middle
    chance = usual / counted[known, None] * (1 - 1 / known.sum())
    apart = ((own[known] - middle) ** 2 - chance).sum(axis=0) + SURE_WEEKDAYS * USUAL_WEEKDAY * middle**2
    between = np.maximum(apart / (known.sum() - 1 + SURE_WEEKDAYS), LEAST_VARIANCE * middle**2)
    # Poisson variance at the weekday's own rate, not at the median's: no arrivals on one Saturday morning are informative where
    # hundreds are usual
    within = WITHIN * own**2 + own + 0.5
    # a weekday that was never seen is shrunk to the median, also where that is zero
    weight = np.where(known[:, None], within, usual + 1.0) / np.maximum(between, 1e-9)
    expected = (counted[:, None] * own + weight * middle) / (counted[:, None] + weight)
    return expected, between * weight / (counted[:, None] + weight)


def weekday_variance(by_day: Floats, weekdays: NDArray[np.int64]) -> Floats:
    """Relative variance of each weekday's expected arrivals, shape (7,), from `by_day` (days, 96) and `weekdays` (days,)."""
    expected, variance = blocks_by_weekday(by_day, weekdays)
    total = np.maximum(expected.sum(axis=1), 1.0)
    # the errors of a weekday's blocks are taken as fully correlated, so their standard deviations add
    return np.asarray(np.clip((np.sqrt(variance).sum(axis=1) / total) ** 2, 0.0, 1.0))


def learn_spread(by_day: Floats, days: Sequence[date], weekdays: NDArray[np.int64]) -> Spread:
    """Estimate busyness and swing from the latest days by leave-one-out. Shapes as in `blocks_by_weekday`."""
    by_day, weekdays = by_day[-LEFT_OUT_AT_MOST:], weekdays[-LEFT_OUT_AT_MOST:]
    half = _half(by_day.sum(axis=0))
    shared, unshared, days_used = 0.0, 0.0, 0
    for i in range(len(days[-LEFT_OUT_AT_MOST:])):
        others = np.arange(len(by_day)) != i
        alike = int((weekdays[others] == weekdays[i]).sum())
        if alike == 0:
            continue
        expected = blocks_by_weekday(by_day[others], weekdays[others])[0][weekdays[i]]
        blocks = by_day[i].reshape(-1, BLOCK).sum(axis=1)
        expected_halves, counted_halves = (np.array([x[:half].sum(), x[half:].sum()]) for x in (expected, blocks))
        if (expected_halves < FEW).any():
            continue
        errors = np.clip(counted_halves / expected_halves - 1, -1.0, 1.0)
        # the prediction has a variance of its own: from one such day, the error has double the day's variance
        inflation = 1 + 1 / alike
        shared += errors[0] * errors[1] / inflation
        unshared += ((errors**2 / inflation - 1 / expected_halves).sum()) / 2 - errors[0] * errors[1] / inflation
        days_used += 1
    busyness = (shared + SURE_DAYS * USUAL_BUSYNESS) / (days_used + SURE_DAYS)
    swing = (unshared + SURE_DAYS * USUAL_SWING) / (days_used + SURE_DAYS)
    return Spread(
        float(np.clip(busyness, LEAST_VARIANCE, MOST_VARIANCE)),
        float(np.clip(swing, 0.0, MOST_VARIANCE)),
    )


def _half(day: Floats) -> int:
    """Index of the block at which half of the day's arrivals is reached."""
    reached = np.cumsum(day.reshape(-1, BLOCK).sum(axis=1))
    return int(np.clip(np.searchsorted(reached, reached[-1] / 2), 1, len(reached) - 1))
