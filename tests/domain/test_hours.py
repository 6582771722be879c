"""Days and business hours of a hall in its own time zone."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from hallflow.domain.hours import Hours

SHANGHAI = ZoneInfo("Asia/Shanghai")
BERLIN = ZoneInfo("Europe/Berlin")
NOON_BREAK = ((time(8, 30), time(12)), (time(13, 30), time(17, 30)))
WEEK = dict.fromkeys(range(5), NOON_BREAK) | {5: ((time(9), time(16)),)}
HOLIDAY, SHORT = date(2026, 10, 1), date(2026, 2, 16)
HOURS = Hours(SHANGHAI, WEEK, {HOLIDAY: (), SHORT: ((time(9), time(11)),)})


def at(text: str, zone: ZoneInfo = SHANGHAI) -> datetime:
    """A moment as the clock in the hall shows it, as the program knows it."""
    return datetime.fromisoformat(text).replace(tzinfo=zone).astimezone(UTC)


@pytest.mark.parametrize(
    ("moment", "is_open"),
    [
        ("2026-03-04 08:29:59", False),
        ("2026-03-04 08:30", True),
        ("2026-03-04 11:59:59", True),
        ("2026-03-04 12:00", False),
        ("2026-03-04 13:30", True),
        ("2026-03-04 17:30", False),
        ("2026-03-07 09:00", True),
        ("2026-03-08 10:00", False),
        ("2026-10-01 10:00", False),
        ("2026-02-16 10:59", True),
        ("2026-02-16 14:00", False),
    ],
)
def test_open_and_closed(moment: str, is_open: bool) -> None:
    assert HOURS.is_open(at(moment)) is is_open


@pytest.mark.parametrize(
    ("moment", "opens"),
    [
        ("2026-03-04 10:00", None),
        ("2026-03-04 07:00", "2026-03-04 08:30"),
        ("2026-03-04 02:00", "2026-03-04 08:30"),
        ("2026-03-04 12:30", "2026-03-04 13:30"),
        ("2026-03-04 18:00", "2026-03-05 08:30"),
        ("2026-03-07 16:00", "2026-03-09 08:30"),
        ("2026-09-30 17:30", "2026-10-02 08:30"),
        ("2026-02-16 11:00", "2026-02-17 08:30"),
    ],
)
def test_the_next_opening(moment: str, opens: str | None) -> None:
    assert HOURS.opens_at(at(moment)) == (at(opens) if opens else None)


def test_a_hall_that_never_opens_says_so() -> None:
    assert Hours(SHANGHAI, {}).opens_at(at("2026-03-04 10:00")) is None


def test_closing_is_the_end_of_the_present_span() -> None:
    assert HOURS.closes_at(at("2026-03-04 10:00")) == at("2026-03-04 12:00")
    assert HOURS.closes_at(at("2026-03-04 12:30")) is None


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        ("2026-03-04 03:59:59", "2026-03-03"),
        ("2026-03-04 04:00", "2026-03-04"),
        ("2026-03-04 23:59", "2026-03-04"),
        ("2026-03-05 00:01", "2026-03-04"),
        ("2026-01-01 03:00", "2025-12-31"),
    ],
)
def test_a_day_begins_at_four_in_the_morning(moment: str, day: str) -> None:
    assert HOURS.day_of(at(moment)) == date.fromisoformat(day)


def test_a_demo_is_open_around_the_clock() -> None:
    hours = Hours(SHANGHAI, {}, always=True)
    for moment in ("2026-03-04 03:59", "2026-03-04 04:00", "2026-03-08 23:00"):
        assert hours.is_open(at(moment))
        assert hours.opens_at(at(moment)) is None


@pytest.mark.parametrize("day", ["2026-03-29", "2026-10-25"])
def test_the_clock_change_moves_no_opening(day: str) -> None:
    """On the night in which Berlin's clocks change the hall opens at nine by the clock on its wall, as ever."""
    hours = Hours(BERLIN, {6: ((time(9), time(12)),)})
    opens = at(f"{day} 09:00", BERLIN)
    assert hours.is_open(opens)
    assert not hours.is_open(opens - timedelta(minutes=1))
    assert hours.is_open(opens + timedelta(hours=2, minutes=59))
    assert not hours.is_open(opens + timedelta(hours=3))
    assert hours.opens_at(opens - timedelta(hours=8)) == opens


def test_a_day_of_the_clock_change_has_its_own_length() -> None:
    hours = Hours(BERLIN, {}, always=True)
    lengths = []
    for day in (date(2026, 3, 28), date(2026, 6, 1), date(2026, 10, 24)):
        ((start, end),) = hours.spans(day)
        lengths.append((end.astimezone(UTC) - start.astimezone(UTC)) / timedelta(hours=1))
    assert lengths == [23, 24, 25]
    assert hours.day_of(at("2026-03-29 03:30", BERLIN)) == date(2026, 3, 28)
    assert hours.day_of(at("2026-03-29 04:00", BERLIN)) == date(2026, 3, 29)


@pytest.mark.parametrize(
    ("moment", "minutes"),
    [
        ("2026-03-04 07:00", None),
        ("2026-03-04 12:30", None),
        ("2026-03-04 17:29", None),
        ("2026-03-04 17:30", 0),
        ("2026-03-04 19:00", 90),
        ("2026-03-05 03:00", 570),
        ("2026-03-08 12:00", None),
    ],
)
def test_a_hall_is_closed_for_the_day_once_its_last_span_has_ended(moment: str, minutes: float | None) -> None:
    assert HOURS.closed_for(at(moment)) == minutes
