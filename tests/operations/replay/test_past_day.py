"""The replay of a past day: the exact state at every moment, without any effect on the live hall."""

import random
from datetime import timedelta

import pytest

from hallflow.domain.floor import Floor
from hallflow.domain.refusals import Unknown
from hallflow.hall import Hall
from hallflow.operations.replay.past_day import STRETCH, LoggedDay, Reel, Replays
from tests.makers import FakeClock, log_of
from tests.played import next_day, play


def lived(hall: Hall, clock: FakeClock, steps: int, seed: int) -> list[Floor]:
    """Floors of a lively day, one after each stretch of it."""
    floors = []
    for part in range(steps):
        play(hall, clock, steps=10, seed=seed + part)
        floors.append(hall.floor)
    return floors


def the_day(hall: Hall) -> LoggedDay:
    return Replays().days(hall)[-1]


def test_every_moment_of_a_day_is_the_floor_of_that_moment_in_any_order(small_hall: Hall, clock: FakeClock) -> None:
    floors = lived(small_hall, clock, 25, 3)
    assert small_hall.floor.seq > 2 * STRETCH
    reel = Reel(small_hall.key, the_day(small_hall))
    random.Random(1).shuffle(floors)
    with small_hall.reading() as connection:
        for floor in floors:
            assert floor.moment is not None
            assert reel.floor_at(connection, floor.moment) == floor


def test_a_day_that_is_over_is_kept_apart_from_the_next(small_hall: Hall, clock: FakeClock) -> None:
    yesterday = lived(small_hall, clock, 4, 5)
    next_day(small_hall, clock)
    play(small_hall, clock, seed=8)
    replays = Replays()
    first, second = replays.days(small_hall)
    assert (first.last + 1, second.day) == (second.first, first.day + timedelta(days=1))
    seq = small_hall.floor.seq
    with small_hall.reading() as connection:
        for floor in yesterday:
            assert floor.moment is not None
            assert Reel(small_hall.key, first).floor_at(connection, floor.moment) == floor
        begins, ends = replays.hours(connection, small_hall, first)
    assert (begins, ends) == (log_of(small_hall)[first.first].at, yesterday[-1].moment)
    assert small_hall.floor.seq == seq


def test_today_goes_on_while_it_is_watched(small_hall: Hall, clock: FakeClock) -> None:
    replays = Replays()
    play(small_hall, clock, seed=1)
    day = replays.days(small_hall)[-1]
    reel = Reel(small_hall.key, day)
    with small_hall.reading() as connection:
        assert reel.floor_at(connection, clock.now()) == small_hall.floor
    play(small_hall, clock, seed=2)
    assert replays.days(small_hall)[-1] == day
    with small_hall.reading() as connection:
        assert reel.floor_at(connection, clock.now()) == small_hall.floor


def test_a_day_that_the_log_does_not_have_is_refused(small_hall: Hall, clock: FakeClock) -> None:
    play(small_hall, clock, seed=1)
    with pytest.raises(Unknown, match="replay_no_day"):
        Replays().day(small_hall, small_hall.floor.day + timedelta(days=1))
