"""Service promises (quoted lead times): which are or will be breached, and which customers the hall owes an apology."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from hallflow.domain.plan import Plan
from hallflow.domain.ticket import Ticket


@dataclass(frozen=True, slots=True)
class Breach:
    """A waiting ticket whose promise is broken, or is predicted to be."""

    ticket: Ticket
    until: datetime
    """The end of the range shown at issue."""
    expected: datetime | None
    """When it is now likely to be called; None without a prediction."""

    def is_past(self, now: datetime) -> bool:
        """Whether the promise is broken already."""
        return now > self.until


def breaches(waiting: Iterable[Ticket], expected: Mapping[str, datetime], now: datetime) -> list[Breach]:
    """The breaches among these tickets, soonest first; `expected` gives by number when each is likely to be called."""
    broken = []
    for ticket in waiting:
        until, likely = ticket.promised_until, expected.get(ticket.number)
        if until is not None and (now > until or (likely is not None and likely > until)):
            broken.append(Breach(ticket, until, likely))
    return sorted(broken, key=lambda breach: (breach.until, breach.ticket.number))


def owed_apologies(waiting: Iterable[Ticket], plan: Plan, now: datetime) -> list[Ticket]:
    """The tickets that still wait so long after their promise that the hall owes them its one apology."""
    over = timedelta(minutes=plan.rules.recovery_after_minutes)
    owed = []
    for ticket in waiting:
        until = ticket.promised_until
        if until is not None and ticket.recovered_at is None and now - until >= over:
            owed.append(ticket)
    return owed
