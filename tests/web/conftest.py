"""Fixtures: the real application over a real SQLite file; the clock is the test's."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from hallflow.house import House
from tests.makers import FakeClock, a_house
from tests.web.client import Api


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def house(tmp_path: Path, clock: FakeClock) -> Iterator[House]:
    """The sample halls in demo mode."""
    opened = a_house(tmp_path, clock)
    yield opened
    opened.engine.dispose()


@pytest.fixture
def api(house: House) -> Api:
    return Api(house)
