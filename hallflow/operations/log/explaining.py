"""The audit trail of one ticket: its story, read from the log."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from sqlalchemy import Connection

from hallflow.domain.events import Event
from hallflow.domain.past.story import Story, explain
from hallflow.domain.plan import Plan
from hallflow.domain.refusals import Refused
from hallflow.storage.log import ledger
from hallflow.storage.log.logbook import UNREADABLE, day_seq, entries


class NoStory(Exception):
    """The ticket has no story; `code` is the key of the explanation in the texts' table `explain`."""

    def __init__(self, code: str, **facts: object) -> None:
        super().__init__(code, facts)
        self.code = code
        self.facts = facts


def explain_ticket(connection: Connection, plan: Plan, number: str, day: date | None = None) -> Story:
    """The story of a ticket of this day, by default of the log's present day."""
    head = ledger.head(connection, plan.hall)
    asked = day or (head.day if head else None)
    if head is None or asked is None:
        raise NoStory("no_log", hall=plan.name)
    # a moment certainly before that day began, whatever its first hour
    begins = datetime.combine(asked, plan.hours.day_starts, plan.hours.zone) - timedelta(days=1)
    first = head.day_seq if asked == head.day else day_seq(connection, plan.hall, asked, begins)
    if first is None:
        raise NoStory("no_day", hall=plan.name, day=asked.isoformat())
    try:
        story = explain(plan, asked, number, _events(connection, plan.hall, first))
    except (Refused, *UNREADABLE) as fault:
        raise NoStory("broken", hall=plan.name, day=asked.isoformat()) from fault
    if not story.entries:
        raise NoStory("not_given", number=number, hall=plan.name, day=asked.isoformat())
    return story


def _events(connection: Connection, hall: str, first: int) -> Iterator[Event]:
    for entry in entries(connection, hall, first - 1):
        if entry.event is None:
            raise ValueError(f"entry {entry.seq} cannot be read")
        yield entry.event
