"""Occupancy: the share of its open time that a counter serves."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hallflow.domain.floor import Floor
from hallflow.domain.occupancy import Worked
from tests.makers import WEDNESDAY, a_floor, join, summon, tell


def at(minutes: float):  # type: ignore[no-untyped-def]
    return WEDNESDAY + timedelta(minutes=minutes)


def worked(floor: Floor, minutes: float) -> tuple[float, float]:
    return floor.worked["1"].until(at(minutes))


def test_a_day_at_a_counter_is_added_up() -> None:
    floor = a_floor(closed=["1", "2", "3"])
    assert floor.worked == {}
    tell(floor, "counter_opened", at(0), counter="1", clerk="wang")
    number = join(floor, "standard", at=at(2))
    summon(floor, number, "1", at(10))
    assert worked(floor, 12) == (12, 0), "a customer on the way is not yet served"
    tell(floor, "arrived", at(12), number, "1")
    assert worked(floor, 20) == (20, 8)
    tell(floor, "counter_paused", at(22), counter="1", reason="lunch")
    assert worked(floor, 24) == (24, 12), "whoever is at the counter is still served"
    tell(floor, "finished", at(25), number, "1", outcome="done")
    assert worked(floor, 60) == (25, 13), "a pause is not open time"
    tell(floor, "counter_opened", at(60), counter="1", clerk="wang")
    tell(floor, "counter_closed", at(62), counter="1")
    assert worked(floor, 100) == (27, 13)
    assert floor.worked["1"].share(at(100)) == pytest.approx(13 / 27)


def test_a_parked_customer_keeps_no_counter_busy() -> None:
    floor = a_floor(now=at(240))
    number = join(floor, "standard", at=at(0))
    tell(floor, "started", at(0), number, "1", reason={"code": "at_counter"}, streak=0, within=True)
    tell(floor, "parked", at(5), number, "1", reason="system")
    assert worked(floor, 30) == (30, 5)
    tell(floor, "resumed", at(30), number, "2")
    assert worked(floor, 40) == (40, 5)
    assert floor.worked["2"].until(at(40)) == (40, 10)


def test_who_was_never_open_has_no_share() -> None:
    assert Worked().share(WEDNESDAY) is None
    assert Worked(at=WEDNESDAY, is_open=True).share(WEDNESDAY) is None


@given(st.lists(st.tuples(st.floats(0, 90), st.booleans(), st.booleans()), max_size=30), st.floats(0, 90))
def test_nobody_serves_longer_than_they_are_there(steps: list[tuple[float, bool, bool]], last: float) -> None:
    found, now = Worked(), WEDNESDAY
    opened = served = 0.0
    is_open = is_serving = False
    for minutes, opens, serves in steps:
        opened += minutes if is_open or is_serving else 0
        served += minutes if is_serving else 0
        now += timedelta(minutes=minutes)
        is_open, is_serving = opens, serves
        found = found.then(now, is_open=opens, is_serving=serves)
    opened += last if is_open or is_serving else 0
    served += last if is_serving else 0
    counted = found.until(now + timedelta(minutes=last))
    assert counted == pytest.approx((opened, served), abs=1e-3)
    assert counted[1] <= counted[0] + 1e-9
