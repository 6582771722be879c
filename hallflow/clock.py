"""The clock: the only module that reads the machine's time."""

import time
from collections.abc import MutableMapping
from datetime import UTC, datetime, timedelta

START, PACE, BEGAN = "HALLFLOW_DEMO_START", "HALLFLOW_DEMO_PACE", "HALLFLOW_DEMO_BEGAN"


class Clock:
    """The hall's clock: moments are aware UTC; `pace` is how many of its seconds pass in one real second."""

    pace = 1.0

    def now(self) -> datetime:
        """The current moment."""
        return datetime.now(UTC)

    def seconds_until(self, at: datetime) -> float:
        """The real seconds until this moment of the hall's clock; 0 once it is past."""
        return max(0.0, (at - self.now()).total_seconds() / self.pace)


class PacedClock(Clock):
    """A clock with another pace: at the real moment `began` (seconds since the epoch) it showed `start`."""

    def __init__(self, start: datetime, pace: float, began: float) -> None:
        self.start = start.astimezone(UTC)
        self.pace = pace
        self.began = began

    def now(self) -> datetime:
        """The current moment of the demo's day."""
        return self.start + timedelta(seconds=(time.time() - self.began) * self.pace)


def from_env(environ: MutableMapping[str, str]) -> Clock:
    """The clock that the environment variables configure.

    The first process of a demo adds its begin to them, so that the processes it starts share its clock.
    """
    if START not in environ and PACE not in environ:
        return Clock()
    began = float(environ.setdefault(BEGAN, repr(time.time())))
    pace = _pace(environ.get(PACE, "1"))
    start = _start(environ[START]) if environ.get(START) else datetime.fromtimestamp(began, UTC)
    return PacedClock(start, pace, began)


def monotonic() -> float:
    """Seconds of a monotonic clock, for durations only."""
    return time.monotonic()


def _start(value: str) -> datetime:
    try:
        start = datetime.fromisoformat(value)
    except ValueError:
        start = None
    if start is None or start.tzinfo is None:
        raise ValueError(f"{START}: {value!r} is not a moment with its zone, such as 2026-10-12T08:30+08:00")
    return start


def _pace(value: str) -> float:
    try:
        pace = float(value)
    except ValueError:
        pace = 0.0
    if not 0 < pace <= 10_000:
        raise ValueError(f"{PACE}: {value!r} is not a speed; 1 is real time, 60 an hour in a minute")
    return pace
