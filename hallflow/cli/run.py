"""`hallflow run`: open the halls.

This process only watches over two others: the server (gunicorn, one process, a thread for each screen) and the worker that does
the jobs and the heavy sums, so that no sum ever holds up a ticket. A worker that ends is started again; a server that ends, ends all.
"""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from types import FrameType

import click

from hallflow.config import load
from hallflow.settings import Settings
from hallflow.storage.engine import Unreachable, open_engine
from hallflow.storage.upgrade import WrongVersion, check_version, upgrade, version

START_SECONDS = 30


@click.command(name="run")
@click.option("--demo", is_flag=True, help="Open the sample halls around the clock, with demo PINs.")
@click.option("--host", help="Where to listen; else HALLFLOW_HOST.")
@click.option("--port", type=int, help="The port; else HALLFLOW_PORT, else 8080.")
@click.option("--no-work", is_flag=True, help="Without the worker; `hallflow work` runs elsewhere.")
def command(demo: bool, host: str | None, port: int | None, no_work: bool) -> None:
    """Open the halls and serve them until told to stop."""
    asked = {
        "HALLFLOW_DEMO": "1" if demo else None,
        "HALLFLOW_HOST": host,
        "HALLFLOW_PORT": str(port) if port else None,
    }
    os.environ.update({name: value for name, value in asked.items() if value})
    settings = Settings.from_env()
    installation = load(settings.config, demo=settings.demo)
    _prepare(settings)
    _check_port(settings)
    server = _start("hallflow.serving")
    keep = Watch(server, None if no_work else [sys.executable, "-m", "hallflow", "work"])
    if _answers(settings, server):
        _welcome(settings, list(installation.plans))
    raise SystemExit(keep.until_over())


def _prepare(settings: Settings) -> None:
    """Set up an empty database; refuse one of another version."""
    try:
        engine = open_engine(settings.database_url)
        if version(engine) is None:
            upgrade(engine)
        check_version(engine)
    except (Unreachable, WrongVersion) as fault:
        raise click.ClickException(str(fault)) from fault
    engine.dispose()
    # made before two processes look for it at once
    _ = settings.secret


def _check_port(settings: Settings) -> None:
    """Name a port that somebody else has, before two servers argue about it."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as fault:
            sentence = (
                f"{settings.host}:{settings.port} cannot be used ({fault.strerror}): choose another with HALLFLOW_PORT"
            )
            raise click.ClickException(sentence) from fault


def _start(module: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-m", module])  # noqa: S603


class Watch:
    """Looks after the server and the worker."""

    def __init__(self, server: subprocess.Popen[bytes], work: list[str] | None) -> None:
        self._server = server
        self._work = work
        self._worker = self._start_worker()
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, self._told)

    def until_over(self) -> int:
        """Wait for the server to end; what it ended with."""
        while (ended := self._server.poll()) is None:
            if self._worker is not None and self._worker.poll() is not None:
                time.sleep(2)
                if self._server.poll() is None:
                    self._worker = self._start_worker()
            try:
                self._server.wait(timeout=1)
            except subprocess.TimeoutExpired:
                continue
        if self._worker is not None and self._worker.poll() is None:
            self._worker.terminate()
            try:
                self._worker.wait(timeout=10)
            except subprocess.TimeoutExpired:
                self._worker.kill()
        return ended

    def _start_worker(self) -> subprocess.Popen[bytes] | None:
        # one core of arithmetic is the worker's share; the rest is the halls'
        env = os.environ | {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
        return subprocess.Popen(self._work, env=env) if self._work else None  # noqa: S603

    def _told(self, number: int, frame: FrameType | None) -> None:
        for process in (self._server, self._worker):
            if process is not None and process.poll() is None:
                process.terminate()


def _answers(settings: Settings, server: subprocess.Popen[bytes]) -> bool:
    """Whether the server answers, soon."""
    host = "127.0.0.1" if settings.host in ("0.0.0.0", "::") else settings.host  # noqa: S104
    for _ in range(START_SECONDS * 20):
        if server.poll() is not None:
            return False
        try:
            with urllib.request.urlopen(f"http://{host}:{settings.port}/healthz", timeout=1):
                return True
        except (urllib.error.URLError, OSError):
            time.sleep(0.05)
    return False


def _welcome(settings: Settings, halls: list[str]) -> None:
    """Where everything is."""
    base = f"http://{'localhost' if settings.host in ('0.0.0.0', '::', '127.0.0.1') else settings.host}:{settings.port}"  # noqa: S104
    click.echo(f"\nHallflow is open: {base}\n")
    for hall in halls:
        click.secho(f"  {hall}", bold=True)
        for name in ("kiosk", "wall", "console", "dashboard"):
            click.echo(f"    {name:<10} {base}/{name}/{hall}")
    if settings.demo:
        click.echo("\n  Demo PINs: clerk 1111 at any counter, manager 9999.")
        click.echo("  See a hall work: hallflow demo --speed 60")
    click.echo("  Stop with Ctrl+C.\n")
