"""Day-to-day variation by weekday: clear differences are kept, the others are pooled."""

from datetime import date, timedelta

import numpy as np
import pytest

from hallflow.foresight.learning.weekday_spread import blocks_by_weekday, learn_spread, weekday_variance
from hallflow.foresight.learning.weekly_profile import weekdays_of

MONDAY = date(2026, 3, 2)
OPEN = slice(32, 64)


def some_days(n, per_quarter=8.0, seed=1, busyness=0.0, swing=0.0, weekday=None):
    """Days of a hall that is open from 8 to 16, Monday to Friday."""
    rng = np.random.default_rng(seed)
    days = [day for day in (MONDAY + timedelta(days=i) for i in range(n * 2)) if day.weekday() < 5][:n]
    counts = np.zeros((n, 96))
    for i, day in enumerate(days):
        busy = 1 + busyness * rng.standard_normal()
        halves = np.repeat(busy * (1 + swing * rng.standard_normal(2)), 16)
        factor = (weekday or {}).get(day.weekday(), np.ones(32))
        counts[i, OPEN] = rng.poisson(np.maximum(per_quarter * halves * factor, 0))
    return counts, days


def test_a_weekday_that_closes_at_noon_is_known_after_one_week():
    until_noon = np.where(np.arange(32) < 16, 1.0, 0.0)
    counts, days = some_days(5, weekday={4: until_noon})
    expected, _ = blocks_by_weekday(counts, weekdays_of(days))
    assert expected[4, 6:8].sum() < 0.02 * expected[0, 6:8].sum()
    assert expected[4, 4:6].sum() == pytest.approx(16 * 8, rel=0.1)


def test_weekdays_that_differ_by_chance_alone_are_held_towards_each_other():
    counts, days = some_days(5, per_quarter=1.0)
    expected, _ = blocks_by_weekday(counts, weekdays_of(days))
    own = counts.reshape(5, 12, 8).sum(axis=2)
    assert expected[:5].sum(axis=1).std() < 0.7 * own.sum(axis=1).std()


def test_a_weekday_never_seen_is_the_middle_of_the_others_and_less_sure():
    counts, days = some_days(20)
    counts, weekdays = counts[weekdays_of(days) < 4], np.array([d.weekday() for d in days if d.weekday() < 4])
    expected, _ = blocks_by_weekday(counts, weekdays)
    assert expected[4].sum() == pytest.approx(256, rel=0.08)
    spread = weekday_variance(counts, weekdays)
    assert spread[4] > spread[:4].max()


def test_one_day_is_enough_to_begin():
    counts, days = some_days(1)
    expected, variance = blocks_by_weekday(counts, weekdays_of(days))
    assert np.isfinite(expected).all()
    assert np.isfinite(variance).all()
    assert learn_spread(counts, days, weekdays_of(days)).busyness == pytest.approx(0.01)


@pytest.mark.parametrize(("busyness", "swing"), [(0.25, 0.0), (0.0, 0.25), (0.15, 0.15)])
def test_what_halves_share_is_busyness_and_the_rest_is_swing(busyness, swing):
    counts, days = some_days(200, per_quarter=40.0, busyness=busyness, swing=swing, seed=3)
    spread = learn_spread(counts, days, weekdays_of(days))
    assert spread.busyness == pytest.approx(busyness**2, abs=0.02)
    assert spread.swing == pytest.approx(swing**2, abs=0.02)
