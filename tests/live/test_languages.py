"""Screens of a hall with three languages: each gets its own and one more, and can switch on one connection."""

from pathlib import Path

import pytest

from hallflow.hall import Hall
from hallflow.operations.floor import calling
from tests.config.plans import a_config, add_language
from tests.makers import take


def in_three_languages(folder: Path) -> Path:
    plan = a_config(folder)
    add_language(plan, "fr", "Français")
    return plan


pytestmark = pytest.mark.parametrize("config", [in_three_languages], indirect=True)


def test_a_screen_that_names_its_language_gets_it_and_the_first_other(screens) -> None:
    assert screens().watch("wall")["hall_name"].keys() == {"zh", "en", "fr"}
    assert screens().watch("wall", language="fr")["hall_name"].keys() == {"zh", "fr"}
    assert screens().watch("wall", language="zh")["hall_name"].keys() == {"zh", "en"}
    # what the hall does not speak is as good as nothing said
    assert screens().watch("wall", language="pt")["hall_name"].keys() == {"zh", "en", "fr"}


def test_it_goes_on_in_one_language_when_it_has_changed(demo_hall: Hall, screens) -> None:
    screen, other = screens(), screens()
    screen.watch("wall", language="fr", device="the wall by the door")
    other.watch("wall", language="en")
    screen.watch("wall", language="en", device="the wall by the door")
    take(demo_hall)
    calling.call_next(demo_hall, "1")
    assert screen.see(demo_hall.floor.seq)["calling"][0]["counter_name"].keys() == {"zh", "en"}
    assert other.see(demo_hall.floor.seq) == screen.see(demo_hall.floor.seq)
    assert all(picture["hall_name"].keys() == {"zh", "en"} for picture in screen.pictures)
