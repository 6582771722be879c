"""Paired comparison of counter changes: against closed forms, with common random numbers on both sides."""

from datetime import timedelta

import numpy as np
import pytest

from hallflow.foresight import extras
from hallflow.foresight.learning.learned import from_plan
from hallflow.foresight.twin.futures import futures
from hallflow.foresight.twin.openings import CounterChange, Stretch, as_it_stands, changed, open_at, open_minutes
from hallflow.foresight.twin.whatif import ahead_of, compare
from tests.foresight.makers import NOON, a_plan, an_open_floor, fixed, minutes, nobody_comes, serve, take, tell

FIVE = NOON.replace(hour=17)


def test_a_counter_opened_for_an_hour_costs_an_hour_and_only_that_hour() -> None:
    plan = a_plan((("bills",), ("bills",)))
    floor = an_open_floor(plan)
    tell(floor, "counter_closed", NOON, counter="2")
    stands = as_it_stands(floor, plan, NOON, FIVE)
    after = changed(stands, [CounterChange("2", True, NOON + minutes(30), NOON + minutes(90))], plan)
    assert open_minutes(stands, NOON, FIVE) == 300
    assert open_minutes(after, NOON, FIVE) == 360
    assert [open_at(after, NOON + minutes(m)) for m in (0, 30, 89, 90)] == [1, 2, 2, 1]


def test_closing_in_the_middle_leaves_both_ends_and_opening_again_makes_it_whole() -> None:
    plan = a_plan((("bills", "sim"),))
    stands = {"1": [Stretch(NOON, FIVE, ("bills", "sim"))]}
    gap = CounterChange("1", False, NOON + minutes(60), NOON + minutes(90))
    cut = changed(stands, [gap], plan)
    assert [(s.start, s.end) for s in cut["1"]] == [(NOON, gap.start), (gap.end, FIVE)]
    assert changed(cut, [CounterChange("1", True, gap.start, gap.end)], plan) == stands


@pytest.mark.parametrize("fast", [True, False] if extras.FAST else [False])
def test_waits_are_exact_where_nothing_is_left_to_chance(fast: bool) -> None:
    plan = a_plan((("bills",), ("bills",)), minutes={"bills": 10})
    floor, learned = an_open_floor(plan, NOON - minutes(60)), fixed(plan, walk=0.0)
    tell(floor, "counter_closed", NOON, counter="2")
    for _ in range(4):
        take(floor, plan, "bills", "standard", NOON)
    stands = as_it_stands(floor, plan, NOON, FIVE)
    opened = changed(stands, [CounterChange("2", True, NOON + minutes(5), FIVE)], plan)
    waits = {}
    for name, opening in (("stands", stands), ("opened", opened)):
        [ran] = futures(floor, plan, learned, NOON, [opening], nobody_comes(), 240, 60, 1, 3, fast)
        assert ran.of().customers.tolist() == [4, 4, 4]
        waits[name] = ran.of("bills", "standard").wait
    # 0, 10, 20, 30 against 0, 5, 10, 15
    assert np.allclose(waits["stands"], 15, atol=1e-4)
    assert np.allclose(waits["opened"], 7.5, atol=1e-4)


def test_numba_and_numpy_give_the_same_future() -> None:
    if not extras.FAST:
        pytest.fail("numba is in the development lock")
    plan = a_plan((("bills", "sim"), ("bills",), ("sim",)))
    floor = an_open_floor(plan, NOON - minutes(30))
    for i in range(9):
        take(floor, plan, "bills" if i % 2 else "sim", "standard", NOON - minutes(9 - i))
    changes = [
        CounterChange("2", False, NOON + minutes(20), FIVE),
        CounterChange("3", True, NOON + minutes(45), FIVE, ("bills",)),
    ]
    told = [compare(floor, plan, from_plan(plan), NOON, changes, 7, 40, fast) for fast in (True, False)]
    assert told[0] == told[1]


