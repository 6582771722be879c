"""The arrival forecast: seasonal profile, the day's busyness, and coverage of its ranges."""

from dataclasses import replace
from datetime import date, time, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from hallflow.domain.hours import Hours
from hallflow.domain.plan import StaffingRules
from hallflow.foresight.arrivals import arrival_rates, busyness_points, count_range, forecast
from hallflow.foresight.learning.learned import from_plan
from tests.foresight.makers import DAY, NOON, a_plan

PLAN = a_plan((("bills", "sim"),) * 4, staffing=StaffingRules(arrivals_per_hour=40))


def so_many(per_quarter: int, quarters: int) -> dict[tuple[int, str], int]:
    first = int(NOON.replace(hour=9).timestamp()) // 900
    return {(first + i, "bills"): per_quarter for i in range(quarters)}


def test_a_day_expects_the_plans_arrivals_while_it_is_open():
    day = forecast(PLAN, from_plan(PLAN), DAY)
    assert len(day.quarters) == 32
    assert day.quarters[0].start == NOON.replace(hour=9)
    assert day.expected() == pytest.approx(8 * 40)
    assert day.quarters[0].arrived is None
    assert day.quarters[0].services["sim"].expected == pytest.approx(5.0)


def test_a_busier_morning_raises_the_rest_of_the_day_but_not_all_the_way():
    learned = replace(from_plan(PLAN), busyness_cv=0.2)
    day = forecast(PLAN, learned, DAY, NOON, so_many(15, 12))
    shape = 25
    assert day.busyness.mean == pytest.approx((shape + 180) / (shape + 120))
    assert day.quarters[0].total.expected == pytest.approx(10.0)
    assert day.quarters[12].total.expected == pytest.approx(10 * day.busyness.mean)
    assert [q.arrived for q in day.quarters[:12]] == [15] * 12
    assert day.quarters[12].arrived == 0
    assert day.quarters[13].arrived is None


def test_a_morning_before_anybody_could_come_says_nothing_of_the_day():
    first = int((NOON - timedelta(minutes=15)).timestamp()) // 900
    day = forecast(PLAN, from_plan(PLAN), DAY, NOON, {(first, "bills"): 10})
    assert day.busyness.mean == pytest.approx(1.0)


def test_the_range_of_a_count_holds_four_times_in_five():
    rng = np.random.default_rng(1)
    for mean, shape in ((0.4, 20.0), (12.0, 25.0), (900.0, 40.0), (30.0, 1e9)):
        low, high = count_range(mean, shape)
        drawn = rng.poisson(rng.gamma(shape, mean / shape, 20_000))
        assert 0.8 <= ((drawn >= low) & (drawn <= high)).mean() <= 0.81 + 1.7 / np.sqrt(mean + mean**2 / shape) / 2
    assert count_range(0.0, 10.0) == (0, 0)


def test_hours_with_a_break_and_a_half_quarter_are_followed():
    hours = Hours(ZoneInfo("Asia/Shanghai"), {2: ((time(9, 5), time(11)), (time(13), time(14)))})
    plan = a_plan(hours=hours, staffing=StaffingRules(arrivals_per_hour=60))
    day = forecast(plan, from_plan(plan), DAY)
    assert [q.start.strftime("%H:%M") for q in day.quarters[::7]] == ["01:00", "02:45"]
    assert day.expected() == pytest.approx(175)
    assert forecast(plan, from_plan(plan), date(2026, 3, 5)).quarters == ()


def test_a_day_around_the_clock_is_24_hours_also_when_the_clocks_change():
    for zone, day in (("Asia/Shanghai", DAY), ("Europe/Warsaw", date(2026, 10, 24))):
        plan = a_plan(hours=Hours(ZoneInfo(zone), {}, always=True))
        assert len(forecast(plan, from_plan(plan), day).quarters) == 96


def test_a_play_draws_from_the_rest_of_the_quarter_and_past_a_break():
    hours = Hours(ZoneInfo("UTC"), {2: ((time(9), time(12, 15)), (time(13), time(14)))})
    plan = a_plan(hours=hours, staffing=StaffingRules(arrivals_per_hour=60))
    learned = from_plan(plan)
    now = NOON + timedelta(minutes=10)
    ahead = forecast(plan, learned, DAY)
    drawn = arrival_rates(learned, ahead, now, 60.0)
    assert drawn.edges.tolist() == [0, 5, 50, 60]
    total = sum(drawn.counts.values())
    assert total == pytest.approx([5, 0, 10])


def test_busyness_points_have_the_gammas_mean_and_spread():
    points = busyness_points(25.0, 101)
    assert points.mean() == pytest.approx(1.0)
    assert points.std() == pytest.approx(0.2, abs=0.01)
