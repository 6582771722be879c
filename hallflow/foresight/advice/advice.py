"""An advice: one thing to do, why, and what the twin foresees of it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from hallflow.domain.events import Reason
from hallflow.domain.roster.breaks import Break
from hallflow.foresight.twin.openings import CounterChange


@dataclass(frozen=True, slots=True)
class Advice:
    """One thing to do, with what it is foreseen to do."""

    kind: str
    """`open`, `close`, `lend` (a counter also takes other services) or `back` (end a pause), or `break` (a planned break begins
    later or earlier: from the first moment at which that changes something to the last)."""
    counter: str
    services: tuple[str, ...]
    """What the counter is to offer from then on."""
    lent: tuple[str, ...]
    start: datetime
    end: datetime
    reason: Reason
    staff_minutes: float
    before: dict[str, Any]
    after: dict[str, Any]
    change: dict[str, Any]
    plays: int
    early: bool = False
    """Whether it ends when the clerk of that counter comes by the roster."""
    rest: Break | None = None
    later: timedelta = timedelta(0)
    """For a break: which one, and by how much it is to begin later; negative, earlier."""
    changes: tuple[CounterChange, ...] = ()
    """What it does to the counters."""

    @property
    def key(self) -> tuple[str, str, tuple[str, ...]]:
        """What makes it the same advice as another."""
        return self.kind, self.counter, self.services
