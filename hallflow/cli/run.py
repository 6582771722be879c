"""`hallflow run`: starts and supervises the installation's processes.

They are the server (gunicorn, a thread for each screen) and the worker, which runs the jobs and the heavy computations, so
that these never delay a request. A chain of halls on PostgreSQL runs several servers, each on its own port behind a proxy.
"""

import os
import shutil
import socket
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import click

from hallflow import clock
from hallflow.cli.minding import Child, Minder
from hallflow.config import load
from hallflow.live.hints import NoHints, check_redis
from hallflow.settings import Settings
from hallflow.storage.database.engine import Unreachable, open_engine
from hallflow.storage.upgrade import WrongVersion, check_version, upgrade, version

START_SECONDS = 90


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
    try:
        # in the environment, so that the server, the worker and restarted processes share one clock
        clock.from_env(os.environ)
    except ValueError as fault:
        raise click.ClickException(str(fault)) from fault
    settings = Settings.from_env()
    installation = load(settings.config, demo=settings.demo)
    _prepare(settings)
    for port in range(settings.port, settings.port + settings.processes):
        _check_port(settings.host, port)
    minder = Minder(_children(settings, with_worker=not no_work))
    if _answers(settings, minder):
        _welcome(settings, list(installation.plans))
    raise SystemExit(minder.until_over())


def _prepare(settings: Settings) -> None:
    """Set up an empty database; refuse one of another version."""
    try:
        engine = open_engine(settings.database_url)
        click.get_current_context().call_on_close(engine.dispose)
        if version(engine) is None:
            upgrade(engine)
        check_version(engine)
    except (Unreachable, WrongVersion) as fault:
        raise click.ClickException(str(fault)) from fault
    if settings.processes > 1 and engine.dialect.name == "sqlite":
        raise click.ClickException("HALLFLOW_PROCESSES above 1 needs PostgreSQL: set HALLFLOW_DATABASE_URL")
    engine.dispose()
    look_for_redis(settings)
    # created here, before two processes create it at once
    _ = settings.secret


def look_for_redis(settings: Settings) -> None:
    """Name a Redis that cannot be used, before anybody needs it; one that only is not there yet does not keep the hall shut."""
    if settings.redis_url is None:
        return
    try:
        told = check_redis(settings.redis_url)
    except NoHints as fault:
        raise click.ClickException(str(fault)) from fault
    if told:
        click.echo(
            f"{told}\nUntil it comes, screens of other processes hear of a change up to a second late.", err=True
        )


def _check_port(host: str, port: int) -> None:
    """Name a port that somebody else has, before two servers argue about it."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as fault:
            sentence = f"{host}:{port} cannot be used ({fault.strerror}): choose another with HALLFLOW_PORT"
            raise click.ClickException(sentence) from fault


def _children(settings: Settings, *, with_worker: bool) -> list[Child]:
    """A server for each process, on a port of its own, and the worker beside them."""
    serve = [sys.executable, "-m", "hallflow.serving"]
    ports = range(settings.port, settings.port + settings.processes)
    children = [Child(f"server:{port}", serve, {"HALLFLOW_PORT": str(port)}) for port in ports]
    if with_worker:
        # numerical libraries of the worker use one core; the rest is the servers'
        modest = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
        children.append(Child("worker", [sys.executable, "-m", "hallflow", "work"], modest, essential=False))
    return children


def _answers(settings: Settings, minder: Minder) -> bool:
    """Whether the server answers, soon."""
    host = "127.0.0.1" if settings.host in ("0.0.0.0", "::") else settings.host  # noqa: S104
    for _ in range(START_SECONDS * 20):
        if minder.children[0].ended() is not None:
            return False
        try:
            with urllib.request.urlopen(f"http://{host}:{settings.port}/healthz", timeout=1):
                return True
        except (urllib.error.URLError, OSError):
            time.sleep(0.05)
    return False


def _program() -> str:
    """How this program is called from here: `make run` puts it where no shell looks for it."""
    found = shutil.which("hallflow")
    started = Path(sys.argv[0])
    if found and started.exists() and Path(found).samefile(started):
        return "hallflow"
    return os.path.relpath(started) if started.name == "hallflow" else "python -m hallflow"


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
        click.echo(f"  See a hall work: {_program()} demo --speed 60")
    click.echo("  Stop with Ctrl+C.\n")
