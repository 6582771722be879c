"""A house whose clock runs fast, and its address: what a made-up day is played against."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from hallflow.app import create_app
from hallflow.clock import PacedClock
from hallflow.house import House
from tests.makers import WEDNESDAY, a_house
from tests.served import served

SPEED = 240


@pytest.fixture
def paced_house(tmp_path: Path) -> House:
    """The sample halls on a clock that plays four minutes a second from ten in the morning."""
    return a_house(tmp_path, PacedClock(WEDNESDAY, SPEED, time.time()))  # type: ignore[arg-type]


@pytest.fixture
def paced_address(paced_house: House) -> Iterator[str]:
    """Where `paced_house` answers."""
    with served(create_app(paced_house)[0]) as url:
        yield url
    paced_house.engine.dispose()
