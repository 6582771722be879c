"""The data of a shown wait: its prediction interval in minutes, with the corresponding clock times."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from hallflow.domain.waits.ranges import WaitRange


def as_data(wait: WaitRange | None, now: datetime) -> dict[str, Any] | None:
    """A wait in minutes, with the corresponding clock times."""
    if wait is None:
        return None
    return {
        "low": wait.low,
        "likely": wait.likely,
        "high": wait.high,
        "from": (now + timedelta(minutes=wait.low)).isoformat(),
        "until": (now + timedelta(minutes=wait.high)).isoformat(),
    }


def promise_data(promise: Sequence[int] | None, since: datetime) -> dict[str, Any] | None:
    """The wait promised at issue."""
    return as_data(WaitRange(promise[0], promise[1], promise[2]), since) if promise else None
