"""Simulation-based staffing search: every service level met, no counter too many, for any skills and tiers."""

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hallflow.domain.plan import StaffingRules, Tier
from hallflow.foresight.arrivals import Busyness, DayForecast, Expected, Quarter
from hallflow.foresight.learning.learned import from_plan
from hallflow.foresight.staffing.formula import FormulaNeed
from hallflow.foresight.staffing.required import Requirement, merged, required, with_simulated
from hallflow.foresight.staffing.skills import groups_of, opened_first
from hallflow.foresight.staffing.trial import TrialResult, set_trial
from hallflow.foresight.staffing.verdicts import judge, unattainable
from tests.foresight.makers import DAY, NOON, a_plan, an_open_floor, fixed, take

ONE = {"standard": Tier("standard", {}, "", 0, 0.8, 10, 60, 1000)}


def a_day(per_quarter: list[float], services: tuple[str, ...] = ("bills",), cv: float = 0.1) -> DayForecast:
    shape = cv**-2
    quarters = [
        Quarter(
            NOON + i * timedelta(minutes=15),
            Expected(n, 0, 0),
            {key: Expected(n / len(services), 0, 0) for key in services},
        )
        for i, n in enumerate(per_quarter)
    ]
    return DayForecast(DAY, tuple(quarters), Busyness(shape, shape))


def counters(found: Requirement | None) -> list[int]:
    assert found is not None
    return [quarter.counters for quarter in found.quarters]


def test_what_is_found_keeps_every_promise_on_other_days_and_a_counter_less_does_not() -> None:
    plan = a_plan((("bills",),) * 14, {"bills": 6.0}, tiers=ONE)
    learned = replace(from_plan(plan), no_show_share=0.0)
    ahead = a_day([12, 14, 18, 20, 16, 12, 9, 8])
    found = required(plan, learned, ahead, [1], plays=300, fast=False)
    n = np.array([counters(found)])
    others = set_trial(plan, learned, ahead, np.random.default_rng(77), 600, fast=False)
    none = np.zeros((8, 1), bool)
    assert not judge(others, others.play(n), none, leniency=4).shortfall.any()
    assert judge(others, others.play(n - 1), none).shortfall.max(axis=1)[:2].max() > 0


@pytest.mark.parametrize(("customers", "kept"), [(200.0, True), (20_000.0, False)])
def test_a_quarter_hour_in_which_many_are_played_answers_for_those_who_leave_by_itself(
    customers: float, kept: bool
) -> None:
    plan = a_plan((("bills",),) * 4, {"bills": 6.0}, tiers=ONE)
    trial = set_trial(plan, from_plan(plan), a_day([12] * 8), np.random.default_rng(1), 20, fast=False)
    left = np.full((8, 1), 0.03 * customers)
    left[4] *= 2
    came = np.full((8, 1), customers)
    result = TrialResult(came, came - left, came - left, 0 * came, left, np.zeros(1))
    verdict = judge(trial, result, np.zeros((8, 1), bool))
    short = verdict.shortfall[[constraint.because for constraint in verdict.constraints].index("abandoned")]
    assert short[4] == pytest.approx(0.0 if kept else 0.01)
    assert not np.delete(short, 4).any()


def test_customers_of_one_service_are_not_let_wait_for_the_goals_of_the_others() -> None:
    tiers = {"standard": replace(ONE["standard"], guard_minutes=25)}
    rules = StaffingRules(patience_minutes=300)
    plan = a_plan((("bills",),) * 6 + (("loans",),) * 4, {"bills": 4.0, "loans": 20.0}, tiers=tiers, staffing=rules)
    mix = {"bills": Expected(13.0, 0, 0), "loans": Expected(1.0, 0, 0)}
    ahead = a_day([14.0] * 12)
    ahead = replace(ahead, quarters=tuple(replace(quarter, services=mix) for quarter in ahead.quarters))
    learned = from_plan(plan)
    found = required(plan, learned, ahead, [1], plays=200, fast=False)
    assert found is not None
    n = np.array([quarter.groups for quarter in found.quarters]).T
    others = set_trial(plan, learned, ahead, np.random.default_rng(77), 400, fast=False)
    none = np.zeros((12, 2), bool)
    assert not judge(others, others.play(n), none, leniency=4).shortfall.any()
    fewer = n.copy()
    loans = [group.services for group in found.groups].index(("loans",))
    fewer[loans] = np.maximum(n[loans] - 1, 1)
    verdict = judge(others, others.play(fewer), none)
    broken = {p.key for p, short in zip(verdict.constraints, verdict.shortfall, strict=True) if short.any()}
    assert "loans" in broken
    assert not verdict.shortfall[0].any(), "the hall's own goal would not have noticed"


