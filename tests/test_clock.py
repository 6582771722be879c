"""The hall's clock, and the accelerated one of a demo."""

import time
from datetime import UTC, datetime, timedelta

import pytest

from hallflow import clock

START = {"HALLFLOW_DEMO_START": "2026-10-12T08:30+08:00"}


def test_the_clock_is_aware_and_right() -> None:
    before = datetime.now(UTC)
    now = clock.from_env({}).now()
    assert now.tzinfo is UTC
    assert before <= now <= datetime.now(UTC)


def test_a_paced_day_runs_at_its_speed() -> None:
    began = time.time() - 10
    paced = clock.PacedClock(datetime(2026, 10, 12, 0, 30, tzinfo=UTC), 60.0, began)
    now = paced.now()
    assert timedelta(minutes=10) <= now - paced.start <= timedelta(minutes=time.time() - began)
    until = paced.seconds_until(now + timedelta(hours=10))
    passed = (paced.now() - now).total_seconds() / 60
    assert 600 - passed <= until <= 600
    assert paced.seconds_until(now - timedelta(minutes=5)) == 0


def test_processes_of_a_demo_share_one_clock() -> None:
    environ = {**START, "HALLFLOW_DEMO_PACE": "600"}
    first = clock.from_env(environ)
    time.sleep(0.05)
    second = clock.from_env(dict(environ))
    before = first.now()
    assert before >= datetime(2026, 10, 12, 0, 30, 30, tzinfo=UTC)
    assert before <= second.now() <= first.now()


def test_a_pace_alone_starts_now() -> None:
    before = datetime.now(UTC)
    paced = clock.from_env({"HALLFLOW_DEMO_PACE": "10"})
    assert paced.pace == 10
    # a datetime knows no less than a microsecond
    assert before <= paced.now() <= before + 10 * (datetime.now(UTC) - before) + timedelta(milliseconds=1)


@pytest.mark.parametrize(
    ("name", "value"),
    [("START", "yesterday"), ("START", "2026-10-12T08:30"), ("PACE", "fast"), ("PACE", "0"), ("PACE", "nan")],
)
def test_a_wrong_value_is_named_with_its_variable(name: str, value: str) -> None:
    with pytest.raises(ValueError, match=f"HALLFLOW_DEMO_{name}: '{value}'"):
        clock.from_env({f"HALLFLOW_DEMO_{name}": value})


def test_monotonic_only_grows() -> None:
    assert clock.monotonic() <= clock.monotonic()
