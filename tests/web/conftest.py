"""Fixtures: the real application over a real SQLite file; the clock is the test's."""

import pytest

from hallflow.house import House
from tests.web.client import Api


@pytest.fixture
def api(demo_house: House) -> Api:
    return Api(demo_house)
