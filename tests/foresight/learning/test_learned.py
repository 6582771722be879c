"""Fitted parameters follow the data, and the plan where there are few."""

import json
from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from hallflow.domain.past.visit import Visit
from hallflow.foresight.learning.learned import Learned, fitted, from_plan, learn
from hallflow.foresight.learning.service_times import Reading, ServiceTime, learn_service_times
from hallflow.foresight.learning.summary import summarise
from tests.foresight.makers import NOON, a_plan, minutes

PLAN = a_plan((("bills", "sim"),) * 4, {"bills": 4.0, "sim": 8.0})
OPENS = NOON.replace(hour=9)


def history(days: int, rng: np.random.Generator, per_quarter: float = 6.0, patience: float = 20.0) -> list[Visit]:
    """Days of 32 quarter-hours, the second half twice as busy; waits of 6 minutes on average for those who stay."""
    visits = []
    for day in range(1, days + 1):
        busy = rng.gamma(25, 1 / 25)
        for quarter in range(32):
            for _ in range(rng.poisson(per_quarter * busy * (1 + (quarter >= 16)))):
                at = OPENS - timedelta(days=day) + minutes(15 * quarter + float(rng.uniform(0, 15)))
                tier = "gold" if rng.random() < 0.2 else "standard"
                service = "bills" if rng.random() < 0.75 else "sim"
                wait, stays = rng.exponential(6), rng.exponential(patience)
                if stays < wait:
                    visits.append(
                        Visit("central", "A", service, tier, at, None, at + minutes(stays), None, "abandoned")
                    )
                    continue
                called = at + minutes(wait)
                if rng.random() < 0.1:
                    visits.append(Visit("central", "A", service, tier, at, called, called + minutes(3), "1", "missed"))
                    continue
                arrived = called + minutes(1.0)
                took = float(rng.gamma(4, (5 if service == "bills" else 9) / 4))
                visits.append(
                    Visit("central", "A", service, tier, at, called, arrived + minutes(took), "1", "served", arrived)
                )
    return visits


@pytest.fixture(scope="module")
def known() -> Learned:
    return learn(history(28, np.random.default_rng(5)), PLAN, NOON)


def test_a_new_hall_works_from_its_plan():
    learned = from_plan(PLAN)
    assert learned.times["sim"].mean == 8.0
    assert learned.history_days == 0
    assert sum(learned.tiers["sim"].values()) == pytest.approx(1)
    assert sum(week[2][40] for week in learned.week.values()) * 4 == pytest.approx(24)
    assert learn([], PLAN, NOON).times == learned.times


def test_what_is_learned_is_what_was_played(known):
    assert known.history_days == 28
    assert known.times["bills"].mean == pytest.approx(5.0, rel=0.03)
    assert known.times["sim"].mean == pytest.approx(9.0, rel=0.04)
    assert known.times["sim"].sigma == pytest.approx(np.sqrt(np.log(1.25)), abs=0.05)
    assert known.walk_minutes == pytest.approx(1.0, abs=0.02)
    assert known.no_show_share == pytest.approx(0.1, abs=0.01)
    assert known.no_show_minutes == pytest.approx(3.0, abs=0.05)
    assert known.patience_minutes == pytest.approx(20.0, rel=0.1)
    assert known.tiers["bills"]["gold"] == pytest.approx(0.2, abs=0.02)
    assert known.busyness_cv == pytest.approx(0.2, abs=0.07)


def test_the_rhythm_of_the_day_is_learned_by_quarter_hour(known):
    day = np.array(known.week["bills"][2]) + np.array(known.week["sim"][2])
    assert day[:36].sum() == 0
    assert day[36:52].mean() == pytest.approx(6, rel=0.15)
    assert day[52:68].mean() == pytest.approx(12, rel=0.15)
    assert known.level == pytest.approx(1.0, abs=0.1)


def test_it_comes_back_from_json_as_it_was(known):
    assert Learned.from_data(json.loads(json.dumps(known.as_data()))) == known


def test_nothing_that_happened_later_is_known():
    visits = history(10, np.random.default_rng(6))
    until = NOON - timedelta(days=4)
    later = [replace(v, outcome="missed", ended_at=v.issued_at + minutes(600)) for v in visits if v.issued_at >= until]
    earlier = [v for v in visits if v.issued_at < until]
    assert learn(earlier + later, PLAN, until) == learn(earlier, PLAN, until)


def test_few_visits_hardly_move_the_plan():
    at = NOON - timedelta(days=1)
    one = Visit("central", "A", "sim", "gold", at, at, at + minutes(30), "1", "served", at)
    assert learn([one], PLAN, NOON).times["sim"].mean == pytest.approx(10.0)


def test_gaps_between_calls_stand_in_for_a_service_end_that_nobody_wrote_down():
    """One counter, always somebody waiting, a call every seven minutes."""
    start = NOON - timedelta(days=1)
    visits = [
        Visit("central", str(i), "sim", "gold", start, start + minutes(7 * i), None, "1", "served") for i in range(100)
    ]
    visits = [replace(v, issued_at=start - minutes(1)) for v in visits]
    assert learn_service_times(visits, PLAN, 0.0)["sim"].mean == pytest.approx(7.0, abs=0.15)


def test_gaps_count_for_every_counter_that_was_open():
    """A call every two minutes from one line and three counters open: six minutes of work each."""
    start = NOON - timedelta(days=1)
    visits = [
        Visit("central", str(i), "sim", "gold", start - minutes(1), start + minutes(2 * i), None, None, "served")
        for i in range(200)
    ]
    readings = [Reading("sim", start + minutes(5 * i), 3) for i in range(100)]
    assert learn_service_times(visits, PLAN, 0.0, readings)["sim"].mean == pytest.approx(6.0, abs=0.15)
    assert learn_service_times(visits, PLAN, 0.0)["sim"] == ServiceTime(8.0)


