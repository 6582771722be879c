"""Staffing requirements: computed day by day, stored, recomputed when outdated, readable by every user of them."""

from datetime import timedelta

import pytest

from hallflow.house import House
from hallflow.jobs import tasks
from hallflow.jobs.tasks import TASKS, run
from hallflow.operations.manager.reports import staffing_for
from hallflow.operations.outlook.requirements import DAYS_AHEAD, FRESH_MINUTES, REST_MINUTES, UNMOVED_MINUTES
from hallflow.storage.records import requirements
from tests.makers import DAY, FakeClock, open_all

pytestmark = pytest.mark.usefixtures("few_plays")


def find_all_at_once(house: House) -> None:
    while tasks.requirement(house):
        pass


def find_all(house: House, clock: FakeClock) -> int:
    """Until nothing is due, however long it rests; how often it did."""
    rests = 0
    find_all_at_once(house)
    while clock.forward(REST_MINUTES) and tasks.requirement(house):
        find_all_at_once(house)
        rests += 1
    return rests


def days_of(house: House, key: str) -> list:
    with house.engine.connect() as connection:
        return sorted(day for day, (_, data) in requirements.since(connection, key, DAY).items() if data)


def test_today_and_tomorrow_come_first_in_every_hall_and_the_days_after_in_their_time(
    house: House, clock: FakeClock
) -> None:
    assert run(house, TASKS["requirement"])
    assert run(house, TASKS["requirement"])
    assert days_of(house, "central") == days_of(house, "county") == [DAY]
    find_all_at_once(house)
    assert days_of(house, "central") == days_of(house, "county") == [DAY, DAY + timedelta(days=1)]
    rests = find_all(house, clock)
    assert days_of(house, "central")[-1] == DAY + timedelta(days=DAYS_AHEAD - 1)
    assert rests >= DAYS_AHEAD - 2


def test_today_is_found_anew_when_it_is_old_and_keeps_what_is_past(house: House, clock: FakeClock) -> None:
    find_all_at_once(house)
    with house.engine.connect() as connection:
        before = requirements.read(connection, "central", DAY)
    open_all(house.hall("central"))
    clock.forward(REST_MINUTES - 1)
    assert not tasks.requirement(house)
    clock.forward(FRESH_MINUTES)
    find_all_at_once(house)
    with house.engine.connect() as connection:
        after = requirements.read(connection, "central", DAY)
    assert before is not None
    assert after is not None
    starts = [[q["start"] for q in kept["found"]["quarters"]] for kept in (before, after)]
    assert starts[0] == starts[1][-len(starts[0]) :]
    assert before["made_at"] != after["made_at"]


def test_a_hall_in_which_nothing_has_happened_is_looked_at_once_an_hour(house: House, clock: FakeClock) -> None:
    find_all(house, clock)
    clock.forward(UNMOVED_MINUTES)
    find_all_at_once(house)
    open_all(house.hall("central"))
    clock.forward(FRESH_MINUTES)
    assert [tasks.requirement(house) for _ in range(2)] == [1, 0]
    clock.forward(UNMOVED_MINUTES - FRESH_MINUTES)
    assert [tasks.requirement(house) for _ in range(2)] == [1, 0]


def test_a_day_far_ahead_is_put_down_when_somebody_asks_and_its_groups_told_once_it_was_played(house: House) -> None:
    hall = house.hall("central")
    day = DAY + timedelta(days=40)
    find_all_at_once(house)
    asked = staffing_for(house, hall, day)
    assert asked["requirement"] is None
    assert all(quarter["groups"] is None for quarter in asked["quarters"])
    assert [tasks.requirement(house) for _ in range(2)] == [1, 0]
    told = staffing_for(house, hall, day)
    assert [group["counters"] for group in told["requirement"]["groups"]][:2] == [["1"], ["2", "3"]]
    for quarter in told["quarters"]:
        assert quarter["required"] == sum(quarter["groups"])
        assert set(quarter["reason"]) == {"zh", "en"}


def test_the_outlook_shows_what_was_found_for_today(house: House) -> None:
    find_all_at_once(house)
    assert run(house, TASKS["outlook"])
    hall = house.hall("central")
    house.look_around()
    found = hall.outlook["requirement"]
    assert found["plans_tried"] > 3
    assert found["days_played"] == 3


def test_days_in_the_past_or_without_opening_are_asked_for_in_vain(house: House) -> None:
    county = house.hall("county")
    sunday = DAY + timedelta(days=4)
    assert staffing_for(house, county, DAY - timedelta(days=1))["requirement"] is None
    find_all_at_once(house)
    assert staffing_for(house, county, sunday)["quarters"] == []
    assert DAY - timedelta(days=1) not in days_of(house, "county")
