"""Fixtures: a hall on either database; each test runs on both."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from hallflow.hall import Hall
from tests.makers import FakeClock, a_hall, an_engine, sqlite_url


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """A database with today's tables and nothing in them."""
    url = sqlite_url(tmp_path) if request.param == "sqlite" else request.getfixturevalue("postgres_url")
    opened = an_engine(url)
    yield opened
    opened.dispose()


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def hall(engine: Engine, clock: FakeClock) -> Hall:
    """A hall on a Wednesday morning, its three counters open."""
    return a_hall(engine, clock=clock)
