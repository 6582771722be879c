"""Sensitivity of advice: keen (short horizon, low threshold) or calm (long horizon, high threshold)."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Eagerness:
    """Horizons in minutes, and thresholds as shares."""

    open_horizon: float
    """Horizon for opening counters."""
    close_horizon: float
    """Horizon for closing counters; a longer one would keep a counter open for a rush that is still to come."""
    least_time_left: float
    """Least time before closing at which anything is recommended."""
    opens_from: float
    """Threshold to open a counter: customers it brings within goal, as a share of those it could serve in its time."""
    closes_below: float
    """Threshold to close a counter: it brings fewer within goal than this share."""
    lead_minutes: float
    """Lead time until a clerk who is asked sits at the counter."""
    most_advices: int
    """Most advices at one review."""


EAGERNESS: Mapping[str, Eagerness] = MappingProxyType(
    {
        "calm": Eagerness(
            open_horizon=25.0,
            close_horizon=20.0,
            least_time_left=15.0,
            opens_from=0.5,
            closes_below=0.25,
            lead_minutes=5.0,
            most_advices=3,
        ),
        "keen": Eagerness(
            open_horizon=10.0,
            close_horizon=5.0,
            least_time_left=5.0,
            opens_from=0.2,
            closes_below=0.1,
            lead_minutes=3.0,
            most_advices=6,
        ),
    }
)
"""Keen serves more within goal and loses fewer, for about four times as many advices and somewhat more staff-hours than calm;
it needs counters near the clerks who are to open them.
"""
