"""The features of the day so far match their names."""

from math import isnan

import pytest

from hallflow.foresight.waits.today_features import NAMES, today_features
from tests.foresight.waits.test_stream import MORNING, a_stream


def told(stream, at):
    row = today_features(stream, stream.queues["bills"], at)
    assert tuple(row) == NAMES
    return row


def test_nothing_is_known_of_a_queue_before_its_first_call() -> None:
    row = told(a_stream(), MORNING)
    for name in ("pace_3", "gap_1", "called_since_seen", "work_each", "middle_scaled", "usual_wait_today"):
        assert isnan(row[name]), name
    assert row["work_today"] == row["work_lately"] > 0, "what is usual anywhere"


def test_paces_are_minutes_for_a_place_at_the_last_calls() -> None:
    stream = a_stream()
    for n in range(6):
        stream.issued(f"{n}", "bills", "gold", MORNING, 0.0)
    stream.opened("bills", MORNING + 5, 2, 6.0)
    for n, at in enumerate((4, 8, 10, 11)):
        stream.called(f"{n}", MORNING + at)
    row = told(stream, MORNING + 13)
    places = 3
    assert row["pace_3"] == pytest.approx(places * (13 - 8) / 3)
    assert (row["gap_1"], row["gap_3"]) == (places * 1, pytest.approx(places * 7 / 3))
    assert (row["called_since_seen"], row["pace_since_seen"]) == (3, places * (11 - 5) / 3)
    assert isnan(row["pace_12"])


def test_the_one_in_the_middle_tells_how_fast_the_line_has_moved() -> None:
    stream = a_stream()
    for n in range(5):
        stream.issued(f"{n}", "bills", "gold", MORNING + n, 0.0)
    for n in range(2):
        stream.called(f"{n}", MORNING + 9)
    row = told(stream, MORNING + 10)
    assert row["middle_scaled"] == 4 * (10 - 3) / 2, "the fourth who came has moved two places in seven minutes"


def test_the_usual_wait_is_longer_on_a_day_that_was_slower_until_now() -> None:
    stream = a_stream()
    for day, waited in ((0, 20), (1, 20), (2, 50)):
        at = MORNING + day * 24 * 60
        stream.issued(f"{day}", "bills", "gold", at, 0.0)
        stream.called(f"{day}", at + waited)
    at = MORNING + 2 * 24 * 60 + 5
    assert told(stream, at)["usual_wait_today"] == pytest.approx(20 * (50 + 30) / (20 + 30))
