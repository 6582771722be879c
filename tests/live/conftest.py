"""Fixtures: the real application on a real port, and screens that subscribe as a browser does."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from hallflow.app import create_app
from hallflow.house import House
from tests.live.screen import Screen
from tests.makers import FakeClock, a_house
from tests.served import served


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    opened = a_house(tmp_path, FakeClock())
    yield opened
    opened.engine.dispose()


@pytest.fixture
def app(house: House):
    return create_app(house)[0]


@pytest.fixture
def address(app) -> Iterator[str]:
    with served(app) as url:
        yield url


@pytest.fixture
def screens(address: str) -> Iterator[Callable[..., Screen]]:
    """Opens screens, and closes them all in the end."""
    opened: list[Screen] = []

    def a_screen(**headers: str) -> Screen:
        opened.append(Screen(address, headers))
        return opened[-1]

    yield a_screen
    for screen in opened:
        screen.close()