@pytest.mark.parametrize("policy", ["attainment", "ratio", "first_come"])
def test_openings_played_side_by_side_are_as_each_played_alone(policy: str) -> None:
    plan = a_plan((("bills", "sim"), ("bills",), ("sim",)), policy=policy)
    floor = an_open_floor(plan, NOON - minutes(30))
    for i in range(9):
        take(floor, plan, "bills" if i % 2 else "sim", "gold" if i % 3 else "standard", NOON - minutes(9 - i))
    serve(floor, take(floor, plan, "bills", "gold", NOON - minutes(9)), "1", NOON - minutes(4))
    learned, stands = from_plan(plan), as_it_stands(floor, plan, NOON, FIVE)
    moves = [
        [CounterChange("2", False, NOON + minutes(20), FIVE)],
        [
            CounterChange("3", True, NOON + minutes(45), FIVE, ("bills",)),
            CounterChange("1", False, NOON + minutes(15), FIVE),
        ],
    ]
    openings = [stands, *(changed(stands, each, plan) for each in moves)]
    rest = (ahead_of(floor, plan, learned, NOON).arrivals, 120, 60, 7, 30, False)
    together = futures(floor, plan, learned, NOON, openings, *rest)
    for opening, ran in zip(openings, together, strict=True):
        [alone] = futures(floor, plan, learned, NOON, [opening], *rest)
        assert ran.lines == alone.lines
        for name in ("customers", "wait_minutes", "within_goal", "abandoned"):
            assert np.array_equal(getattr(ran, name), getattr(alone, name)), name


def test_nothing_changed_changes_nothing() -> None:
    plan = a_plan((("bills", "sim"), ("bills",)))
    floor = an_open_floor(plan, NOON - minutes(30))
    serve(floor, take(floor, plan, "bills", "gold", NOON - minutes(9)), "1", NOON - minutes(4))
    told = compare(floor, plan, from_plan(plan), NOON, [], 1, 50)
    assert told["before"] == told["after"]
    assert told["change"]["all"]["wait"] == {"low": 0, "likely": 0, "high": 0}
    assert told["change"]["staff_minutes"] == 0


def test_a_counter_more_never_lengthens_the_mean_wait_of_the_same_customers() -> None:
    plan = a_plan((("bills",), ("bills",), ("bills",)))
    floor = an_open_floor(plan, NOON - minutes(30))
    tell(floor, "counter_closed", NOON, counter="3")
    for i in range(12):
        take(floor, plan, "bills", "standard", NOON - minutes(12 - i))
    told = compare(floor, plan, from_plan(plan), NOON, [CounterChange("3", True, NOON, FIVE)], 3, 200)
    change = told["change"]["all"]
    assert change["wait"]["high"] < 0
    assert change["within_goal"]["low"] > 0
    assert told["change"]["staff_minutes"] == 300
    # far narrower than either side: the day's chance is in both
    before = told["before"]["all"]["wait"]
    assert change["wait"]["high"] - change["wait"]["low"] < before["high"] - before["low"]


def test_those_whom_nobody_serves_count_and_are_the_same_people_once_somebody_does() -> None:
    plan = a_plan((("bills",), ("sim",)))
    floor = an_open_floor(plan, NOON - minutes(30))
    tell(floor, "counter_closed", NOON, counter="2")
    take(floor, plan, "sim", "standard", NOON - minutes(5))
    told = compare(floor, plan, from_plan(plan), NOON, [CounterChange("2", True, NOON, FIVE)], 3, 100)
    before, after = told["before"]["services"]["sim"], told["after"]["services"]["sim"]
    assert before["customers"] == after["customers"]
    assert before["within_goal"]["high"] == 0
    assert after["within_goal"]["likely"] > 0.5
    assert told["change"]["services"]["bills"]["wait"] == {"low": 0, "likely": 0, "high": 0}


def test_a_counter_that_borrows_a_skill_serves_it_from_then_on_only() -> None:
    plan = a_plan((("bills",), ("sim",)), minutes={"bills": 4, "sim": 4})
    floor = an_open_floor(plan, NOON - minutes(30))
    tell(floor, "counter_closed", NOON, counter="2")
    for _ in range(3):
        take(floor, plan, "sim", "standard", NOON)
    stands = as_it_stands(floor, plan, NOON, FIVE)
    lent = changed(stands, [CounterChange("1", True, NOON + minutes(30), FIVE, ("bills", "sim"))], plan)
    [ran] = futures(floor, plan, fixed(plan, 0.0), NOON, [lent], nobody_comes(), 240, 60, 1, 2, False)
    # called 30, 34 and 38 minutes from now
    assert np.allclose(ran.of("sim").wait, 34, atol=1e-4)


def test_a_closed_hall_has_nothing_ahead() -> None:
    plan = a_plan()
    night = NOON.replace(hour=22)
    assert ahead_of(an_open_floor(plan), plan, from_plan(plan), night).minutes == 0


def test_only_eight_hours_are_looked_ahead() -> None:
    plan = a_plan()
    ahead = ahead_of(an_open_floor(plan), plan, from_plan(plan), NOON, 60)
    assert ahead.end == NOON + timedelta(hours=1)
