"""`hallflow demo`: it starts halls of its own, reports however it is ended, and ends what it started."""

import json
import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
import requests

from hallflow.cli.demo import _ending_well
from tests.cli.offices import run
from tests.makers import SAMPLES
from tests.servers import free_port


def test_it_says_why_it_cannot_be_played(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    nobody = run("demo", "--url", f"http://127.0.0.1:{free_port()}")
    assert nobody.exit_code == 1
    assert "no contact" in nobody.output
    assert run("demo", "--from", "25:00").exit_code == 2
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    moon = run("demo", "--hall", "moon")
    assert (moon.exit_code, moon.output) == (1, "Error: there is no hall 'moon'; the plan has central, county\n")
    assert not list(tmp_path.glob("hallflow-demo-*"))


@pytest.mark.slow
def test_the_command_starts_its_own_halls_and_ends_what_it_started(tmp_path: Path) -> None:
    port = free_port()
    done = subprocess.run(
        [*COMMAND, "--speed", "600", "--minutes", "45", "--hall", "county", "--port", str(port), "--json"],
        env=environment(tmp_path),
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    said = json.loads(done.stdout)
    assert said["clean"]
    assert said["issued"] > 0
    with pytest.raises(requests.ConnectionError):
        requests.get(f"http://127.0.0.1:{port}/healthz", timeout=2)
    assert not list(tmp_path.glob("hallflow-demo-*"))


def test_told_to_end_it_ends_as_on_ctrl_c() -> None:
    before = signal.getsignal(signal.SIGTERM)
    with pytest.raises(KeyboardInterrupt), _ending_well():
        signal.raise_signal(signal.SIGTERM)
    assert signal.getsignal(signal.SIGTERM) == before


@pytest.mark.slow
def test_stopped_in_the_middle_it_still_sums_up_and_ends_its_server(tmp_path: Path) -> None:
    port = free_port()
    arguments = [*COMMAND, "--speed", "120", "--hall", "county", "--port", str(port)]
    with subprocess.Popen(arguments, env=environment(tmp_path), stdout=subprocess.PIPE, text=True) as demo:
        assert demo.stdout is not None
        for line in demo.stdout:
            if "waiting" in line:
                break
        demo.send_signal(signal.SIGINT)
        rest = demo.stdout.read()
        assert demo.wait(120) == 0, rest
    assert "Stopped." in rest
    assert "0 numbers given twice" in rest
    with pytest.raises(requests.ConnectionError):
        requests.get(f"http://127.0.0.1:{port}/healthz", timeout=2)
    assert not list(tmp_path.glob("hallflow-demo-*"))


COMMAND = (sys.executable, "-m", "hallflow", "demo")


def environment(folder: Path) -> dict[str, str]:
    return os.environ | {"HALLFLOW_CONFIG": str(SAMPLES), "TMPDIR": str(folder), "PYTHONUNBUFFERED": "1"}
