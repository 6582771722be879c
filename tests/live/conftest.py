"""Fixtures: the real application on a real port, and screens that subscribe as a browser does."""

from collections.abc import Callable, Iterator

import pytest

from hallflow.app import create_app
from hallflow.house import House
from tests.live.screen import Screen
from tests.served import served


@pytest.fixture
def app(demo_house: House):
    return create_app(demo_house)[0]


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
