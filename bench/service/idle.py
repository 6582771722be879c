"""CPU use of an open hall without any customers."""

import json
import subprocess
import sys
import time

from bench.figures import Figures, Goal
from bench.rig.house import HALL, ROOT, Served, command_of, family, seconds_of
from bench.rig.people import People
from bench.rig.wire import Clients

SECONDS, QUICK_SECONDS = 60, 5
SETTLES_SECONDS = 150
GOAL = 0.02
# no consoles and dashboards: their watching needs a token, and a wall's picture is drawn the same way
SCREENS = [*["wall"] * 10, *["kiosk"] * 4, *(f"window:{counter}" for counter in range(1, 37))]
COUNTED = (
    f"One hall, every counter open, no customer; {len(SCREENS)} screens watch (10 walls, 4 kiosks, 36 windows). Counted is the "
    "processor time of everything that `hallflow run` is: watcher, server and worker. Screens are in a process of their own."
)


def measure(served: Served, *, quick: bool) -> Figures:
    """The share of a core of each process."""
    with Clients(served.port, 1) as client:
        People(client)
    seconds = QUICK_SECONDS if quick else SECONDS
    with subprocess.Popen(
        [sys.executable, "-m", "bench.rig.crowd"], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as crowd:
        try:
            if crowd.stdin is None or crowd.stdout is None:
                raise RuntimeError("no line to the screens")
            crowd.stdin.write(json.dumps([(served.port, HALL, screen) for screen in SCREENS]) + "\n")
            crowd.stdin.flush()
            if crowd.stdout.readline().strip() != "ready":
                raise RuntimeError("the screens could not watch")
            if not quick:
                # until the outlook of the opened counters is drawn, and what today and tomorrow require is found
                time.sleep(SETTLES_SECONDS)
            shares = _shares(served, seconds)
            crowd.communicate(timeout=60)
        finally:
            if crowd.poll() is None:
                crowd.kill()
    whole = sum(shares.values())
    rows = [[name, f"{share:.2%}"] for name, share in shares.items()] + [["all together", f"{whole:.2%}"]]
    goals = [Goal(f"under {GOAL:.0%} of a core", f"{whole:.2%}", whole < GOAL)]
    return Figures(
        "idle", f"An idle hall for {seconds} s", COUNTED, ("process", "of a core"), rows, {"shares": shares}, goals
    )


def _shares(served: Served, seconds: float) -> dict[str, float]:
    house = [served.process.pid, *family(served.process.pid)]
    spent = {number: seconds_of(number) for number in house}
    began = time.monotonic()
    time.sleep(seconds)
    passed = time.monotonic() - began
    shares: dict[str, float] = {}
    for number, before in spent.items():
        name = " ".join(command_of(number).split()[1:]) or "ended"
        name = f"{name}, worker of gunicorn" if name in shares else name
        shares[name] = (seconds_of(number) - before) / passed
    return shares
