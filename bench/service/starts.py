"""Start-up time of the server on its existing data."""

from pathlib import Path
from statistics import median

from bench.figures import Figures, Goal
from bench.rig import house
from bench.rig.house import HALL
from bench.rig.people import People
from bench.rig.wire import Clients, request

TIMES, QUICK_TIMES = 5, 2
GOAL_SECONDS = 5.0
COUNTED = (
    "From starting `hallflow run --demo` on an existing data folder (this day's log is read again) to the first answer of "
    "GET /api/v1/halls; what `make run` does once everything is installed, without make itself."
)


def measure(where: Path, *, quick: bool) -> Figures:
    """Seconds of several starts."""
    if not (where / "data").exists():
        with house.serving(where) as served, Clients(served.port, 16) as client:
            People(client).fill(client)
    seconds, events = [], 0
    for _ in range(QUICK_TIMES if quick else TIMES):
        with house.serving(where) as served:
            seconds.append(served.seconds)
            with Clients(served.port, 1) as client:
                events = client.one(request("GET", f"/api/v1/halls/{HALL}")).body["seq"]
    return Figures(
        "start",
        "Start",
        COUNTED,
        ("events of this day", "starts", "median s", "longest s"),
        [[f"{events:,}", str(len(seconds)), f"{median(seconds):.2f}", f"{max(seconds):.2f}"]],
        {"events": events, "seconds": [round(each, 3) for each in seconds]},
        [Goal(f"under {GOAL_SECONDS:.0f} s", f"at most {max(seconds):.2f} s", max(seconds) < GOAL_SECONDS)],
    )
