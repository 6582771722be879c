"""Memory use of each server process after some work."""

import subprocess

from bench.figures import Figures, Goal
from bench.rig.house import Served, command_of, family, server_of
from bench.rig.people import People
from bench.rig.wire import Clients

GOAL_MB = 250
COUNTED = "Resident memory of each process that `hallflow run` is, a thousand waiting, after the measurements above have run on it."


def measure(served: Served) -> Figures:
    """Resident memory of watcher, server and worker, in MB."""
    with Clients(served.port, 16) as client:
        People(client).fill(client)
    watcher = served.process.pid
    answers = server_of(watcher)
    held = {_name(number, watcher, answers): megabytes_of(number) for number in (watcher, *family(watcher))}
    server = held.get("server", 0.0)
    return Figures(
        "memory",
        "Memory",
        COUNTED,
        ("process", "MB"),
        [[name, f"{megabytes:.0f}"] for name, megabytes in held.items()],
        {"megabytes": held},
        [Goal(f"the server under {GOAL_MB} MB", f"{server:.0f} MB", 0 < server < GOAL_MB)],
    )


def _name(number: int, watcher: int, answers: int) -> str:
    if number == watcher:
        return "watcher (hallflow run)"
    if number == answers:
        return "server"
    return "worker (hallflow work)" if command_of(number).endswith(" work") else "gunicorn's master"


def megabytes_of(number: int) -> float:
    """Resident memory of a process."""
    told = subprocess.run(["ps", "-o", "rss=", "-p", str(number)], capture_output=True, text=True, check=False).stdout
    return round(int(told or 0) / 1024, 1)
