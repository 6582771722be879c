"""Staffing by formula: enough counters, never more than there are, and always with a reason."""

from dataclasses import replace
from itertools import groupby

import pytest

from hallflow.domain.plan import StaffingRules
from hallflow.foresight.arrivals import forecast
from hallflow.foresight.learning.learned import from_plan
from hallflow.foresight.staffing.erlang import ErlangA
from hallflow.foresight.staffing.formula import FormulaNeed, practical, requirement
from hallflow.foresight.staffing.periods import period
from hallflow.foresight.staffing.steps import why
from tests.foresight.makers import DAY, a_plan


def a_hall(per_hour: float, counters: int = 12, offer: tuple[str, ...] = ("bills",), **rules):
    return a_plan((offer,) * counters, {"bills": 6.0}, staffing=StaffingRules(arrivals_per_hour=per_hour, **rules))


def needs(plan, cv=0.15, **more):
    learned = replace(from_plan(plan), busyness_cv=cv)
    return requirement(plan, learned, forecast(plan, learned, DAY), **more)


def test_a_steady_hour_asks_for_what_erlang_a_asks_for():
    plan = a_hall(60, abandoned_at_most=1.0)
    need = needs(plan, cv=0.001)[-1]
    minutes = from_plan(plan).occupied_minutes("bills")
    enough = next(n for n in range(1, 13) if ErlangA(1.0, minutes, 45.0, n).service_level(10.0) >= 0.8)
    assert need.load == pytest.approx(minutes)
    assert (need.counters, need.because) == (enough, "demand")


def test_days_that_differ_ask_for_more():
    assert needs(a_hall(90), cv=0.4)[-1].counters > needs(a_hall(90), cv=0.01)[-1].counters


def test_a_tighter_goal_or_limit_on_leaving_asks_for_more():
    usual = needs(a_hall(60))[-1].counters
    assert needs(a_hall(60, goal_minutes=1.0))[-1].counters > usual
    assert needs(a_hall(60, patience_minutes=3.0, abandoned_at_most=0.01))[-1].counters > usual


def test_a_hall_is_never_asked_for_more_counters_than_it_has():
    need = needs(a_hall(300))[-1]
    assert (need.counters, need.because) == (12, "most")


def test_every_service_has_somebody():
    plan = a_plan((("bills",), ("sim",), ("device",)), staffing=StaffingRules(arrivals_per_hour=3))
    assert (needs(plan)[-1].counters, needs(plan)[-1].because) == (3, "cover")


def test_a_quiet_hall_keeps_its_least():
    need = needs(a_hall(0.5, counters_at_least=2))[-1]
    assert (need.counters, need.because) == (2, "least")


def test_people_already_waiting_count():
    plan = a_hall(40)
    assert needs(plan, in_hall=30)[0].counters > needs(plan)[0].counters
    assert needs(plan, in_hall=30)[-1] == needs(plan)[-1]


def test_advice_is_never_below_the_requirement_and_no_step_is_shorter_than_half_an_hour():
    required = [2, 4, 4, 3, 4, 9, 5, 5, 4, 3, 2, 1]
    advised = practical(required)
    assert all(a >= r for a, r in zip(advised, required, strict=True))
    assert min(len(list(run)) for _, run in groupby(advised)) >= 2
    assert practical([]) == []


def test_periods_are_named_by_load_per_counter():
    plan = a_hall(60, counters=10)
    assert [period(load, plan) for load in (2.0, 6.0, 9.0)] == ["quiet", "normal", "busy"]


def test_what_more_counters_would_hardly_help_is_not_told_of_all_of_them() -> None:
    plan = a_plan((("bills",), ("bills",), ("bills",)))
    some, all_of_them = (why(plan, FormulaNeed(n, 2.5, 9.9, "most"), 46.0) for n in (2, 3))
    assert (some.code, all_of_them.code) == ("outlook.because_reach", "outlook.because_most")


def test_a_promise_that_is_broken_whatever_is_open_is_told_as_that_promise() -> None:
    plan = a_plan((("bills",), ("bills",), ("bills",)))
    told = why(plan, FormulaNeed(3, 2.5, 9.9, "beyond_service", "bills"), 46.0)
    assert (told.code, told.facts["service"]) == ("outlook.beyond_service", "bills")
    told = why(plan, FormulaNeed(3, 2.5, 9.9, "beyond_tier", "gold"), 46.0)
    assert (told.code, told.facts["goal"]) == ("outlook.beyond_tier", round(plan.tiers["gold"].goal_minutes))
    assert why(plan, FormulaNeed(3, 2.5, 9.9, "beyond_abandoned"), 46.0).code == "outlook.beyond_abandoned"
