"""Stored forecasts: compared with the actual day when it is closed, and never altered afterwards."""

from datetime import UTC, datetime, timedelta

import pytest

from hallflow.domain.past.visit import Visit
from hallflow.hall import Hall
from hallflow.house import House
from hallflow.jobs.tasks import TASKS, run
from hallflow.operations.outlook.forecasts import accuracy
from hallflow.storage.records import forecasts, history
from tests.makers import DAY, FakeClock, take

OPENING = datetime(2026, 3, 4, 0, 30, tzinfo=UTC)
"""Half past eight in the city hall, a Wednesday."""


@pytest.fixture(autouse=True)
def from_opening(clock: FakeClock) -> None:
    """The house opens with its day."""
    clock.at = OPENING


def do(house: House, *names: str) -> None:
    for name in names:
        assert run(house, TASKS[name])


def kept(hall: Hall, day=DAY):
    with hall.reading() as connection:
        rows = forecasts.not_compared(connection, hall.key, day + timedelta(days=1))
        return {
            row.made: row.data for row in [*rows, *forecasts.compared(connection, hall.key, day, day)] if row.day == day
        }


def test_a_day_is_foretold_at_its_opening_and_at_noon_and_stays_as_it_was(house, hall, clock):
    do(house, "forecast")
    assert kept(hall).keys() == {"opening"}
    opening = kept(hall)["opening"]
    assert opening["expected"] == pytest.approx(42 * 9.5, rel=0.2)
    for _ in range(60):
        take(hall)
        clock.forward(1)
    clock.at = datetime(2026, 3, 4, 4, 5, tzinfo=UTC)
    do(house, "forecast")
    noon = kept(hall)["noon"]
    assert noon["expected"] < 0.8 * opening["expected"], "its six hours, after a quiet morning"
    assert len(noon["quarters"]) == 24
    for _ in range(200):
        take(hall)
    clock.forward(120)
    do(house, "forecast")
    assert kept(hall) == {"opening": opening, "noon": noon}


def test_a_worker_that_comes_late_foretells_as_if_it_had_been_there(house, hall, clock, tmp_path):
    take(hall)
    clock.at = datetime(2026, 3, 4, 4, 0, tzinfo=UTC)
    do(house, "forecast")
    in_time = kept(hall)
    with house.turns.of(hall.key) as connection:
        assert forecasts.forget(connection, hall.key, DAY + timedelta(days=1)) == 2
    clock.forward(90)
    for _ in range(80):
        take(hall)
    do(house, "forecast")
    assert kept(hall) == in_time


def test_a_closed_day_is_compared_beside_its_weekdays_mean(house, hall, clock):
    earlier = [DAY - timedelta(days=7), DAY - timedelta(days=6)]
    with house.turns.of("history") as connection:
        for day, n in zip(earlier, (30, 90), strict=True):
            at = datetime(day.year, day.month, day.day, 6, 0, tzinfo=UTC)
            visits = [Visit("central", f"V{i}", "bills", "standard", at, at, at, "1", "served", at) for i in range(n)]
            history.add_visits(connection, ((day, visit) for visit in visits))
    do(house, "history", "learn", "forecast")
    assert accuracy(hall) is None, "nothing is closed yet"
    for _ in range(10):
        take(hall)
    clock.at = datetime(2026, 3, 4, 4, 0, tzinfo=UTC)
    do(house, "forecast")
    for _ in range(40):
        take(hall)
    clock.forward(days=1)
    do(house, "day", "history", "forecast")
    told = accuracy(hall)
    assert told is not None
    noon, expected = told["noon"], kept(hall)["noon"]["expected"]
    assert kept(hall)["noon"]["usual"] == 30, "last Wednesday's afternoon"
    assert noon["error"] == pytest.approx(abs(expected - 40) / 40, abs=0.001)
    assert noon["usual_error"] == pytest.approx(10 / 40)
    assert 0 <= noon["coverage"] <= 1
    (day,) = [day for day in told["days"] if day["made"] == "noon"]
    assert (day["day"], day["came"], day["usual"]) == (DAY.isoformat(), 40, 30)
    assert told["opening"]["days"] == 1


def test_a_hall_that_is_closed_today_is_not_foretold(house, clock):
    clock.at = datetime(2026, 3, 8, 2, 0, tzinfo=UTC)
    do(house, "day", "forecast")
    assert kept(house.hall("county"), DAY + timedelta(days=4)) == {}
