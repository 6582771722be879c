"""A past visit: one leg of it as a record of the history, from which the forecasts are fitted."""

from dataclasses import dataclass
from datetime import datetime

VISITS = ("hall", "number", "service", "tier", "issued_at", "called_at", "ended_at", "counter", "outcome")
ALSO = ("arrived_at", "prefilled", "leg")
"""Columns that Hallflow's own exports have and other logs may lack."""
READINGS = ("hall", "service", "at", "open")
OUTCOMES = frozenset({"served", "missed", "abandoned"})


@dataclass(frozen=True, slots=True)
class Visit:
    """A row of visits.csv: aware moments, None where unknown; the outcome is served, missed or abandoned."""

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
    """Its position among the legs of the visit; 0 is the first."""
