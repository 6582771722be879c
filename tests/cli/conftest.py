"""Fixtures: both databases, with the sample halls' plan and a temporary folder in the environment."""

from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import Engine

from hallflow.cli import main
from hallflow.config import load
from hallflow.domain.plan import Plan
from tests.makers import SAMPLES, SECRET


@pytest.fixture
def database(engine: Engine, url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Engine:
    """The database that commands find; beside it the sample halls and a folder of the test's own."""
    given = {"DATA": str(tmp_path), "DATABASE_URL": url, "CONFIG": str(SAMPLES), "SECRET": SECRET}
    for name, value in given.items():
        monkeypatch.setenv(f"HALLFLOW_{name}", value)
    return engine


@pytest.fixture(scope="session")
def plan() -> Plan:
    """The sample city hall."""
    return load(SAMPLES).plans["central"]


def hallflow(*arguments: str) -> tuple[int, str]:
    """Run a command: what it ends with, and what it says."""
    result = CliRunner().invoke(main, arguments)
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.exit_code, result.output
