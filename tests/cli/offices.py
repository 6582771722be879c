"""Helpers that run the command line as an operator does, on a database of their own."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from hallflow.cli import main
from tests.makers import SAMPLES, SECRET


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder for files; the commands find their data and the sample halls beside it."""
    monkeypatch.setenv("HALLFLOW_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("HALLFLOW_CONFIG", str(SAMPLES))
    monkeypatch.setenv("HALLFLOW_SECRET", SECRET)
    return tmp_path


def run(*arguments: str | Path, typed: str | None = None) -> Result:
    return CliRunner().invoke(main, [str(a) for a in arguments], input=typed)


def told(*arguments: str | Path) -> Any:
    """What a command says for programs."""
    done = run(*arguments, "--json")
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)
