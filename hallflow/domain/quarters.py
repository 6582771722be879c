"""The quarter-hour: the time step of arrivals, staffing requirements and rosters."""

from datetime import time, timedelta

QUARTER_MINUTES = 15
QUARTER_SECONDS = 60 * QUARTER_MINUTES
QUARTER = timedelta(minutes=QUARTER_MINUTES)
SLOTS = 96
"""Quarter-hours of a day: slot 0 is 00:00-00:15 of the hall's clock."""


def slot_at(clock: time) -> int:
    """The slot of a day in which this time of its clock lies."""
    return clock.hour * 4 + clock.minute // QUARTER_MINUTES