def test_a_service_that_is_new_in_the_plan_is_taken_from_it(known):
    wider = a_plan((("bills", "sim", "device"),) * 4, {"bills": 4.0, "sim": 8.0, "device": 11.0})
    both = fitted(known, wider)
    assert both.times["device"].mean == 11.0
    assert both.times["bills"] == known.times["bills"]
    assert both.tiers.keys() == both.week.keys() == wider.services.keys()
    assert fitted(known, PLAN) is known


def paced(rng: np.random.Generator, visits: int) -> list[Visit]:
    """Gold takes 1.3 times as long, counter 2 half as long again as counter 1, and a filled form saves a third."""
    made = []
    for i in range(visits):
        at = NOON - timedelta(days=1 + i % 20) + minutes(float(rng.uniform(0, 200)))
        tier, counter, filled = "gold" if i % 4 == 0 else "standard", "2" if rng.random() < 0.5 else "1", i % 3 == 0
        mean = 6 * (1.3 if tier == "gold" else 1) * (1.5 if counter == "2" else 1) * (2 / 3 if filled else 1)
        took = float(rng.gamma(4, mean / 4))
        made.append(Visit("central", "A", "bills", tier, at, at, at + minutes(took), counter, "served", at, filled))
    return made


def test_tier_counter_and_form_are_told_apart():
    known = learn(paced(np.random.default_rng(1), 6000), PLAN, NOON)

    def took(tier, counter, filled):
        return known.service_time("bills", tier, filled, counter).mean

    assert took("gold", "1", False) / took("standard", "1", False) == pytest.approx(1.3, rel=0.05)
    assert took("gold", "2", True) / took("gold", "1", True) == pytest.approx(1.5, rel=0.05)
    assert took("gold", "2", True) / took("gold", "2", False) == pytest.approx(2 / 3, rel=0.05)
    assert took("standard", "1", False) == pytest.approx(6, rel=0.05)
    assert known.times["bills"].sigma == pytest.approx(np.sqrt(np.log(1.25)), abs=0.03)
    assert known.time_factor_at("2", "sim") == pytest.approx(known.time_factor_at("2", "bills"), rel=0.03)
    assert Learned.from_data(json.loads(json.dumps(known.as_data()))) == known


def test_few_visits_hardly_make_a_counter_slow():
    known = learn(paced(np.random.default_rng(2), 8), PLAN, NOON)
    assert all(0.8 < known.time_factor_at(counter, "bills") < 1.25 for counter in "12")


def test_a_clerk_who_forgot_to_finish_makes_no_slow_counter():
    visits = paced(np.random.default_rng(3), 2000)
    before = learn(visits, PLAN, NOON).time_factor_at("1", "bills")
    kept = next(i for i, v in enumerate(visits) if v.counter == "1")
    visits[kept] = replace(visits[kept], ended_at=visits[kept].called_at + minutes(600))
    assert learn(visits, PLAN, NOON).time_factor_at("1", "bills") == pytest.approx(before, rel=0.03)


def test_patience_is_learned_by_the_minutes_waited():
    """Four in a hundred leave in each of the first two minutes, then one in a hundred; calls come after 15 on average."""
    rng, visits = np.random.default_rng(4), []
    for i in range(20000):
        at = NOON - timedelta(days=1 + i % 20)
        e = float(rng.exponential())
        stays = e / 0.04 if e < 0.08 else 2 + (e - 0.08) / 0.01
        wait = float(rng.exponential(15))
        if stays < wait:
            visits.append(Visit("central", "A", "bills", "gold", at, None, at + minutes(stays), None, "abandoned"))
        else:
            visits.append(Visit("central", "A", "bills", "gold", at, at + minutes(wait), None, "1", "served"))
    patience = learn(visits, PLAN, NOON).patience
    assert patience.hazards[0] == pytest.approx(0.04, rel=0.1)
    assert patience.hazards[2:5] == pytest.approx([0.01] * 3, rel=0.15)
    assert patience.survival(12) == pytest.approx(np.exp(-0.18), abs=0.01)


def test_patience_drawn_is_patience_learned_for_whoever_has_waited_already():
    patience = replace(from_plan(PLAN), patience_minutes=20.0, giving_up=(4.0, 1.0, 0.5, 0.5, 2.0, 3.0)).patience
    waited = np.array([0.0, 1.0, 7.0, 55.0])
    draws = np.random.default_rng(5).standard_exponential((100_000, 4), np.float32)
    left = patience.residual(waited, draws)
    for i, already in enumerate(waited):
        for more in (0.5, 4.0, 30.0):
            still = patience.survival(already + more) / patience.survival(already)
            assert (left[:, i] > more).mean() == pytest.approx(still, abs=0.006)


def test_what_is_learned_can_be_told_in_plain_numbers(known):
    told = summarise(known, PLAN)
    assert json.loads(json.dumps(told)) == told
    assert told["services"]["bills"]["minutes"] == pytest.approx(5, abs=0.2)
    assert told["services"]["bills"]["planned"] == 4
    assert told["services"]["bills"]["four_in_five_under"] == pytest.approx(6.9, abs=0.4)
    assert told["no_show_share"] == pytest.approx(0.1, abs=0.01)
    assert 1 > told["still_waiting"]["5"] > told["still_waiting"]["40"] > 0
    assert summarise(from_plan(PLAN), PLAN)["services"]["sim"] == {
        "minutes": 8.0, "planned": 8.0, "four_in_five_under": pytest.approx(11.1, abs=0.1), "visits": 0,
        "tiers": {}, "counters": {}, "prefilled": {},
    }  # fmt: skip