def test_a_service_that_has_too_few_counters_is_named_and_opens_no_others_in_vain() -> None:
    plan = a_plan((("bills",),) * 12 + (("loans",),), {"bills": 5.0, "loans": 40.0})
    ahead = a_day([8.0] * 8, ("bills", "loans"))
    found = required(plan, from_plan(plan), ahead, [1], plays=150, fast=False)
    assert found is not None
    assert all(q.lacking == ("loans",) for q in found.quarters[1:])
    bills = [g.services for g in found.groups].index(("bills",))
    assert max(q.groups[bills] for q in found.quarters) <= 7


def test_a_hall_too_small_opens_all_it_has_and_says_so() -> None:
    plan = a_plan((("bills",),) * 3, {"bills": 10.0}, tiers=ONE)
    found = required(plan, from_plan(plan), a_day([20.0] * 6), [1], plays=100, fast=False)
    assert counters(found)[:5] == [3] * 5
    assert found is not None
    assert all(q.lacking == ("bills",) for q in found.quarters)


def test_a_goal_that_is_kept_is_not_said_to_be_out_of_reach_because_another_promise_is() -> None:
    # one counter for a service that takes long, and enough for the rest
    plan = a_plan(
        (("bills",),) * 6 + (("loans",),),
        {"bills": 5.0, "loans": 30.0},
        tiers={"standard": replace(ONE["standard"], guard_minutes=20)},
    )
    quarters = [
        replace(q, services={"bills": Expected(9.5, 0, 0), "loans": Expected(0.8, 0, 0)})
        for q in a_day([10.3] * 8).quarters
    ]
    found = required(
        plan, from_plan(plan), replace(a_day([10.3] * 8), quarters=tuple(quarters)), [1], plays=150, fast=False
    )
    assert found is not None
    late = found.quarters[4:7]
    assert all(q.shares["in_time"] > 0.8 for q in late)
    assert {(q.because, q.whose) for q in late} == {("beyond_service", "loans")}


def test_better_goals_for_a_tier_ask_for_more_and_the_reason_names_it() -> None:
    plan = a_plan((("bills",),) * 14, {"bills": 6.0})
    strict = {**plan.tiers, "gold": replace(plan.tiers["gold"], goal_share=0.98, goal_minutes=2)}
    ahead, learned = a_day([14.0] * 8), from_plan(plan)
    usual = required(plan, learned, ahead, [1], plays=150, fast=False)
    better = required(replace(plan, tiers=strict), learned, ahead, [1], plays=150, fast=False)
    assert sum(counters(better)) > sum(counters(usual))
    assert better is not None
    assert ("tier", "gold") in {(q.because, q.whose) for q in better.quarters}


def test_those_who_wait_already_ask_for_counters_at_once() -> None:
    plan = a_plan((("bills",),) * 12, {"bills": 6.0}, tiers=ONE)
    ahead, learned = a_day([8.0] * 6), from_plan(plan)
    crowd = an_open_floor(plan)
    for _ in range(30):
        take(crowd, plan, "bills", "standard", NOON - timedelta(minutes=5))
    plain = required(plan, learned, ahead, [1], an_open_floor(plan), NOON, plays=150, fast=False)
    crowded = required(plan, learned, ahead, [1], crowd, NOON, plays=150, fast=False)
    assert counters(crowded)[0] > counters(plain)[0]


