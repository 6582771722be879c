"""Supervision of processes: a failure at the first start ends the installation, a later one leads to restarts."""

import sys
import threading
import time
from pathlib import Path

from hallflow.cli.minding import Child, Minder

# ends at its second and third start, as a server does whose port or database is not there yet
STUMBLES = """
import pathlib, sys, time
starts = pathlib.Path(sys.argv[1])
starts.write_text(starts.read_text() + "x" if starts.exists() else "x")
if len(starts.read_text()) in (2, 3):
    sys.exit(7)
time.sleep(60)
"""
# ends itself at its first start as a stranger would: nothing about it says that it cannot start
KILLED = """
import os, pathlib, signal, sys, time
starts = pathlib.Path(sys.argv[1])
starts.write_text(starts.read_text() + "x" if starts.exists() else "x")
if starts.read_text() == "x":
    os.kill(os.getpid(), signal.SIGKILL)
time.sleep(60)
"""


def test_what_cannot_begin_ends_the_installation() -> None:
    assert Minder([Child("server", [sys.executable, "-c", "raise SystemExit(7)"])]).until_over() == 7


def test_what_is_killed_as_it_begins_is_started_again(tmp_path: Path) -> None:
    starts = tmp_path / "starts"
    minder = Minder([Child("server", [sys.executable, "-c", KILLED, str(starts)])])

    def stop_once_it_is_back() -> None:
        wait_for(starts, "xx")
        minder._stop.set()

    stopping = threading.Thread(target=stop_once_it_is_back)
    stopping.start()
    assert minder.until_over() == 0
    stopping.join()
    assert starts.read_text() == "xx"


def test_what_has_begun_is_started_again_until_it_can(tmp_path: Path) -> None:
    starts = tmp_path / "starts"
    minder = Minder([Child("server", [sys.executable, "-c", STUMBLES, str(starts)])])

    def kill_and_stop() -> None:
        wait_for(starts, "x")
        # long enough ago for a server that serves
        minder.children[0].began -= 60
        minder.children[0].process.kill()
        wait_for(starts, "xxxx")
        minder._stop.set()

    killing = threading.Thread(target=kill_and_stop)
    killing.start()
    assert minder.until_over() == 0
    killing.join()
    assert starts.read_text() == "xxxx"


def wait_for(file: Path, text: str, seconds: float = 60) -> None:
    until = time.monotonic() + seconds
    while not (file.exists() and file.read_text() == text):
        assert time.monotonic() < until
        time.sleep(0.05)
