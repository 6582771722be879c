"""The real servers and the browser of a test run (PostgreSQL, Valkey, Chromium), and a clear notice of what was skipped.

`make quick` goes without this plugin.
"""

import os
from collections import Counter
from collections.abc import Callable

import pytest

from tests import chromium, servers
from tests.chromium import browser, page_at
from tests.modules import modules
from tests.servers import postgres_server, postgres_url, valkey_server, valkey_url

__all__ = ["browser", "modules", "page_at", "postgres_server", "postgres_url", "valkey_server", "valkey_url"]


def pytest_configure(config: pytest.Config) -> None:
    if is_worker(config):
        return
    unknown = servers.required() - set(servers.PARTS)
    if unknown:
        raise pytest.UsageError(f"HALLFLOW_REQUIRE knows {', '.join(servers.PARTS)}; not {', '.join(sorted(unknown))}")
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
