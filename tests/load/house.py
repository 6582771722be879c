"""A house to measure: the demo's plan and one hall of 64 counters, in a temporary folder, served by `hallflow run`."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from hallflow.config import load
from hallflow.foresight.simulated import made_up_day
from hallflow.storage import history
from hallflow.storage.engine import Turns, open_engine
from hallflow.storage.upgrade import upgrade
from tests.load.wire import Clients, request

ROOT = Path(__file__).resolve().parents[2]
HALL = "bench"
COUNTERS = 64
# the city hall's counters, over and over
OFFERED = (
    ("bills", "sim"),
    ("bills", "plan_change"),
    ("bills", "plan_change"),
    ("bills", "plan_change", "sim"),
    ("plan_change", "sim", "bills"),
    ("sim", "new_line", "plan_change"),
    ("new_line", "plan_change", "sim"),
    ("new_line", "device"),
    ("broadband", "plan_change"),
    ("broadband", "complaint"),
    ("device", "new_line"),
    ("business", "complaint", "broadband"),
)


@dataclass(frozen=True)
class Served:
    """A server that answers."""

    port: int
    process: subprocess.Popen[bytes]
    seconds: float
    """From the command to the first answer."""


@contextmanager
def folder() -> Iterator[Path]:
    """A temporary folder with the plan in it; gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="hallflow-bench-") as made:
        shutil.copytree(ROOT / "config", Path(made) / "config")
        (Path(made) / "config" / "halls" / f"{HALL}.toml").write_text(_hall(COUNTERS))
        yield Path(made)


def _hall(counters: int) -> str:
    offered = [OFFERED[index % len(OFFERED)] for index in range(counters)]
    services = list(dict.fromkeys(service for each in offered for service in each))
    lines = [
        'name = { zh = "测试大厅", en = "Bench Hall" }',
        'zone = "Asia/Shanghai"',
        f"services = {services}",
        'where_to_wait = { zh = "请在等候区就座", en = "Please take a seat" }',
        '[hours]\nweekdays = ["08:30-18:00"]\nweekend = []',
    ]
    for index, each in enumerate(offered, 1):
        lines.append(f"[counters.{index}]")
        lines.append(f'name = {{ zh = "{index}号窗口", en = "Counter {index}" }}')
        lines.append(f"services = {list(each)}")
    return "\n".join(lines).replace("'", '"') + "\n"


@contextmanager
def serving(where: Path) -> Iterator[Served]:
    """`hallflow run --demo` on this folder's data, with its worker, until the block ends."""
    port = free_port()
    command = [sys.executable, "-m", "hallflow", "run", "--demo", "--port", str(port)]
    environment = {"HALLFLOW_DATA": str(where / "data"), "HALLFLOW_CONFIG": str(where / "config")}
    give_past(where)
    with running(command, port, "/api/v1/halls", environment, where / "server.log") as served:
        yield served


def give_past(where: Path) -> None:
    """Let every hall have had a week already, so that the demo does not make up its own while it is measured."""
    engine = open_engine(f"sqlite:///{where}/data/hallflow.db")
    upgrade(engine)
    turns = Turns(engine)
    today = datetime.now(UTC).date()
    for plan in load(where / "config", demo=True).plans.values():
        days = [today - timedelta(days=ago) for ago in range(1, 8)]
        # numbers as of days that were: made-up ones would be added to
        past = [
            (day, replace(visit, number=f"P{index}"))
            for day in days
            for index, visit in enumerate(made_up_day(plan, day, replace(plan.hours, always=False)))
        ]
        with turns.of(plan.hall) as connection:
            history.add_visits(connection, past)
    engine.dispose()


@contextmanager
def running(command: list[str], port: int, path: str, environment: dict[str, str], log: Path) -> Iterator[Served]:
    """A server started by this command, from its first answer until the block ends."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("HALLFLOW_")}
    began = time.perf_counter()
    with log.open("ab") as told:
        process = subprocess.Popen(
            command, cwd=ROOT, env=own | environment, stdin=subprocess.DEVNULL, stdout=told, stderr=told
        )
    try:
        _first_answer(process, port, path, log)
        yield Served(port, process, time.perf_counter() - began)
    finally:
        _stop(process)


def _first_answer(process: subprocess.Popen[bytes], port: int, path: str, log: Path) -> None:
    for _ in range(6000):
        if process.poll() is not None:
            raise RuntimeError(f"the server ended: {log.read_text()[-2000:]}")
        try:
            with Clients(port, 1) as client:
                if client.one(request("GET", path)).status == 200:
                    return
        except OSError:
            pass
        time.sleep(0.01)
    raise RuntimeError(f"the server did not answer: {log.read_text()[-2000:]}")


def _stop(process: subprocess.Popen[bytes]) -> None:
    below = family(process.pid)
    process.terminate()
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    # what it started and did not end itself
    for number in below:
        if "hallflow" in command_of(number) or "tests.load" in command_of(number):
            os.kill(number, signal.SIGKILL)


def family(process: int) -> list[int]:
    """The processes that this one has started, and theirs."""
    told = subprocess.run(["ps", "-axo", "pid=,ppid="], capture_output=True, text=True, check=True).stdout
    pairs = [tuple(map(int, line.split())) for line in told.splitlines()]
    found = [process]
    for parent in found:
        found += [child for child, its_parent in pairs if its_parent == parent]
    return found[1:]


def command_of(process: int) -> str:
    """What a process was started as; nothing once it has ended."""
    asked = ["ps", "-ww", "-o", "command=", "-p", str(process)]
    return subprocess.run(asked, capture_output=True, text=True, check=False).stdout.strip()


def server_of(process: int) -> int:
    """The process that answers: gunicorn's master is the one that has a child of its own kind."""
    below = family(process)
    return next(
        (child for parent in (process, *below) for child in family(parent) if command_of(child) == command_of(parent)),
        process,
    )


def seconds_of(process: int) -> float:
    """How long a process has had the processor; 0 where the system does not tell."""
    try:
        told = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(told[11]) + int(told[12])) / os.sysconf("SC_CLK_TCK")


def free_port() -> int:
    """A port that nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
