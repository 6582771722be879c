"""How eagerly counters are advised to open and close: seldom, and for long; or as soon as the queue moves."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Pace:
    """How far advice looks, and what it takes a counter to be worth; minutes, and shares."""

    look: float
    """Counters are opened for so long."""
    soon: float
    """A counter is closed for so long: a longer look would keep it open for a rush that is still to come."""
    shortest: float
    """Nothing is advised for less than this before the hall closes."""
    worth: float
    """A counter is worth opening when it spares so large a part of those it can serve in its time from being late or leaving."""
    little: float
    """One that spares fewer than this is little missed."""
    lead: float
    """Whoever is asked to open a counter sits there after so long."""
    at_once: int
    """No more is advised at one look than a manager can do before the next."""


PACES: Mapping[str, Pace] = MappingProxyType(
    {
        "calm": Pace(look=25.0, soon=20.0, shortest=15.0, worth=0.5, little=0.25, lead=5.0, at_once=3),
        "keen": Pace(look=10.0, soon=5.0, shortest=5.0, worth=0.2, little=0.1, lead=3.0, at_once=6),
    }
)
"""The keen one has more people served in time and fewer leave, for about four times as many advices and somewhat more staff-hours than
the calm one; its counters must be near whoever is to sit at them."""
