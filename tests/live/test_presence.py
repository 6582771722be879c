"""A disconnected screen or kiosk raises an alert, whichever server it was connected to."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from hallflow.app import create_app
from hallflow.house import House
from hallflow.live import Presence
from hallflow.storage.records import screens as kept
from hallflow.storage.tables import screens as table
from tests.live.screen import PATIENCE_SECONDS, Screen
from tests.makers import FakeClock, a_house, take
from tests.web.client import Api

HALL = "central"


@pytest.fixture
def second_house(demo_house: House, clock: FakeClock, tmp_path: Path) -> House:
    """Another process on the same database."""
    opened = a_house(tmp_path, clock)
    yield opened
    opened.engine.dispose()


def by_hand(house: House) -> Presence:
    """A server's screens, written down only when the test says so."""
    presence = Presence(house)
    presence.stop()
    return presence


def on_line(house: House) -> list[str]:
    """What is connected now, as the database has it."""
    with house.engine.connect() as connection:
        return [one.screen for one in kept.seen(connection, HALL, house.clock.now()) if one.is_on]


def _row(house: House) -> Any:
    with house.engine.connect() as connection:
        return connection.execute(table.select()).one()


def until(house: House, *names: str) -> None:
    """Wait until just these are written down as connected."""
    end = time.monotonic() + PATIENCE_SECONDS
    while sorted(on_line(house)) != sorted(names) and time.monotonic() < end:
        time.sleep(0.02)
    assert sorted(on_line(house)) == sorted(names)


def told(house: House) -> list[str]:
    """What the manager is told of screens, asked of this process."""
    picture = Api(house, create_app(house)[0]).as_manager().get(f"/halls/{HALL}/floor").json
    return [alert["text"]["en"] for alert in picture["alerts"] if alert["kind"] == "screen"]


def test_a_silent_kiosk_is_told_by_every_process_and_forgotten_when_it_is_back(
    screens: Callable[..., Screen], demo_house: House, second_house: House, clock: FakeClock
) -> None:
    kiosk = screens()
    kiosk.watch("kiosk", device="a1")
    until(demo_house, "kiosk")
    clock.forward(40)
    kiosk.close()
    gone = time.monotonic() + PATIENCE_SECONDS
    while _row(demo_house).connected and time.monotonic() < gone:
        time.sleep(0.02)
    clock.forward(1)
    assert told(demo_house) == told(second_house) == []
    clock.forward(1)
    silent = ["A kiosk was last heard of at 10:40: look at power and network"]
    assert told(demo_house) == told(second_house) == silent
    back = screens()
    back.watch("kiosk", device="a1")
    until(demo_house, "kiosk")
    assert told(demo_house) == told(second_house) == []


def test_the_other_process_may_be_the_one_that_hears_it_again(
    demo_house: House, second_house: House, clock: FakeClock
) -> None:
    here, there = by_hand(demo_house), by_hand(second_house)
    first = here.came(HALL, "kiosk", "a1")
    here.write()
    clock.forward(40)
    second = there.came(HALL, "kiosk", "a1")
    there.write()
    here.went([first])
    here.write()
    clock.forward(1)
    there.write(beat=True)
    assert on_line(demo_house) == on_line(second_house) == ["kiosk"], "a farewell that comes late takes nothing back"
    there.went([second])
    there.write()
    assert on_line(demo_house) == on_line(second_house) == []


def test_the_screens_of_a_process_that_died_are_silent_too(
    demo_house: House, second_house: House, clock: FakeClock
) -> None:
    here = by_hand(demo_house)
    here.came(HALL, "wall", "b2")
    here.write()
    for _ in range(40):
        clock.forward(1)
        here.write(beat=True)
    assert told(second_house) == []
    # no farewell, and no beat any more
    clock.forward(2)
    assert told(second_house) == []
    clock.forward(1)
    assert told(second_house) == ["A wall screen was last heard of at 10:40: look at power and network"]


def test_two_windows_of_one_browser_are_one_screen_until_both_have_gone(demo_house: House) -> None:
    here = by_hand(demo_house)
    lines = [here.came(HALL, "window:3", "c3") for _ in range(2)]
    here.went(lines[:1])
    here.write()
    assert on_line(demo_house) == ["window:3"]
    here.went(lines[1:])
    here.write()
    assert on_line(demo_house) == []


@pytest.mark.parametrize("screen", ["ticket:some-token", "console:1", "dashboard"])
def test_phones_and_the_pages_of_the_staff_come_and_go_as_they_like(demo_house: House, screen: str) -> None:
    assert by_hand(demo_house).came(HALL, screen, "a1") is None


@pytest.mark.parametrize("device", [None, 5, "", "x" * 33, "a b", "<b>", "名", {"a": 1}])
def test_a_browser_without_a_proper_name_is_still_a_screen(demo_house: House, device: Any) -> None:
    here = by_hand(demo_house)
    line = here.came(HALL, "wall", device)
    assert line is not None
    assert line.device == ""


def test_nobody_fills_the_table_with_screens_that_are_none(demo_house: House) -> None:
    here = by_hand(demo_house)
    noted = [here.came(HALL, "kiosk", f"d{n}") for n in range(300)]
    assert sum(line is not None for line in noted) == 200


def test_a_hall_without_screens_writes_nothing(demo_house: House) -> None:
    here = by_hand(demo_house)
    with demo_house.engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE screens")
    here.write(beat=True)


def test_the_manager_who_looks_is_told_at_once(screens: Callable[..., Screen], app: Any, demo_house: House) -> None:
    take(demo_house.hall(HALL))
    manager, kiosk = screens(), screens()
    token = Api(demo_house, app).post("/session", {"hall": HALL, "pin": "9999"}).json["token"]
    manager.watch("dashboard", token=token)
    kiosk.watch("kiosk", device="a1")
    until(demo_house, "kiosk")
    end = time.monotonic() + PATIENCE_SECONDS
    while not demo_house.hall(HALL).screens and time.monotonic() < end:
        time.sleep(0.02)
    assert [one.screen for one in demo_house.hall(HALL).screens] == ["kiosk"]
