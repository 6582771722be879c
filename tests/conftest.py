"""Fixtures of all tests: real servers, reproducible random tests, and a clear notice of what was skipped."""

import os
import signal
from collections import Counter
from collections.abc import Callable
from types import FrameType

import pytest
from hypothesis import HealthCheck, settings

from tests import chromium, servers
from tests.chromium import browser, page_at
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
from tests.modules import modules
from tests.servers import postgres_server, postgres_url, valkey_server, valkey_url

__all__ = [
    "browser", "clock", "config", "demo_hall", "demo_house", "either_house", "engine", "few_plays", "hall", "house", "modules", "page_at",
    "postgres_server", "postgres_url", "small_hall", "url", "valkey_server", "valkey_url",
]  # fmt: skip

# how fast a machine is says nothing about the code
settings.register_profile("default", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile(
    "ci", deadline=None, derandomize=True, database=None, print_blob=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("thorough", deadline=None, max_examples=2000, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))


def pytest_configure(config: pytest.Config) -> None:
    # a script starts what runs beside it deaf to Ctrl-C, which what the tests start would be as well
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    if is_worker(config):
        return
    unknown = servers.required() - set(servers.PARTS)
    if unknown:
        raise pytest.UsageError(f"HALLFLOW_REQUIRE knows {', '.join(servers.PARTS)}; not {', '.join(sorted(unknown))}")
    # the settings of this machine's own hall are not the tests'
    for name in [name for name in os.environ if name.startswith("HALLFLOW_")]:
        if name != "HALLFLOW_REQUIRE" and not name.startswith("HALLFLOW_TEST_"):
            del os.environ[name]
    signal.signal(signal.SIGTERM, interrupt)
    servers.open_session()


def pytest_unconfigure(config: pytest.Config) -> None:
    if not is_worker(config) and servers.FOLDER in os.environ:
        servers.end_session(servers.session_folder())


def pytest_report_header() -> list[str]:
    return [
        described("postgresql", "HALLFLOW_TEST_DATABASE_URL", servers.find_postgres),
        described("valkey", "HALLFLOW_TEST_REDIS_URL", servers.find_valkey),
        described("chromium", None, lambda: chromium.find_chromium().program),
    ]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """One server that all processes share is used by one test at a time."""
    if os.environ.get("HALLFLOW_TEST_REDIS_URL"):
        for item in items:
            if "valkey_url" in getattr(item, "fixturenames", ()):
                item.add_marker(pytest.mark.xdist_group("valkey"))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    left_out = Counter(
        report.longrepr[2].partition(servers.LEFT_OUT)[2].strip()
        for report in terminalreporter.stats.get("skipped", ())
        if isinstance(report.longrepr, tuple) and servers.LEFT_OUT in report.longrepr[2]
    )
    if left_out:
        terminalreporter.section("NOT EVERYTHING WAS TESTED", sep="!", red=True, bold=True)
        for why, tests in left_out.items():
            terminalreporter.line(f"{tests} tests left out, {why}", red=True, bold=True)


def described(part: str, variable: str | None, find: Callable[[], object]) -> str:
    if variable and os.environ.get(variable):
        return f"{part}: named by {variable}"
    try:
        return f"{part}: {find()}"
    except servers.Missing as why:
        return f"{part}: MISSING, its tests will be left out: {why}"


def is_worker(config: pytest.Config) -> bool:
    return hasattr(config, "workerinput")


def interrupt(_signal: int, _frame: FrameType | None) -> None:
    """End like on Ctrl-C, so that the servers end too."""
    raise KeyboardInterrupt
