"""The scheduling policies: each one's order on small floors, and its reason."""

from datetime import timedelta

import pytest

from hallflow.domain.policies import POLICIES
from hallflow.domain.routing import choose, turns
from hallflow.domain.tally import share_within
from tests.makers import WEDNESDAY, a_floor, a_plan, join

# A001 gold 2, A002 silver 6, A003 standard 9, A004 gold 1: nobody near a guard, nobody at a bound
SMALL = (("gold", 2), ("silver", 6), ("standard", 9), ("gold", 1))
ORDERS = {
    "first_come": "A003 A002 A001 A004",
    "strict": "A001 A004 A002 A003",
    "ratio": "A001 A004 A002 A003",
    "earliest_due": "A001 A002 A004 A003",  # slack 3, 4, 4, 11: of equal slack the longer wait
    "accumulating": "A002 A003 A001 A004",  # 12, 9, 8, 4 points
    "cmu": "A002 A003 A001 A004",
    "attainment": "A001 A002 A004 A003",  # slack 3, 4, 4, 11: of equal slack the longer wait
}


def order(policy: str, *waiting, counter: str = "2") -> list[str]:
    plan = a_plan(policy)
    floor = a_floor(*waiting, plan=plan)
    return [choice.ticket.number for choice in turns(floor, plan, floor.counters[counter], WEDNESDAY)]


@pytest.mark.parametrize("policy", POLICIES)
def test_the_order_of_a_policy(policy: str) -> None:
    assert order(policy, *SMALL) == ORDERS[policy].split()


def test_the_ratio_gives_the_others_their_turn() -> None:
    waiting = [("gold", 4 - n / 10) for n in range(5)] + [("standard", 9), ("standard", 8)]
    assert order("ratio", *waiting) == ["A001", "A002", "A003", "A006", "A004", "A005", "A007"]


def test_the_ratio_counts_only_calls_that_preferred_somebody() -> None:
    """Gold alone in the hall is preferred to nobody; whoever comes then has not been passed over yet."""
    plan = a_plan("ratio", ratio=1)
    floor = a_floor(("gold", 3), ("gold", 2), plan=plan)
    choice = choose(floor, plan, floor.counters["1"], WEDNESDAY)
    assert choice is not None
    assert choice.streak == 0


def test_cmu_prefers_the_shorter_service_of_equal_waits() -> None:
    assert order("cmu", ("standard", 8, "sim"), ("standard", 8)) == ["A001", "B001"]


def test_attainment_serves_who_can_still_make_it_then_the_rest_by_wait() -> None:
    waiting = [("gold", 12), ("gold", 6), ("gold", 3), ("standard", 15), ("standard", 21)]
    # slack of A003 2, of A004 5; the rest by wait: A005 21, A001 12, A002 6
    assert order("attainment", *waiting) == ["A003", "A004", "A005", "A001", "A002"]


def test_of_equal_rank_the_earlier_place_goes_first() -> None:
    for policy in POLICIES:
        assert order(policy, ("standard", 3), ("standard", 3)) == ["A001", "A002"]


@pytest.mark.parametrize(
    ("policy", "code"),
    [
        ("first_come", "first_come"),
        ("strict", "strict"),
        ("ratio", "strict"),
        ("earliest_due", "earliest_due"),
        ("accumulating", "accumulating"),
        ("cmu", "cmu"),
        ("attainment", "slack"),
    ],
)
def test_every_call_says_why(policy: str, code: str) -> None:
    plan = a_plan(policy)
    floor = a_floor(("gold", 2), plan=plan)
    choice = choose(floor, plan, floor.counters["1"], WEDNESDAY)
    assert choice is not None
    assert choice.reason.code == code
    assert all(isinstance(fact, int | float | str) for fact in choice.reason.facts.values())


def test_a_goal_already_missed_is_said_as_such() -> None:
    plan = a_plan()
    floor = a_floor(("gold", 7), plan=plan)
    choice = choose(floor, plan, floor.counters["1"], WEDNESDAY)
    assert choice is not None
    assert (choice.reason.code, choice.reason.facts) == ("rest", {"waited": 7})


def test_the_ratio_says_so_when_it_is_the_others_turn() -> None:
    plan = a_plan("ratio", ratio=1)
    floor = a_floor(("gold", 3), ("gold", 2), ("standard", 9), plan=plan)
    codes = [choice.reason.code for choice in turns(floor, plan, floor.counters["1"], WEDNESDAY)]
    assert codes == ["strict", "ratio", "strict"]


def test_shares_within_the_goal() -> None:
    assert share_within([]) is None
    assert share_within([(0, 0)]) is None
    assert share_within([(3, 3), (1, 0)]) == 0.75


def test_arrivals_are_counted_by_quarter_hour_and_service() -> None:
    floor = a_floor()
    for minutes in (0, 14, 15):
        join(floor, "gold", at=WEDNESDAY + timedelta(minutes=minutes))
    first = int(WEDNESDAY.timestamp()) // 900
    assert floor.tally.arrivals == {(first, "bills"): 2, (first + 1, "bills"): 1}
