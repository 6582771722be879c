"""An intraday staffing recommendation: one action, its reason, and its simulated effect."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from hallflow.domain.events import Reason
from hallflow.domain.roster.breaks import PlannedBreak
from hallflow.foresight.twin.openings import CounterChange


@dataclass(frozen=True, slots=True)
class Advice:
    """One recommended action with its predicted effect."""

    kind: str
    """`open`, `close`, `lend` (a counter also takes other services), `back` (end a pause), or `break` (a planned break begins
    later or earlier; start and end then span all that it changes).
    """
    counter: str
    services: tuple[str, ...]
    """Services that the counter offers from then on."""
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
    """Whether it ends when the counter's clerk arrives by the roster."""
    rest: PlannedBreak | None = None
    later: timedelta = timedelta(0)
    """For a break: which one, and by how much later it begins; negative for earlier."""
    changes: tuple[CounterChange, ...] = ()
    """The corresponding changes of the counters' schedule."""

    @property
    def key(self) -> tuple[str, str, tuple[str, ...]]:
        """Identity: advices with equal keys are the same advice."""
        return self.kind, self.counter, self.services
