"""The promise ledger: who was promised to be called by when, who will not be, and whom the hall owes an apology."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from hallflow.domain.plan import Plan
from hallflow.domain.ticket import Ticket


@dataclass(frozen=True, slots=True)
class Breach:
    """A waiting ticket that breaks its promise, or has done so already."""

    ticket: Ticket
    until: datetime
    """The end of the range shown at issue."""
    expected: datetime | None
    """When it is likely to be called now; None where nobody can say."""

    def is_past(self, now: datetime) -> bool:
        """Whether the promise is broken already."""
        return now > self.until


def breaches(waiting: Iterable[Ticket], expected: Mapping[str, datetime], now: datetime) -> list[Breach]:
    """Those whose promise is broken, or will be by when they are likely to be called (by number); soonest first."""
    found = []
    for ticket in waiting:
        until, likely = ticket.promised_until, expected.get(ticket.number)
        if until is not None and (now > until or (likely is not None and likely > until)):
            found.append(Breach(ticket, until, likely))
    return sorted(found, key=lambda breach: (breach.until, breach.ticket.number))


def owed(waiting: Iterable[Ticket], plan: Plan, now: datetime) -> list[Ticket]:
    """Those who still wait so long after their promise that the hall apologises; each is owed it once."""
    over = timedelta(minutes=plan.rules.recovery_after_minutes)
    found = []
    for ticket in waiting:
        until = ticket.promised_until
        if until is not None and ticket.recovered_at is None and now - until >= over:
            found.append(ticket)
    return found
