"""Fixtures that tests of several rooms share: a clock, databases, halls and houses; each name has one meaning in all tests."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from hallflow.hall import Hall
from hallflow.house import House
from tests import quick
from tests.makers import SAMPLES, FakeClock, a_hall, a_house, an_engine, open_all, sqlite_url

DATABASES = ("sqlite",) if quick.ON else ("sqlite", "postgresql")


@pytest.fixture
def clock() -> FakeClock:
    """Ten in the morning of an ordinary Wednesday, until the test moves it."""
    return FakeClock()


# ---- databases ----


@pytest.fixture(params=DATABASES)
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a database in which nothing is written; a test that asks for it runs once with each kind."""
    if request.param == "sqlite":
        return sqlite_url(tmp_path)
    found: str = request.getfixturevalue("postgres_url")
    return found


@pytest.fixture
def engine(url: str) -> Iterator[Engine]:
    """That database, opened, with today's tables."""
    opened = an_engine(url)
    yield opened
    opened.dispose()


# ---- halls and houses ----


@pytest.fixture
def config(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """The folder of the plan: the sample halls', or a copy changed by what a test gives, indirectly parametrized."""
    change = getattr(request, "param", None)
    return SAMPLES if change is None else change(tmp_path)


@pytest.fixture
def small_hall(engine: Engine, clock: FakeClock) -> Hall:
    """A hall of three counters, all open, on each kind of database."""
    return a_hall(engine, clock=clock)


@pytest.fixture
def house(tmp_path: Path, clock: FakeClock) -> Iterator[House]:
    """The sample halls on SQLite, not in demo mode: they open and close."""
    opened = a_house(tmp_path, clock, demo=False)
    yield opened
    opened.engine.dispose()


@pytest.fixture
def hall(house: House) -> Hall:
    """The city hall of `house`, every counter open."""
    return _opened(house)


@pytest.fixture
def demo_house(tmp_path: Path, clock: FakeClock, config: Path) -> Iterator[House]:
    """The sample halls on SQLite in demo mode: open day and night, with the demo's PINs."""
    opened = a_house(tmp_path, clock, config=config)
    yield opened
    opened.engine.dispose()


@pytest.fixture
def demo_hall(demo_house: House) -> Hall:
    """The city hall of `demo_house`, every counter open."""
    return _opened(demo_house)


@pytest.fixture
def either_house(tmp_path: Path, clock: FakeClock, url: str) -> Iterator[House]:
    """Like `demo_house`, on each kind of database."""
    opened = a_house(tmp_path, clock, url)
    yield opened
    opened.engine.dispose()


def _opened(house: House) -> Hall:
    found = house.hall("central")
    open_all(found)
    return found


# ---- less work, where its result is not what a test asks ----


@pytest.fixture
def few_plays(monkeypatch: pytest.MonkeyPatch) -> None:
    """A day's requirement is found by three replications for each plan."""
    from hallflow.foresight.staffing import required

    for name in ("FEWEST", "MOST"):
        monkeypatch.setattr(required, name, 3)