def test_nothing_is_found_for_a_day_that_is_closed_over_or_empty() -> None:
    plan = a_plan()
    learned = fixed(plan)
    assert required(plan, learned, a_day([]), [1]) is None
    assert required(plan, learned, a_day([0.001] * 4), [1]) is None
    late = NOON + timedelta(hours=9)
    assert required(plan, learned, a_day([4.0] * 4), [1], an_open_floor(plan), late) is None


def test_what_was_found_comes_back_from_plain_data_and_joins_what_is_past() -> None:
    plan = a_plan((("bills",),) * 4, {"bills": 6.0}, tiers=ONE)
    ahead = a_day([6.0] * 8)
    whole = required(plan, from_plan(plan), ahead, [1], plays=60, fast=False)
    rest = required(
        plan, from_plan(plan), ahead, [1], an_open_floor(plan), NOON + timedelta(hours=1), plays=60, fast=False
    )
    assert whole is not None
    assert rest is not None
    assert Requirement.from_data(whole.as_data()) == whole
    both = merged(whole, rest)
    assert [q.start for q in both.quarters] == [q.start for q in ahead.quarters]
    assert both.quarters[:4] == whole.quarters[:4]
    assert both.quarters[4:] == rest.quarters
    needs = [FormulaNeed(q.formula + 1, 1.0, 5.0, "demand") for q in both.quarters]
    moved = with_simulated(needs, ahead.quarters, both)
    assert [need.counters for need in moved] == [min(q.counters + 1, 4) for q in both.quarters]
    assert with_simulated(needs, ahead.quarters, None) == needs


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_any_hall_is_staffed_within_what_it_has_and_every_service_that_is_asked_for_has_somebody(data) -> None:
    skills = st.lists(st.sampled_from(("bills", "sim", "loans")), min_size=1, max_size=3, unique=True).map(tuple)
    plan = a_plan(
        tuple(data.draw(st.lists(skills, min_size=1, max_size=5))), staffing=StaffingRules(counters_at_least=1)
    )
    ahead = a_day(data.draw(st.lists(st.floats(0, 9), min_size=1, max_size=6)), tuple(plan.services))
    found = required(plan, from_plan(plan), ahead, [data.draw(st.integers(0, 99))], plays=10, fast=False)
    if found is None:
        return
    sizes = [len(group.counters) for group in found.groups]
    for need, quarter in zip(found.quarters, ahead.quarters, strict=True):
        assert all(0 <= n <= size for n, size in zip(need.groups, sizes, strict=True))
        assert need.counters == sum(need.groups) >= 1
        there = {s for n, group in zip(need.groups, found.groups, strict=True) if n for s in group.services}
        assert {key for key, n in quarter.services.items() if n.expected >= 0.05} <= there


def test_counters_of_the_same_services_are_one_group_whatever_their_order() -> None:
    plan = a_plan((("bills", "sim"), ("sim", "bills"), ("loans",)))
    groups = groups_of(plan)
    assert [(g.services, g.counters) for g in groups] == [(("bills", "sim"), ("1", "2")), (("loans",), ("3",))]
    assert opened_first(groups, {"bills": 3.0, "sim": 1.0, "loans": 0.1}, 2) == [1, 1]
    assert opened_first(groups, {"bills": 3.0}, 9) == [2, 1]


@pytest.mark.parametrize("opened", [[[2, 0, 2, 1]], [[0, 0, 0, 0]], [[2, 2, 2, 2]]])
def test_counters_call_only_while_the_plan_has_them_open(opened: list[list[int]]) -> None:
    plan = a_plan((("bills",),) * 2, {"bills": 5.0}, tiers=ONE)
    trial = set_trial(plan, fixed(plan), a_day([5.0] * 4), np.random.default_rng(3), 40, fast=False)
    called = trial._called(np.array(opened))[trial.who]
    end = float(trial.starts[-1]) + 15
    at = called[called < end]
    assert all(opened[0][int(minute // 15)] > 0 for minute in at)
    if opened == [[0, 0, 0, 0]]:
        assert unattainable(trial, trial.play(np.array(opened))).all()
