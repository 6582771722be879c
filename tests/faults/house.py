"""Real server processes for fault injection, started by `hallflow run`, and clients that retry."""

import os
import random
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import psutil
import requests

from hallflow import clock
from hallflow.domain.events import Event
from hallflow.storage.database.engine import open_engine
from hallflow.storage.log import ledger
from tests.makers import SAMPLES, SECRET, WEDNESDAY
from tests.servers import free_port, note_process, session_folder, wait_until

ROOT = Path(__file__).parents[2]
START_SECONDS = 300
PATIENCE_SECONDS = 90
"""After which a caller gives up: something did not come back by itself."""
PASSING = (429, 502, 503, 504)


@dataclass
class Running:
    """An installation under way."""

    process: subprocess.Popen[bytes]
    ports: list[int]
    log: Path

    @property
    def addresses(self) -> list[str]:
        return [f"http://127.0.0.1:{port}" for port in self.ports]

    def server(self, port: int) -> list[psutil.Process]:
        """The processes that serve this port: gunicorn's master, then its worker."""
        for child in psutil.Process(self.process.pid).children():
            with suppress(psutil.Error):
                if child.environ().get("HALLFLOW_PORT") == str(port):
                    return [child, *child.children()]
        return []

    def kill(self, port: int, which: slice = slice(None)) -> None:
        """kill -9, of all processes that serve this port or of some."""
        found = self.server(port)[which]
        assert found, f"nobody serves {port}"
        for one in found:
            with suppress(psutil.NoSuchProcess):
                one.send_signal(signal.SIGKILL)
        # what answers from here on is what was started in its place
        _, left = psutil.wait_procs(found, timeout=PATIENCE_SECONDS)
        assert not left

    def wait(self) -> None:
        """Until every port answers."""
        for address in self.addresses:
            wait_until(lambda: self._answers(address), requests.RequestException, START_SECONDS)  # noqa: B023

    def _answers(self, address: str) -> None:
        assert self.process.poll() is None, self.log.read_text()[-3000:]
        requests.get(f"{address}/healthz", timeout=5).raise_for_status()

    def said(self, event: str) -> int:
        """How often the log tells of this."""
        return self.log.read_text().count(f'"event": "{event}"')


NOON = {
    clock.START: (WEDNESDAY + timedelta(hours=2)).isoformat(),
    clock.BEGAN: repr(time.time()),
}
"""The same for all of one test's processes: no test ends a hall's day at four in the morning without meaning to."""


@contextmanager
def running(folder: Path, url: str, *, processes: int = 1, redis: str | None = None, **more: str) -> Iterator[Running]:
    """`hallflow run --demo --no-work`, until the block ends."""
    ports = free_ports(processes)
    settings = {
        "HALLFLOW_DATA": str(folder / "data"),
        "HALLFLOW_CONFIG": str(SAMPLES),
        "HALLFLOW_SECRET": SECRET,
        "HALLFLOW_DATABASE_URL": url,
        "HALLFLOW_PROCESSES": str(processes),
        "HALLFLOW_PORT": str(ports[0]),
        **({"HALLFLOW_REDIS_URL": redis} if redis else {}),
        **NOON,
        **more,
    }
    folder.mkdir(exist_ok=True)
    log = folder / "run.log"
    with log.open("ab") as opened:
        process = subprocess.Popen(
            [sys.executable, "-m", "hallflow", "run", "--demo", "--no-work"],
            cwd=ROOT,
            env=os.environ | settings,
            stdin=subprocess.DEVNULL,
            stdout=opened,
            stderr=opened,
            start_new_session=True,
        )
    note_process(session_folder(), "hallflow", process.pid)
    house = Running(process, ports, log)
    try:
        house.wait()
        yield house
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def free_ports(count: int) -> list[int]:
    """So many ports in a row."""
    while True:
        first = free_port()
        taken = {connection.laddr.port for connection in psutil.net_connections("tcp") if connection.laddr}
        ports = list(range(first, first + count))
        if not taken & set(ports) and ports[-1] < 65536:
            return ports


# ---- who calls ----


class Caller:
    """Somebody who asks until an answer comes, with one key a wish, at whichever process a proxy would choose."""

    def __init__(self, addresses: list[str], seed: int = 0) -> None:
        self._addresses = addresses
        self._choose = random.Random(seed)
        self._token: str | None = None
        self._talk = requests.Session()
        self.lost = 0
        """How often no answer came, or one that asks for patience."""

    def sign_in(self, counter: str | None, hall: str = "central") -> "Caller":
        body = {"hall": hall, "pin": "1111" if counter else "9999"} | ({"counter": counter} if counter else {})
        self._token = self.post("/session", body).json()["token"]
        return self

    def post(self, path: str, body: Any = None, key: str | None = None) -> requests.Response:
        """The answer, however often it must be asked for."""
        headers = {"Idempotency-Key": key or str(uuid.uuid4()), "Accept-Language": "en"}
        if self._token:
            headers["Authorization"] = f"Bearer {self._token}"
        until = time.monotonic() + PATIENCE_SECONDS
        while True:
            with suppress(requests.RequestException):
                answer = self.once("POST", path, json={} if body is None else body, headers=headers)
                if answer.status_code not in PASSING:
                    return answer
            assert time.monotonic() < until, f"{path} was not answered for {PATIENCE_SECONDS} s"
            self.lost += 1
            time.sleep(0.2)

    def once(self, method: str, path: str, **more: Any) -> requests.Response:
        """One question at one process."""
        address = self._choose.choice(self._addresses)
        self._talk.cookies.clear()
        return self._talk.request(method, f"{address}/api/v1{path}", timeout=30, **more)

    def close(self) -> None:
        self._talk.close()


def log_of(url: str, hall: str = "central") -> list[Event]:
    """Everything that the database says has happened."""
    engine = open_engine(url)
    with engine.connect() as connection:
        events = list(ledger.events_after(connection, hall, 0))
    engine.dispose()
    return events
