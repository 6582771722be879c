"""The dispatching decision: maximum wait and bound precede any policy, and the list of turns predicts the calls."""

from copy import deepcopy
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hallflow.domain.floor import Floor
from hallflow.domain.plan import Plan
from hallflow.domain.policies import POLICIES
from hallflow.domain.refusals import Refused
from hallflow.domain.routing import ahead_of, check_bound, choose, turns
from tests import makers
from tests.makers import WEDNESDAY, a_floor, a_plan, summon, tell

TIERS = st.sampled_from(["gold", "silver", "standard"])
CROWD = st.lists(st.tuples(TIERS, st.integers(0, 45), st.sampled_from(["bills", "sim"])), max_size=14)
ANY_POLICY = pytest.mark.parametrize("policy", POLICIES)


def called_one_by_one(floor: Floor, plan: Plan, key: str) -> list[tuple[str, str]]:
    """Whom a counter really calls, one after the other, while the clock stands still."""
    called = []
    while choice := choose(floor, plan, floor.counters[key], WEDNESDAY):
        called.append((choice.ticket.number, choice.reason.code))
        summon(floor, choice.ticket.number, key, streak=choice.streak)
        tell(floor, "left", WEDNESDAY, choice.ticket.number)
    return called


@ANY_POLICY
def test_past_their_guard_the_longest_wait_comes_first(policy: str) -> None:
    plan = a_plan(policy)
    floor = a_floor(("gold", 14), ("silver", 26), ("standard", 31), ("gold", 16), plan=plan)
    listed = list(turns(floor, plan, floor.counters["1"], WEDNESDAY))
    assert [c.ticket.number for c in listed] == ["A003", "A002", "A004", "A001"]
    assert [c.reason.code for c in listed[:3]] == ["guard"] * 3
    assert listed[0].reason.facts == {"waited": 31, "guard": 30}


@ANY_POLICY
def test_who_was_overtaken_as_often_as_the_tier_allows_is_next(policy: str) -> None:
    plan = a_plan(policy)
    floor = a_floor(("standard", 22), ("gold", 4), plan=plan)
    floor.overtaken["A001"] = 12
    choice = choose(floor, plan, floor.counters["1"], WEDNESDAY)
    assert choice is not None
    assert choice.ticket.number == "A001"
    assert (choice.reason.code, choice.reason.facts) == ("bound", {"waited": 22, "times": 12})


@ANY_POLICY
def test_of_guard_and_bound_the_longer_wait_decides(policy: str) -> None:
    plan = a_plan(policy)
    floor = a_floor(("standard", 22), ("gold", 16), plan=plan)
    floor.overtaken["A001"] = 12
    codes = [c.reason.code for c in turns(floor, plan, floor.counters["1"], WEDNESDAY)]
    assert codes == ["bound", "guard"]


def test_a_counter_calls_only_what_it_offers_and_who_waits_for_it() -> None:
    plan = a_plan("strict")
    floor = a_floor(("gold", 3, "sim"), ("standard", 9), plan=plan)
    summon(floor, "A001", "2")
    tell(floor, "transferred", WEDNESDAY, "A001", service="loan", wanted="1", since=WEDNESDAY.isoformat())
    numbers = {key: [c.ticket.number for c in turns(floor, plan, floor.counters[key], WEDNESDAY)] for key in "123"}
    assert numbers == {"1": ["A001"], "2": ["B001"], "3": ["B001"]}


def test_nobody_waiting_is_nobody_next() -> None:
    plan = a_plan()
    floor = a_floor(("gold", 3, "sim"), plan=plan)
    assert choose(floor, plan, floor.counters["1"], WEDNESDAY) is None


@ANY_POLICY
@given(crowd=CROWD, times=st.lists(st.integers(0, 12), min_size=14, max_size=14))
def test_the_list_of_turns_is_what_the_counter_would_call(policy: str, crowd, times) -> None:
    plan = a_plan(policy)
    floor = a_floor(*crowd, plan=plan)
    # as if some had been overtaken before, so that the bound is reached on the way
    for ticket, already in zip(sorted(floor.waiting(), key=lambda t: t.number), times, strict=False):
        floor.overtaken[ticket.number] = min(already, plan.tiers[ticket.tier].overtaken_at_most)
    listed = [(c.ticket.number, c.reason.code) for c in turns(floor, plan, floor.counters["2"], WEDNESDAY)]
    assert listed == called_one_by_one(deepcopy(floor), plan, "2")


@pytest.mark.parametrize("policy", [policy for policy in POLICIES if policy != "ratio"])
@given(crowd=st.lists(st.tuples(TIERS, st.integers(0, 45)), max_size=14))
def test_ahead_of_a_ticket_are_those_who_would_be_called_before_it(policy: str, crowd) -> None:
    """Of one service, as far as neither the bound nor the ratio steps in."""
    patient = {key: replace(tier, overtaken_at_most=1000) for key, tier in makers.TIERS.items()}
    plan = a_plan(policy, tiers=patient)
    floor = a_floor(*crowd, plan=plan)
    listed = [c.ticket.number for c in turns(floor, plan, floor.counters["1"], WEDNESDAY)]
    told = [ahead_of(floor, plan, floor.tickets[number], WEDNESDAY) for number in listed]
    assert told == list(range(len(listed)))


def test_a_call_by_hand_may_not_break_the_bound() -> None:
    plan = a_plan()
    floor = a_floor(("standard", 20), ("gold", 3), ("standard", 29), plan=plan)
    floor.overtaken["A001"] = 12
    with pytest.raises(Refused) as fault:
        check_bound(floor, plan, floor.counters["1"], floor.tickets["A002"])
    assert (fault.value.code, fault.value.facts) == ("bound_reached", {"number": "A001", "times": 12})
    # the one at the bound, and whoever came before it, may be called
    check_bound(floor, plan, floor.counters["1"], floor.tickets["A001"])
    check_bound(floor, plan, floor.counters["1"], floor.tickets["A003"])
    # a counter that could not have served A001 takes nothing from it
    check_bound(floor, plan, floor.counters["3"], floor.tickets["A002"])
