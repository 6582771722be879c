"""Rostered openings of a counter: one opening stays one, even if the staff change during it."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from hallflow.domain.roster.seats import clock_on, seats_of

ZONE = ZoneInfo("Asia/Shanghai")
DAY = date(2026, 3, 4)


def at(hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 3, 4, hour, minute, tzinfo=ZONE)


def a_shift(day: date, *counters: tuple[str, str, str]) -> dict:
    return {"day": day.isoformat(), "counters": [list(spell) for spell in counters]}


def test_two_people_one_after_the_other_at_a_counter_are_one_opening() -> None:
    roster = {
        "zone": "Asia/Shanghai",
        "shifts": [
            a_shift(DAY, ("1", "09:00", "12:00"), ("1", "12:45", "17:00")),
            a_shift(DAY, ("1", "12:00", "12:30"), ("2", "09:00", "12:00")),
            a_shift(DAY + timedelta(days=1), ("3", "09:00", "12:00")),
            a_shift(DAY, ("gone", "09:00", "12:00")),
        ],
    }
    seats = seats_of(roster, DAY, {"1": 0, "2": 0, "3": 0})
    assert seats == {"1": [(at(9), at(12, 30)), (at(12, 45), at(17))], "2": [(at(9), at(12))]}


def test_a_day_without_a_roster_seats_nobody() -> None:
    assert seats_of(None, DAY, {"1": 0}) == {}
    assert seats_of({"zone": "Asia/Shanghai", "shifts": [a_shift(DAY)]}, DAY, {"1": 0}) == {}


def test_a_day_may_end_past_midnight() -> None:
    assert clock_on(DAY, "25:15", ZONE) == at(1, 15) + timedelta(days=1)
