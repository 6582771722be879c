"""The input of all view models: one immutable instant of a hall, with its plan, forecast and texts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from hallflow.config.texts import Texts
from hallflow.domain.events import Reason
from hallflow.domain.floor import Floor
from hallflow.domain.plan import Plan
from hallflow.domain.screens import Silent
from hallflow.domain.ticket import Ticket
from hallflow.domain.waits.current import Outlook, can_be_called, next_wait, ticket_shown, ticket_wait
from hallflow.snapshots.waits import as_data
from hallflow.storage.records.advices import Today


@dataclass(frozen=True, slots=True)
class Scene:
    """A hall's floor, plan and outlook at one moment, and the texts to describe them."""

    floor: Floor
    plan: Plan
    outlook: Outlook | None
    staff: Mapping[str, str]
    texts: Texts
    now: datetime
    pace: float
    demo: bool
    advice: Today
    silent: Sequence[Silent] = ()
    """Screens and kiosks that are missing."""

    def head(self, screen: str) -> dict[str, Any]:
        """The fields that every picture has."""
        return {
            "screen": screen,
            "hall": self.plan.hall,
            "hall_name": self.plan.name,
            "seq": self.floor.seq,
            "at": self.now.isoformat(),
            "pace": self.pace,
            "zone": str(self.plan.hours.zone),
            "open": self.plan.hours.is_open(self.now),
            "demo": self.demo,
        }

    def next_wait(self, service: str) -> dict[str, Any] | None:
        """The wait of a customer of the standard tier who takes a number now."""
        wait = next_wait(self.floor, self.plan, self.outlook, service, self.plan.standard_tier, self.now)
        return as_data(wait, self.now)

    def ticket_wait(self, ticket: Ticket) -> dict[str, Any] | None:
        """The remaining wait of a ticket; its clock times stay while the minutes count down."""
        wait = as_data(ticket_wait(self.floor, self.plan, self.outlook, ticket, self.now), self.now)
        shown = ticket_shown(self.outlook, ticket, self.now)
        if wait and shown:
            wait["from"] = max(shown.low, self.now).isoformat()
            wait["until"] = max(shown.high, self.now).isoformat()
        return wait

    def later_reason(self, ticket: Ticket) -> dict[str, str] | None:
        """Why the range shown to a ticket has moved later, if it has."""
        shown = ticket_shown(self.outlook, ticket, self.now)
        return self.texts.in_all(f"later.{shown.reason}") if shown and shown.reason else None

    def clock(self, at: datetime) -> str:
        """A moment in the hall's local time."""
        return f"{at.astimezone(self.plan.hours.zone):%H:%M}"

    def service_name(self, key: str) -> Any:
        """A service's name in each language; its key where it is no longer in the plan."""
        return self.plan.service_name(key)

    def counter_name(self, key: str | None) -> Any:
        """A counter's name in each language."""
        return None if key is None else self.plan.counter_name(key)

    def clerk_name(self, clerk: str | None) -> str | None:
        """The name of a counter's clerk."""
        return self.staff.get(clerk, clerk) if clerk else None

    def pause_name(self, key: str | None) -> Any:
        """The reason of a pause in each language."""
        if key == "closing":
            return self.texts.in_all("advice.closing")
        return None if key is None else self.plan.pause_reasons.get(key)

    def why(self, reason: Reason | dict[str, Any]) -> dict[str, str]:
        """A routing reason as a sentence."""
        data = reason.as_data() if isinstance(reason, Reason) else dict(reason)
        code = data.pop("code", "by_hand")
        tier = self.plan.tiers.get(str(data.get("tier")))
        return self.texts.in_all(f"reason.{code}", **(data | ({"tier": tier.name} if tier else {})))

    def closed_reason(self, service: str) -> dict[str, str] | None:
        """Why nobody is called for a service now."""
        if not self.plan.hours.is_open(self.now):
            return self.texts.in_all("reason.hall_closed")
        if not self.floor.open_count(service):
            return self.texts.in_all("reason.no_counter_open")
        return None

    def closed_for(self, ticket: Ticket) -> dict[str, str] | None:
        """Why nobody can call this ticket now."""
        if ticket.wanted is None or not self.plan.hours.is_open(self.now):
            return self.closed_reason(ticket.service)
        if not can_be_called(self.floor, ticket):
            return self.texts.in_all("reason.its_counter_not_open", counter=self.counter_name(ticket.wanted))
        return None


def minutes_since(at: datetime | None, now: datetime) -> int:
    """The whole minutes passed since a moment."""
    return max(int((now - at).total_seconds() // 60), 0) if at else 0


def iso(at: datetime | None) -> str | None:
    """A moment in ISO 8601."""
    return at.isoformat() if at else None
