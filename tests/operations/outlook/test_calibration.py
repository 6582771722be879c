"""Calibration on the hall's own outcomes: in the database as in the formulas."""

import numpy as np
import pytest

from hallflow.domain.waits.current import next_predicted, next_wait
from hallflow.domain.waits.ranges import outward
from hallflow.hall import Hall
from hallflow.house import House
from hallflow.operations.floor import calling, serving
from hallflow.operations.floor.days import begin_day
from hallflow.operations.outlook import calibration
from tests.makers import FakeClock, open_all, take

FORESEEN = [4.0, 6.0, 9.0]
"""What the twin says, whatever happens: it has not learned that services have become slower."""


def draw(house: House, hall: Hall) -> None:
    """A new outlook, as the job keeps it."""
    kept = calibration.calibrated(house, hall)
    foreseen = {"bills": dict.fromkeys(hall.plan.tiers, FORESEEN)}
    ranges = {"foreseen": foreseen, "next": kept.nexts(foreseen), "turns": {"bills": {"standard": 0.0}}, "tickets": {}}
    hall.outlook = {"made_at": hall.clock.now().isoformat(), "ranges": ranges}


def visit(hall: Hall, clock: FakeClock, minutes: float) -> None:
    """A customer waits so long, is served and goes."""
    begin_day(hall)
    open_all(hall)
    take(hall)
    clock.forward(minutes)
    calling.call_next(hall, "1")
    calling.arrived(hall, "1")
    serving.finish(hall, "1")


def live(house: House, hall: Hall, clock: FakeClock, luck: np.random.Generator, n: int, mean: float) -> float:
    """So many customers, each called after a wait by chance; the share called within the range then shown."""
    within = 0
    for _ in range(n):
        draw(house, hall)
        shown = next_wait(hall.floor, hall.plan, hall.outlook, "bills", "standard", clock.now())
        assert shown is not None
        minutes = mean * luck.lognormal(0, 0.4)
        visit(hall, clock, minutes)
        calibration.learn_today(house, hall)
        within += shown.low <= minutes <= shown.high
    return within / n


def test_a_hall_that_becomes_slower_keeps_its_word_again(either_house: House, clock: FakeClock) -> None:
    hall, luck = either_house.hall("central"), np.random.default_rng(4)
    open_all(hall)
    live(either_house, hall, clock, luck, 60, mean=6)
    at_once = live(either_house, hall, clock, luck, 10, mean=13)
    live(either_house, hall, clock, luck, 70, mean=13)
    later = live(either_house, hall, clock, luck, 100, mean=13)
    assert at_once < 0.7
    assert 0.72 <= later <= 0.88


def test_each_call_teaches_once_and_only_the_first_of_a_visit(either_house: House, clock: FakeClock) -> None:
    hall = either_house.hall("central")
    open_all(hall)
    draw(either_house, hall)
    said = next_predicted(hall.floor, hall.plan, hall.outlook, "bills", "gold", clock.now())
    assert said["foreseen"] == (4, 6, 9)
    take(hall)
    serving.walk_in(hall, "2", "bills")
    clock.forward(5)
    calling.call_next(hall, "1")
    calling.requeue(hall, "1")
    clock.forward(5)
    calling.call_next(hall, "1")
    assert calibration.learn_today(either_house, hall) == 1
    assert calibration.learn_today(either_house, hall) == 0
    kept = calibration.calibrated(either_house, hall)
    assert kept.calibration.groups["standard"].count == 1
    assert kept.seq == hall.floor.seq


def test_the_next_day_goes_on_with_what_was_learned(either_house: House, clock: FakeClock) -> None:
    hall = either_house.hall("central")
    open_all(hall)
    draw(either_house, hall)
    visit(hall, clock, 20)
    calibration.learn_today(either_house, hall)
    clock.forward(days=1)
    draw(either_house, hall)
    visit(hall, clock, 20)
    calibration.learn_today(either_house, hall)
    assert calibration.calibrated(either_house, hall).calibration.groups["standard"].count == 2


def test_who_finds_a_free_counter_does_not_make_up_for_those_who_wait(either_house: House, clock: FakeClock) -> None:
    kept = calibration.calibrated(either_house, either_house.hall("central"))
    assert calibration.group("gold", [0.0, 0.0, 0.6]) == "gold/at_once"
    assert [calibration.group("gold", [likely / 2, likely, 2 * likely]) for likely in (4, 12, 31)] == [
        "gold/short", "gold/middle", "gold/long",
    ]  # fmt: skip
    for _ in range(200):
        kept.calibration.update("gold/at_once", 0.0, 0.0, 0.0, 0.0)
    luck = np.random.default_rng(5)
    within = []
    for minutes in 12 * luck.lognormal(0, 0.4, 3000):
        low, likely, high = kept.nexts({"bills": {"gold": [9.0, 12.0, 15.0]}})["bills"]["gold"]
        shown = outward(low, likely, high)
        within.append(shown.low <= minutes <= shown.high)
        kept.calibration.update("gold/middle", 9.0, 12.0, 15.0, minutes)
    assert np.mean(within[100:]) == pytest.approx(0.8, abs=0.03)
