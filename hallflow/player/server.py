"""The demo's own server: `hallflow run --demo` in a folder that is thrown away, with a clock that runs as fast as asked."""

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
"""Real seconds from the server's start until it can be played on."""
NOT_INHERITED = ("HALLFLOW_DATABASE_URL", "HALLFLOW_REDIS_URL", "HALLFLOW_SECRET", clocks.BEGAN)


class OwnServer:
    """Halls opened for one demo."""

    def __init__(self, hall: str, first: tuple[int, int], speed: float, port: int | None) -> None:
        env = {name: value for name, value in os.environ.items() if name not in NOT_INHERITED}
        # what can be wrong is asked before anything is made
        plans = load(Settings.from_env(env).config, demo=True).plans
        self.begins = _next_open_day(plans, hall, first)
        """The moment of the hall at which the play begins."""
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
        """Set up the database and give the halls their made-up past; how many visits."""
        engine = open_engine(self._settings.database_url)
        upgrade(engine)
        engine.dispose()
        # the log's lines are for the server's operator, not for who watches the demo
        with capture_logs() as said:
            house = open_house(self._settings, _Still(self._opens))
            written = ensure_demo_history(house)
            learned = run(house, TASKS["learn"])
        house.engine.dispose()
        if not learned:
            raise CannotPlay(f"the halls could not learn from their made-up history: {said[-1:]}")
        return written

    def start(self) -> None:
        """Open the halls; returns when they answer."""
        log = (self.folder / "server.log").open("wb")
        # a session of its own: Ctrl+C reaches the player alone, which ends the server when it has finished
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
        """End what was started, and throw the folder away."""
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
            try:
                self._process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)


class _Still:
    """The clock before the demo begins."""

    pace = 1.0

    def __init__(self, at: datetime) -> None:
        self._at = at

    def now(self) -> datetime:
        """Always the same moment."""
        return self._at


def _next_open_day(plans: Mapping[str, Plan], key: str, first: tuple[int, int]) -> datetime:
    """Today at this time of the hall's clock, or the next day on which its ordinary hours open it."""
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
    """The usual port if nobody has it, else any."""
    for port in (USUAL_PORT, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise CannotPlay("no port is free")
