"""A simulated day opens its counters in an order that suits the hall's own mix of customers."""

from dataclasses import replace
from datetime import timedelta

from hallflow.foresight.learning.learned import Learned, from_plan
from hallflow.foresight.rehearsal import as_required
from tests.makers import DAY, a_plan

PLAN = a_plan(counters={"1": ("bills",), "2": ("bills",), "3": ("loan",), "4": ("loan",)})
QUARTERS = 96


def come_for(service: str, an_hour: float) -> Learned:
    """A hall to which so many customers come for one service, and hardly anybody for the others."""
    per_quarter = {key: an_hour / 4 if key == service else 0.001 for key in PLAN.services}
    return replace(from_plan(PLAN), week={key: ((n,) * QUARTERS,) * 7 for key, n in per_quarter.items()})


def open_for(learned: Learned) -> dict[str, timedelta]:
    """How long each counter is open on a day for which its requirement was reckoned."""
    opening = as_required(PLAN, learned, DAY)
    return {key: sum((one.end - one.start for one in stretches), timedelta()) for key, stretches in opening.items()}


def test_a_second_counter_is_opened_for_what_most_come_for() -> None:
    loans = open_for(come_for("loan", 5))
    assert loans["4"] > loans["2"]
    bills = open_for(come_for("bills", 15))
    assert bills["2"] > bills["4"]
