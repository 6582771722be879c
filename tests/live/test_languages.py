"""Screens of a hall with three languages: each gets its own and one more, and can switch on one connection."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from hallflow.house import House
from hallflow.operations.floor import calling
from tests.config.plans import a_plan, add_language
from tests.makers import FakeClock, a_house, open_all, take


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    plan = a_plan(tmp_path)
    add_language(plan, "fr", "Français")
    opened = a_house(tmp_path, FakeClock(), config=plan)
    open_all(opened.hall("central"))
    yield opened
    opened.engine.dispose()


def test_a_screen_that_names_its_language_gets_it_and_the_first_other(screens) -> None:
    assert screens().watch("wall")["hall_name"].keys() == {"zh", "en", "fr"}
    assert screens().watch("wall", language="fr")["hall_name"].keys() == {"zh", "fr"}
    assert screens().watch("wall", language="zh")["hall_name"].keys() == {"zh", "en"}
    # what the hall does not speak is as good as nothing said
    assert screens().watch("wall", language="pt")["hall_name"].keys() == {"zh", "en", "fr"}


def test_it_goes_on_in_one_language_when_it_has_changed(screens, house: House) -> None:
    hall, screen, other = house.hall("central"), screens(), screens()
    screen.watch("wall", language="fr", device="the wall by the door")
    other.watch("wall", language="en")
    screen.watch("wall", language="en", device="the wall by the door")
    take(hall)
    calling.call_next(hall, "1")
    assert screen.see(hall.floor.seq)["calling"][0]["counter_name"].keys() == {"zh", "en"}
    assert other.see(hall.floor.seq) == screen.see(hall.floor.seq)
    assert all(picture["hall_name"].keys() == {"zh", "en"} for picture in screen.pictures)
