"""One leg of a past visit as the history keeps it: what forecasts learn from."""

from dataclasses import dataclass
from datetime import datetime

VISITS = ("hall", "number", "service", "tier", "issued_at", "called_at", "ended_at", "counter", "outcome")
ALSO = ("arrived_at", "prefilled", "leg")
"""Columns that our own exports have and other logs may lack."""
READINGS = ("hall", "service", "at", "open")
OUTCOMES = frozenset({"served", "missed", "abandoned"})


@dataclass(frozen=True, slots=True)
class Visit:
    """A row of visits.csv: moments are aware; None where not known; outcome served, missed or abandoned."""

    hall: str
    number: str
    service: str
    tier: str
    issued_at: datetime
    called_at: datetime | None = None
    ended_at: datetime | None = None
    counter: str | None = None
    outcome: str = "served"
    arrived_at: datetime | None = None
    prefilled: bool = False
    leg: int = 0
    """Which leg of the visit it was; 0 is the first."""
