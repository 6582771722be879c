"""The Erlang formulas, against textbook figures and against each other."""

import math

import numpy as np
import pytest

from hallflow.foresight.staffing.erlang import ErlangA, carried_load, erlang_b, erlang_c, mean_wait_c, service_level_c


def test_erlang_b_and_c_give_the_tables_of_the_textbooks():
    assert erlang_b(10, 10) == pytest.approx(0.2146, abs=5e-5)
    assert erlang_b(2, 4) == pytest.approx(2 / 21)
    assert erlang_c(10, 12) == pytest.approx(0.4494, abs=5e-5)
    assert erlang_c(0.5, 1) == pytest.approx(0.5)
    assert mean_wait_c(0.5, 1, 4.0) == pytest.approx(4.0)


def test_the_classic_call_centre_example_with_and_without_patience():
    """48 calls a minute of one minute each, 50 agents, patience of two minutes: Garnett, Mandelbaum & Reiman (2002), table 1."""
    assert mean_wait_c(48, 50, 60) == pytest.approx(20.8, abs=0.1)
    line = ErlangA(48, 1.0, 2.0, 50)
    assert line.abandoned == pytest.approx(0.031, abs=0.0005)
    assert line.wait * 60 == pytest.approx(3.7, abs=0.05)
    assert line.queue == pytest.approx(3, abs=0.05)


def test_without_impatience_erlang_a_is_erlang_c():
    line = ErlangA(1.6, 5.0, 1e6, 10)
    assert line.wait_probability == pytest.approx(erlang_c(8, 10), rel=1e-3)
    assert line.wait == pytest.approx(mean_wait_c(8, 10, 5.0), rel=1e-2)
    assert line.service_level(3.0) == pytest.approx(service_level_c(8, 10, 5.0, 3.0), abs=1e-3)


def test_with_patience_as_long_as_service_the_number_in_the_hall_is_poisson():
    line = ErlangA(2.0, 5.0, 5.0, 8)
    poisson = [math.exp(-10) * 10**k / math.factorial(k) for k in range(30)]
    assert line._states[:30] == pytest.approx(poisson)
    assert line.abandoned == pytest.approx(sum((k - 8) * p for k, p in enumerate(poisson) if k > 8) / 10, rel=1e-4)


def test_flow_in_is_flow_out_even_in_a_very_large_overloaded_hall():
    line = ErlangA(220.0, 5.0, 30.0, 1000)
    busy = (np.minimum(np.arange(len(line._states)), 1000) * line._states).sum()
    assert 220 * (1 - line.abandoned) == pytest.approx(busy / 5.0, rel=1e-9)
    assert line.abandoned == pytest.approx(1 / 11, abs=0.002)
    assert line.service_level(1e-9) == pytest.approx(1 - line.wait_probability, abs=1e-6)
    assert 0 <= line.service_level(2.0) <= line.service_level(3.0) <= line.service_level(30.0) <= 1


def test_the_virtual_wait_of_one_counter_is_the_longest_of_the_patiences_ahead():
    """With service as long as patience, whoever finds j waiting waits for the slowest of j + 1 equal clocks."""
    line = ErlangA(0.4, 5.0, 5.0, 1)
    waiting = line._states[1:]
    direct = line._states[0] + sum(p * (1 - math.exp(-3 / 5)) ** (j + 1) for j, p in enumerate(waiting))
    assert line.service_level(3.0) == pytest.approx(direct)


def test_a_peak_is_carried_over_into_the_next_quarter_hours():
    loads = carried_load([0, 60, *[0] * 20], service_minutes=30.0)
    assert loads[0] == 0
    assert loads[1] < 60 / 15 * 30
    assert loads[2] > loads[3] > loads[4] > 0
    assert loads.sum() * 15 == pytest.approx(60 * 30, rel=1e-3)


def test_a_steady_flow_carries_arrivals_times_minutes_and_a_backlog_fades():
    assert carried_load([30.0] * 20, service_minutes=6.0)[-1] == pytest.approx(12.0)
    with_backlog = carried_load([30.0] * 20, service_minutes=6.0, start=40)
    assert with_backlog[0] > 14
    assert with_backlog[-1] == pytest.approx(12.0)
