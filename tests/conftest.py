"""Shared by all tests: fixtures, reproducible random tests, and an environment without this machine's own settings."""

import os
import signal
from types import FrameType

import pytest
from hypothesis import HealthCheck, settings

from tests import quick
from tests.fixtures import (
    clock,
    config,
    demo_hall,
    demo_house,
    either_house,
    engine,
    few_plays,
    hall,
    house,
    small_hall,
    url,
)

__all__ = [
    "clock", "config", "demo_hall", "demo_house", "either_house", "engine", "few_plays", "hall", "house", "small_hall", "url",
]  # fmt: skip

pytest_plugins = [] if quick.ON else ["tests.real_parts"]

# how fast a machine is says nothing about the code
settings.register_profile("default", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile(
    "ci", deadline=None, derandomize=True, database=None, print_blob=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("thorough", deadline=None, max_examples=2000, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))


@pytest.fixture(scope="session", autouse=True)
def nothing_starts() -> None:
    """In `make quick` no test begins a process or opens a port."""
    if quick.ON:
        quick.hold()


def pytest_configure(config: pytest.Config) -> None:
    # a script starts what runs beside it deaf to Ctrl-C, which what the tests start would be as well
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    if hasattr(config, "workerinput"):
        return
    # the settings of this machine's own hall are not the tests'
    for name in [name for name in os.environ if name.startswith("HALLFLOW_")]:
        if name != "HALLFLOW_REQUIRE" and not name.startswith("HALLFLOW_TEST_"):
            del os.environ[name]
    signal.signal(signal.SIGTERM, interrupt)


def interrupt(_signal: int, _frame: FrameType | None) -> None:
    """End like on Ctrl-C, so that the servers end too."""
    raise KeyboardInterrupt
