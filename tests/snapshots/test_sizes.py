"""The size of a snapshot stays small for slow connections, however many wait, are parked or missed."""

from datetime import timedelta
from pathlib import Path

import pytest

from hallflow.app import create_app
from hallflow.domain.screens import ScreenSeen
from hallflow.hall import Hall
from hallflow.house import House
from hallflow.live.screens import Holders, draw
from hallflow.operations.floor import calling, serving
from tests.config.plans import a_config, add_language
from tests.makers import WEDNESDAY, FakeClock, a_house, open_all
from tests.snapshots.crowd import crowd

AT_MOST = 8 * 1024
WAITING = 5000


@pytest.fixture(scope="module", params=["two languages", "three languages"])
def full_house(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> House:
    """The city hall with every counter busy, the wall full of calls, and five thousand waiting."""
    folder: Path = tmp_path_factory.mktemp("full")
    config = a_config(folder)
    if request.param == "three languages":
        add_language(config, "fr", "Français")
    clock = FakeClock(WEDNESDAY + timedelta(microseconds=123_456))
    opened = a_house(folder, clock, config=config)
    hall = opened.hall("central")
    open_all(hall)
    crowd(hall, WAITING + 4 * len(hall.plan.counters))
    for _ in range(2):
        for key in hall.plan.counters:
            calling.call_next(hall, key)
            calling.miss(hall, key)
    for key in hall.plan.counters:
        calling.call_next(hall, key)
        calling.arrived(hall, key)
        serving.park(hall, key)
    for key in hall.plan.counters:
        calling.call_next(hall, key)
        calling.recall(hall, key)
    # everything that can be wrong is
    clock.forward(65)
    hall.screens = [ScreenSeen(f"window:{key}", WEDNESDAY, clock.now(), is_on=False) for key in hall.plan.counters]
    clock.forward(3)
    return opened


@pytest.fixture
def full_hall(full_house: House) -> Hall:
    return full_house.hall("central")


@pytest.mark.parametrize("screen", ["wall", "kiosk", "window:1", "dashboard", "console:5", "ticket"])
def test_a_picture_stays_small_at_five_thousand_waiting(full_house: House, full_hall: Hall, screen: str) -> None:
    assert full_hall.floor.waiting_count() == WAITING
    if screen == "ticket":
        screen = "ticket:token-4321"
    if len(full_house.installation.texts.codes) > 2 and screen != "wall":
        # as its page asks for it where the hall speaks more than two; the wall speaks them all
        screen = f"{screen}@fr"
    picture = draw(full_house, Holders(full_house), full_hall, screen)
    if screen.startswith("dashboard"):
        assert len(picture["alerts"]) == 8
    app, _ = create_app(full_house)
    sent = app.json.dumps(picture, separators=(",", ":")).encode()
    assert len(sent) <= AT_MOST, f"{screen} takes {len(sent)} bytes"
