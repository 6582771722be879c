"""Conditional remaining service time, given how long the service has lasted."""

from math import erfc, exp, log, sqrt

import numpy as np
import pytest

from hallflow.foresight.learning.service_times import ServiceTime, remaining_minutes


def mean_beyond(time: ServiceTime, elapsed: float) -> float:
    """The lognormal's mean residual life, in closed form."""
    z = (log(elapsed) - time.mu) / time.sigma

    def tail(x):
        return erfc(x / sqrt(2)) / 2

    return exp(time.mu + time.sigma**2 / 2) * tail(z - time.sigma) / tail(z) - elapsed


@pytest.mark.parametrize("elapsed", [0.5, 5.0, 20.0, 90.0])
def test_the_remaining_minutes_are_those_of_a_lognormal_that_has_lasted_so_long(elapsed):
    time = ServiceTime(6.0, 0.6)
    drawn = remaining_minutes(time, elapsed, np.random.default_rng(1), 200_000)
    assert drawn.mean() == pytest.approx(mean_beyond(time, elapsed), rel=0.01)


def test_a_service_that_has_just_begun_takes_its_mean():
    drawn = remaining_minutes(ServiceTime(6.0, 0.6), 0.0, np.random.default_rng(1), 200_000)
    assert drawn.mean() == pytest.approx(6.0, rel=0.01)


def test_a_fixed_service_ends_when_it_must():
    assert remaining_minutes(ServiceTime(6.0, 0.0), 4.0, np.random.default_rng(1), 2).tolist() == [2.0, 2.0]
    assert remaining_minutes(ServiceTime(6.0, 0.0), 9.0, np.random.default_rng(1), 2).tolist() == [0.0, 0.0]
