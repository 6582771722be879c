"""One leg of a past visit as the history keeps it: what forecasts learn from."""

from dataclasses import dataclass
from datetime import datetime


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
