"""Running counters of the day: calls, arrivals, services and ratings, updated with each event."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from hallflow.domain.events import Event
from hallflow.domain.quarters import QUARTER_SECONDS
from hallflow.domain.ticket import Ticket

LATELY = 10


@dataclass(slots=True)
class Tally:
    """The counts of one hall and day: sums over its tickets, updated event by event."""

    issued: int = 0
    served: int = 0
    left: int = 0
    expired: int = 0
    missed: int = 0
    called: dict[str, tuple[int, int]] = field(default_factory=dict)
    """By tier: first calls, and those within the tier's goal."""
    arrivals: dict[tuple[int, str], int] = field(default_factory=dict)
    """By quarter-hour (seconds since the epoch / 900) and service."""
    at_counter: dict[str, tuple[int, float]] = field(default_factory=dict)
    """By counter: services finished and their minutes."""
    last_wait: dict[tuple[str, str], float] = field(default_factory=dict)
    """By service and tier: the wait of the customer called last, in minutes."""
    lately: dict[str, tuple[datetime, ...]] = field(default_factory=dict)
    """By service: the moments of the latest calls."""
    stars: tuple[int, int] = (0, 0)
    """Ratings given, and their sum."""

    def copy(self) -> "Tally":
        """A copy that may change without this tally changing."""
        return Tally(
            self.issued,
            self.served,
            self.left,
            self.expired,
            self.missed,
            dict(self.called),
            dict(self.arrivals),
            dict(self.at_counter),
            dict(self.last_wait),
            dict(self.lately),
            self.stars,
        )

    def count(self, event: Event, ticket: Ticket, before: Ticket | None) -> None:
        """Count one event of a ticket; `ticket` is its state after the event, `before` the one before it."""
        if event.kind == "issued":
            self.issued += 1
            quarter = (int(event.at.timestamp()) // QUARTER_SECONDS, ticket.service)
            self.arrivals[quarter] = self.arrivals.get(quarter, 0) + 1
        elif event.kind in ("called", "started") and "within" in event.data:
            calls, within = self.called.get(ticket.tier, (0, 0))
            self.called[ticket.tier] = (calls + 1, within + bool(event.data["within"]))
            self.last_wait[ticket.service, ticket.tier] = event.data.get("waited", 0.0)
            self.lately[ticket.service] = (*self.lately.get(ticket.service, ())[1 - LATELY :], event.at)
        elif event.kind in ("finished", "leg_finished") and before is not None:
            self._finish(event, before)
        if event.kind == "finished":
            self.served += 1
        elif event.kind in ("left", "expired", "missed"):
            setattr(self, event.kind, getattr(self, event.kind) + 1)

    def _finish(self, event: Event, before: Ticket) -> None:
        counter, arrived = before.counter, before.now.arrived_at
        if counter is None or arrived is None:
            return
        n, minutes = self.at_counter.get(counter, (0, 0.0))
        self.at_counter[counter] = (n + 1, minutes + (event.at - arrived).total_seconds() / 60)


def share_within(called: Iterable[tuple[int, int]]) -> float | None:
    """The attained service level: the share called within their goal; None before the first call."""
    pairs = list(called)
    calls = sum(n for n, _ in pairs)
    return sum(within for _, within in pairs) / calls if calls else None
