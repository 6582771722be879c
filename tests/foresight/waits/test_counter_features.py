"""The features of counters and tiers match their names."""

from math import isnan

from hallflow.foresight.waits.counter_features import NAMES, counter_features
from tests.foresight.waits.test_stream import MORNING, a_stream


def told(stream, tier, at):
    row = counter_features(stream, tier, at)
    assert tuple(row) == NAMES
    return row


def test_a_hall_that_has_ended_no_service_tells_of_none() -> None:
    row = told(a_stream(), "gold", MORNING)
    assert isnan(row["served_minutes"])
    assert isnan(row["hall_drain"])
    assert (row["better_in_hall"], row["tier_head_waits"]) == (0, 0)


def test_the_crowd_drains_at_the_minutes_of_the_last_services_and_better_tiers_stand_before() -> None:
    stream = a_stream()
    for n in range(6):
        stream.issued(f"s{n}", "bills", "standard" if n % 2 else "gold", MORNING, 0.0)
        stream.called(f"s{n}", MORNING + (9 if n % 2 else 2), "1")
        stream.ended(f"s{n}", MORNING + (9 if n % 2 else 2) + 6)
    for n, tier in enumerate(("gold", "standard", "gold", "gold")):
        stream.issued(f"w{n}", "sim", tier, MORNING + 16 + n, 0.0)
    row = told(stream, "standard", MORNING + 22)
    assert row["served_minutes"] == 6
    assert row["hall_drain"] == 5 * 6
    assert (row["better_in_hall"], row["tier_drain"]) == (3, 5 * 6)
    assert (row["tier_recent"], row["tier_head_waits"]) == (9, 5)
    row = told(stream, "gold", MORNING + 22)
    assert (row["better_in_hall"], row["tier_drain"], row["tier_recent"]) == (0, 4 * 6, 2)


def test_services_that_ended_are_counted_and_only_those_who_will_be_gone_stand_before() -> None:
    stream = a_stream()
    for n in range(3):
        stream.issued(f"{n}", "bills", "gold", MORNING + n, 0.0)
    for n, ended in enumerate((4, 12, 17)):
        stream.called(f"{n}", MORNING + 3, f"{n}")
        stream.ended(f"{n}", MORNING + ended)
    stream.issued("waits", "bills", "gold", MORNING + 18, 0.0)
    row = told(stream, "standard", MORNING + 20)
    assert (row["ends_5"], row["ends_15"], row["since_end"]) == (1, 2, 3)
    assert (row["places_before"], row["overtaken_by"]) == (1, 0)
