"""The features of a new ticket match their names."""

from math import isnan

import pytest

from hallflow.foresight.waits.features import NAMES, features
from hallflow.foresight.waits.stream import DAY, Stream
from tests.foresight.waits.test_stream import MORNING, a_stream


def told(stream: Stream, at: float, **more: tuple[float, float, float]) -> dict[str, float]:
    row = features(stream, 1, 2, 3, ("bills", "gold"), at, **more)
    assert tuple(row) == NAMES, "the same columns in the same order, whatever is known"
    return row


def test_a_hall_nobody_knows_is_told_as_not_known() -> None:
    row = told(a_stream(), MORNING)
    assert (row["hall"], row["service"], row["tier"], row["minute_of_day"]) == (1, 2, 3, 9 * 60)
    assert (row["ahead"], row["typical"], row["les"], row["calls_60"], row["open"]) == (0, 0, 0, 0, 1)
    for name in (
        "since_call",
        "last_any",
        "recent_mean",
        "open_seen",
        "waiting_seen",
        "usual_each",
        "today_each",
        "twin_low",
    ):
        assert isnan(row[name]), name


def test_people_calls_and_waits_are_counted_by_queue_hall_and_tier() -> None:
    stream = a_stream()
    for n, (service, tier) in enumerate((("bills", "gold"), ("bills", "standard"), ("sim", "gold"), ("bills", "gold"))):
        stream.issued(f"{n}", service, tier, MORNING + n, 0.0)
    stream.called("0", MORNING + 6, "1")
    row = told(stream, MORNING + 10)
    assert (row["ahead"], row["ahead_tier"]) == (2, 1)
    assert (row["in_hall"], row["in_hall_tier"], row["in_hall_other_tiers"]) == (3, 2, 1)
    assert (row["head_waits"], row["hall_head_waits"], row["sum_waited"], row["mean_waited"]) == (9, 9, 9 + 7, 8)
    assert (row["calls_5"], row["calls_15"], row["arrivals_15"], row["hall_arrivals_15"]) == (1, 1, 3, 4)
    assert (row["since_call"], row["last_any"], row["les"], row["tier_calls_15"]) == (4, 6, 6, 1)
    assert (row["active"], row["serving"], row["idle"], row["serving_for"]) == (1, 1, 0, 4)
    assert row["les_scaled"] == 3 * 6, "three places, as long as the one before had for one"
    assert row["today_each"] == row["today_each_median"] == 3 * 6


def test_readings_are_told_with_their_age_and_how_they_moved() -> None:
    stream = a_stream()
    stream.opened("bills", MORNING, 2, 5.0)
    stream.opened("bills", MORNING + 31, 4, 9.0)
    stream.issued("0", "bills", "gold", MORNING + 32, 0.0)
    row = told(stream, MORNING + 33)
    assert (row["open_seen"], row["waiting_seen"], row["seen_ago"], row["waiting_off"]) == (4, 9, 2, 1 - 9)
    assert (row["open_moved_15"], row["open_moved_30"], row["waiting_moved_30"]) == (2, 2, 4)
    assert isnan(row["open_moved_60"])


def test_what_is_usual_is_of_the_days_before() -> None:
    stream = a_stream()
    for n in range(4):
        stream.issued(f"{n}", "bills", "gold", MORNING + n, 0.0)
    for n in range(4):
        stream.called(f"{n}", MORNING + 5 * (n + 1))
    assert told(stream, MORNING + 25)["usual_came"] == 0
    row = told(stream, MORNING + 25)
    stream.turn_to(MORNING + DAY, 0.0)
    row = told(stream, MORNING + DAY)
    waited = sum(5 * (n + 1) - n for n in range(4))
    assert (row["usual_came"], row["usual_calls_0"], row["usual_wait"]) == (4, 4, waited / 4)
    assert row["usual_each"] == row["usual_each_now"] == pytest.approx(waited / (1 + 2 + 3 + 4))


def test_the_twins_word_is_told_as_it_is() -> None:
    row = told(a_stream(), MORNING, twin=(3.0, 6.0, 11.0))
    assert (row["twin_low"], row["twin_likely"], row["twin_high"]) == (3, 6, 11)
