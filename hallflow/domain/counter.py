"""A counter (the server of a queueing system): open, paused or closed, with its clerk and the customer it serves."""

from dataclasses import dataclass, replace
from datetime import datetime

from hallflow.domain.events import Event
from hallflow.domain.refusals import Refused

COUNTER_MOVES: dict[str, dict[str, str]] = {
    "closed": {"counter_opened": "open"},
    "open": {"counter_paused": "paused", "counter_closed": "closed", "counter_opened": "open"},
    "paused": {"counter_opened": "open", "counter_closed": "closed", "counter_paused": "paused"},
}


@dataclass(frozen=True, slots=True)
class Counter:
    """The state of one counter at one instant."""

    key: str
    services: tuple[str, ...]
    state: str = "closed"
    since: datetime | None = None
    clerk: str | None = None
    reason: str | None = None
    back_at: datetime | None = None
    ticket: str | None = None
    """The number called to or served at this counter."""
    free_since: datetime | None = None
    """When its last customer left."""

    @property
    def lines(self) -> tuple[str, ...]:
        """The lines this counter may call from: those of its services, and the line of customers sent to it alone."""
        return (*self.services, f"@{self.key}")

    def check(self, kind: str) -> str:
        """The state this event leads to; raises Refused for an event that the table of moves does not allow."""
        to = COUNTER_MOVES[self.state].get(kind)
        if to is None:
            raise Refused("counter_not_now", counter=self.key, state=self.state, verb=kind)
        return to


def counter_moved(counter: Counter, event: Event) -> Counter:
    """The counter after one of its own events."""
    state = counter.check(event.kind)
    data = event.data
    back_at = data.get("back_at")
    return replace(
        counter,
        state=state,
        since=event.at,
        clerk=None if state == "closed" else data.get("clerk", counter.clerk),
        services=tuple(data.get("services", counter.services)),
        reason=data.get("reason"),
        back_at=datetime.fromisoformat(back_at) if back_at else None,
    )
