"""The output of `hallflow run` is correct."""

import os
import shlex
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import psutil
import pytest
import requests

from hallflow import clock
from tests.cli.offices import office, run
from tests.servers import free_port, wait_until

__all__ = ["office"]
ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    "command", [[str(Path(sys.executable).parent / "hallflow")], [sys.executable, "-m", "hallflow"]]
)
def test_the_command_it_names_can_be_typed(tmp_path: Path, command: list[str]) -> None:
    environment = os.environ | {"HALLFLOW_DATA": str(tmp_path)}
    running = subprocess.Popen(
        [*command, "run", "--demo", "--no-work", "--port", str(free_port())],
        cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        assert running.stdout is not None
        told = next(line for line in running.stdout if "See a hall work" in line)
    finally:
        running.terminate()
        running.communicate(timeout=60)
    program = shlex.split(told.partition(": ")[2])
    assert program[-3:] == ["demo", "--speed", "60"]
    program = [sys.executable if word == "python" else word for word in program[:-2]]
    helped = subprocess.run([*program, "--help"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert helped.returncode == 0
    assert "--speed" in helped.stdout


def test_a_demo_day_goes_on_where_it_was_when_its_server_is_started_again(tmp_path: Path) -> None:
    port = free_port()
    day = {clock.START: "2026-03-04T12:00+08:00", clock.PACE: "600"}
    with subprocess.Popen(
        [sys.executable, "-m", "hallflow", "run", "--demo", "--no-work", "--port", str(port)],
        cwd=ROOT, env=os.environ | {"HALLFLOW_DATA": str(tmp_path)} | day, stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as running:  # fmt: skip
        try:
            before = hall_time(port)
            (server,) = psutil.Process(running.pid).children()
            server.kill()
            psutil.wait_procs([server], timeout=60)
            assert hall_time(port) > before
        finally:
            running.terminate()
            running.communicate(timeout=60)


def test_a_demo_day_that_begins_at_no_moment_is_named(office: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(clock.BEGAN, "0")
    monkeypatch.setenv(clock.START, "yesterday")
    said = run("run", "--no-work")
    assert said.exit_code == 1
    assert said.output.startswith("Error: HALLFLOW_DEMO_START: 'yesterday' is not a moment")


def hall_time(port: int) -> datetime:
    """What time the hall's clock says, as soon as the server answers."""
    said: list[str] = []

    def ask() -> None:
        answer = requests.get(f"http://127.0.0.1:{port}/api/v1/halls/central", timeout=5)
        answer.raise_for_status()
        said.append(answer.json()["at"])

    wait_until(ask, requests.RequestException, 300)
    return datetime.fromisoformat(said[0])
