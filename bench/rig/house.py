"""The installation to measure: the demo's plan and one hall of 64 counters, served by `hallflow run`."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bench.rig.wire import Clients, request
from hallflow.config import load
from hallflow.player.made_up_past import made_up_day
from hallflow.storage.database.engine import open_engine
from hallflow.storage.records import history
from hallflow.storage.turns import Turns
from hallflow.storage.upgrade import upgrade

ROOT = Path(__file__).resolve().parents[2]
HALL, OTHER = "bench", "other"
COUNTERS = 64
QUIET_TIMES, QUIET_SECONDS = 6, 0.1
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
    processes: int = 1

    @property
    def ports(self) -> range:
        """One for each process that serves."""
        return range(self.port, self.port + self.processes)


@contextmanager
def folder(halls: Sequence[str] = (HALL,), *, samples: bool = True) -> Iterator[Path]:
    """A temporary folder with the plan in it, with or without the sample halls; gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="hallflow-bench-") as made:
        # PostgreSQL's user walks through it to its own folder
        Path(made).chmod(0o711)
        plans = Path(made) / "config" / "halls"
        shutil.copytree(ROOT / "config", plans.parent)
        if not samples:
            for sample in plans.glob("*.toml"):
                sample.unlink()
            staffing = plans.parent / "staffing.toml"
            # what it says of halls by name stands at its end
            staffing.write_text(staffing.read_text().partition("[halls.")[0])
        for hall in halls:
            (plans / f"{hall}.toml").write_text(_hall(COUNTERS))
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
def serving(
    where: Path, chain: Mapping[str, str] | None = None, processes: int = 1, *, settled: bool = True
) -> Iterator[Served]:
    """`hallflow run --demo` on this folder's data or a chain's servers, with its worker, until the block ends."""
    port = free_port(processes)
    command = [sys.executable, "-m", "hallflow", "run", "--demo", "--port", str(port)]
    environment = {"HALLFLOW_DATA": str(where / "data"), "HALLFLOW_CONFIG": str(where / "config")}
    environment |= {**(chain or {}), "HALLFLOW_PROCESSES": str(processes)}
    give_past(where, environment.get("HALLFLOW_DATABASE_URL", f"sqlite:///{where}/data/hallflow.db"))
    with running(command, port, "/api/v1/halls", environment, where / "server.log", processes) as served:
        if settled:
            _settle(served)
        yield served


def give_past(where: Path, database: str) -> None:
    """Set up an empty database in which every hall has had a day, so that the demo makes up no weeks while it is measured."""
    engine = open_engine(database)
    upgrade(engine)
    turns = Turns(engine)
    for plan in load(where / "config", demo=True).plans.values():
        yesterday = datetime.now(UTC).date() - timedelta(days=1)
        made_up = made_up_day(plan, yesterday, replace(plan.hours, always=False))
        with turns.of(plan.hall) as connection:
            if not history.has_real(connection, plan.hall):
                # numbers as of a day that was: made-up ones would be added to
                past = [(yesterday, replace(visit, number=f"P{index}")) for index, visit in enumerate(made_up)]
                history.add_visits(connection, past)
    engine.dispose()


def _settle(served: Served) -> None:
    """Wait until the first outlooks are drawn and nothing moves."""
    quiet, spent = 0, 0.0
    for _ in range(60):
        before, spent = spent, sum(seconds_of(number) for number in family(served.process.pid))
        quiet = quiet + 1 if spent - before < QUIET_SECONDS else 0
        if quiet == QUIET_TIMES:
            return
        time.sleep(0.5)


@contextmanager
def running(
    command: list[str], port: int, path: str, environment: dict[str, str], log: Path, processes: int = 1
) -> Iterator[Served]:
    """A server started by this command, from its first answer until the block ends."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("HALLFLOW_")}
    began = time.perf_counter()
    with log.open("ab") as told:
        process = subprocess.Popen(
            command, cwd=ROOT, env=own | environment, stdin=subprocess.DEVNULL, stdout=told, stderr=told
        )
    try:
        for each in range(port, port + processes):
            _first_answer(process, each, path, log)
        yield Served(port, process, time.perf_counter() - began, processes)
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
        if "hallflow" in command_of(number) or "bench" in command_of(number):
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


def servers_of(process: int) -> list[int]:
    """The processes that answer: gunicorn's master is the one that has a child of its own kind."""
    pairs = ((parent, child) for parent in (process, *family(process)) for child in family(parent))
    found = [child for parent, child in pairs if command_of(child) == command_of(parent)]
    return found or [process]


def server_of(process: int) -> int:
    """The one process that answers."""
    return servers_of(process)[0]


def seconds_of(process: int) -> float:
    """How long a process has had the processor; 0 where the system does not tell."""
    try:
        told = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(told[11]) + int(told[12])) / os.sysconf("SC_CLK_TCK")


def free_port(together: int = 1) -> int:
    """A port that nobody listens at, nor at the next ones."""
    while True:
        with ExitStack() as probes:
            first = _bound(probes, 0)
            if first and all(_bound(probes, first + more) for more in range(1, together)):
                return first


def _bound(probes: ExitStack, port: int) -> int:
    probe = probes.enter_context(socket.socket())
    try:
        probe.bind(("127.0.0.1", port))
    except (OSError, OverflowError):
        return 0
    return int(probe.getsockname()[1])
