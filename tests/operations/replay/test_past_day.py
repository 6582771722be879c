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


def test_every_moment_of_a_day_is_the_floor_of_that_moment_in_any_order(hall: Hall, clock: FakeClock) -> None:
    floors = lived(hall, clock, 25, 3)
    assert hall.floor.seq > 2 * STRETCH
    reel = Reel(hall.key, the_day(hall))
    random.Random(1).shuffle(floors)
    with hall.reading() as connection:
        for floor in floors:
            assert floor.moment is not None
            assert reel.floor_at(connection, floor.moment) == floor


def test_a_day_that_is_over_is_kept_apart_from_the_next(hall: Hall, clock: FakeClock) -> None:
    yesterday = lived(hall, clock, 4, 5)
    next_day(hall, clock)
    play(hall, clock, seed=8)
    replays = Replays()
    first, second = replays.days(hall)
    assert (first.last + 1, second.day) == (second.first, first.day + timedelta(days=1))
    seq = hall.floor.seq
    with hall.reading() as connection:
        for floor in yesterday:
            assert floor.moment is not None
            assert Reel(hall.key, first).floor_at(connection, floor.moment) == floor
        begins, ends = replays.hours(connection, hall, first)
    assert (begins, ends) == (log_of(hall)[first.first].at, yesterday[-1].moment)
    assert hall.floor.seq == seq


def test_today_goes_on_while_it_is_watched(hall: Hall, clock: FakeClock) -> None:
    replays = Replays()
    play(hall, clock, seed=1)
    day = replays.days(hall)[-1]
    reel = Reel(hall.key, day)
    with hall.reading() as connection:
        assert reel.floor_at(connection, clock.now()) == hall.floor
    play(hall, clock, seed=2)
    assert replays.days(hall)[-1] == day
    with hall.reading() as connection:
        assert reel.floor_at(connection, clock.now()) == hall.floor


def test_a_day_that_the_log_does_not_have_is_refused(hall: Hall, clock: FakeClock) -> None:
    play(hall, clock, seed=1)
    with pytest.raises(Unknown, match="replay_no_day"):
        Replays().day(hall, hall.floor.day + timedelta(days=1))
