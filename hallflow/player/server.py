"""The demo's own server process: `hallflow run --demo` in a temporary folder, with an accelerated clock."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path

import requests
from structlog.testing import capture_logs

from hallflow import clock as clocks
from hallflow.app import open_house
from hallflow.clock import monotonic
from hallflow.config import load
from hallflow.domain.plan import Plan
from hallflow.jobs.tasks import TASKS, run
from hallflow.player.demo_history import ensure_demo_history
from hallflow.player.hall_day import CannotPlay
from hallflow.settings import Settings
from hallflow.storage.database.engine import open_engine
from hallflow.storage.upgrade import upgrade

USUAL_PORT = 8080
START_SECONDS = 90
LEAD_SECONDS = 4
"""Real seconds from the server's start to the start of the simulation."""
NOT_INHERITED = ("HALLFLOW_DATABASE_URL", "HALLFLOW_REDIS_URL", "HALLFLOW_SECRET", clocks.BEGAN)


class OwnServer:
    """A server started for one demo."""

    def __init__(self, hall: str, first: tuple[int, int], speed: float, port: int | None) -> None:
        env = {name: value for name, value in os.environ.items() if name not in NOT_INHERITED}
        # invalid arguments are found before anything is created
        plans = load(Settings.from_env(env).config, demo=True).plans
        self.begins = _next_open_day(plans, hall, first)
        """When the simulation begins, by the hall's clock."""
        self.port = port or _free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.folder = Path(tempfile.mkdtemp(prefix="hallflow-demo-"))
        self._process: subprocess.Popen[bytes] | None = None
        self._opens = self.begins - timedelta(seconds=LEAD_SECONDS * speed)
        self._env = env | {
            "HALLFLOW_DATA": str(self.folder),
            "HALLFLOW_HOST": "127.0.0.1",
            "HALLFLOW_PORT": str(self.port),
            "HALLFLOW_DEMO": "1",
            clocks.START: self._opens.isoformat(),
            clocks.PACE: str(speed),
        }
        self._settings = Settings.from_env(self._env)

    def prepare(self) -> int:
        """Create the database with the halls' synthetic history; returns how many visits."""
        engine = open_engine(self._settings.database_url)
        upgrade(engine)
        engine.dispose()
        # log lines are for a server's operator, not for the demo's audience
        with capture_logs() as said:
            house = open_house(self._settings, _Still(self._opens))
            written = ensure_demo_history(house)
            learned = run(house, TASKS["learn"])
        house.engine.dispose()
        if not learned:
            raise CannotPlay(f"the halls could not learn from their made-up history: {said[-1:]}")
        return written

    def start(self) -> None:
        """Start the server; returns when it answers."""
        log = (self.folder / "server.log").open("wb")
        # a process session of its own: Ctrl+C reaches only the player, which stops the server at the end
        self._process = subprocess.Popen(
            [sys.executable, "-m", "hallflow", "run", "--demo"],
            env=self._env,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
        until = monotonic() + START_SECONDS
        while monotonic() < until and self._process.poll() is None:
            try:
                if requests.get(f"{self.url}/readyz", timeout=2).ok:
                    return
            except requests.RequestException:
                time.sleep(0.1)
        raise CannotPlay(f"the demo's server did not start:\n{(self.folder / 'server.log').read_text()[-2000:]}")

    def stop(self) -> None:
        """Stop the server, and delete its folder."""
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
            try:
                self._process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)


class _Still:
    """A stopped clock, for the time before the demo begins."""

    pace = 1.0

    def __init__(self, at: datetime) -> None:
        self._at = at

    def now(self) -> datetime:
        """Always the same time."""
        return self._at


def _next_open_day(plans: Mapping[str, Plan], key: str, first: tuple[int, int]) -> datetime:
    """This time of day today by the hall's clock, or on the next day with ordinary opening hours."""
    plan = plans.get(key)
    if plan is None:
        raise CannotPlay(f"there is no hall {key!r}; the plan has {', '.join(plans)}")
    hours = plan.hours
    today = clocks.Clock().now().astimezone(hours.zone)
    for ahead in range(14):
        begins = (today + timedelta(days=ahead)).replace(hour=first[0], minute=first[1], second=0, microsecond=0)
        if hours.special.get(begins.date(), hours.week.get(begins.weekday(), ())):
            return begins
    raise CannotPlay(f"{key} is closed for two weeks")


def _free_port() -> int:
    """The usual port if it is free, else any."""
    for port in (USUAL_PORT, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise CannotPlay("no port is free")
