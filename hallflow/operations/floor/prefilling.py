"""Pre-filling of the application: the customer answers the form while waiting, and the clerk reads it at the call."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from hallflow.domain import prefill
from hallflow.domain.prefill import Fault, Form
from hallflow.domain.refusals import Refused
from hallflow.domain.ticket import ENDED, Ticket
from hallflow.hall import Change, Hall
from hallflow.operations.checks import CHECKS
from hallflow.storage.log import ledger
from hallflow.storage.log.ledger import IssuedTicket
from hallflow.storage.records import people
from hallflow.storage.records.people import Prefill
from hallflow.storage.secrets import Vault

NOTE = "@note"
"""The key of a clerk's note among the encrypted answers of a ticket."""


@dataclass(frozen=True, slots=True)
class Filled:
    """A form with the answers given so far."""

    form: Form
    answers: Mapping[str, Any]
    accepted: bool
    faults: Mapping[str, Fault] = field(default_factory=dict)

    @property
    def count(self) -> int:
        """How many questions have an answer."""
        return prefill.filled(self.form, self.answers)


def form_of(hall: Hall, ticket: Ticket) -> Form | None:
    """The form of the ticket's current service, if it has one."""
    service = hall.plan.services.get(ticket.service)
    return hall.plan.forms.get(service.form) if service and service.form else None


def read_answers(hall: Hall, vault: Vault, held: IssuedTicket) -> Filled | None:
    """The form of this ticket and its answers; None where the service has none."""
    form = form_of(hall, held.ticket)
    if form is None:
        return None
    with hall.reading() as connection:
        stored = people.prefill_of(connection, held.token, form.key)
    return Filled(form, vault.unseal(stored.sealed) if stored else {}, bool(stored and stored.accepted))


def save_answers(hall: Hall, vault: Vault, held: IssuedTicket, given: Mapping[str, Any]) -> Filled:
    """Store the valid answers, return the faults of the others, and record that the answers have changed."""
    form = form_of(hall, held.ticket)
    if form is None:
        raise Refused("form_none", number=held.ticket.number)
    good, faults = prefill.sort_answers(form, given, CHECKS)
    with hall.change() as change:
        ticket = change.floor.tickets.get(held.ticket.number) if change.floor.day == held.day else None
        if ticket is None or ticket.state in ENDED:
            raise Refused("visit_over", number=held.ticket.number)
        stored = people.prefill_of(change.connection, held.token, form.key)
        before = vault.unseal(stored.sealed) if stored else {}
        # a faulty correction removes the earlier answer
        answers = {k: v for k, v in (before | good).items() if v is not None and k not in faults}
        accepted = not prefill.missing(form, answers)
        prefilled = Prefill(vault.seal(answers), accepted, prefill.filled(form, answers))
        people.keep_prefill(change.connection, held.token, form.key, prefilled, change.now)
        if answers != before:
            change.record("prefilled", ticket=ticket.number, accepted=accepted, filled=prefilled.filled)
    return Filled(form, answers, accepted, faults)


def leave_note(change: Change, vault: Vault, ticket: Ticket, note: str) -> None:
    """Store a clerk's note for the next clerk, encrypted; the log records only that there is one."""
    held = ledger.held_by_number(change.connection, change.hall.key, change.floor.day, ticket.number)
    if held is not None:
        prefilled = Prefill(vault.seal({"note": note}), accepted=True, filled=1)
        people.keep_prefill(change.connection, held.token, NOTE, prefilled, change.now)


def read_for_clerk(hall: Hall, vault: Vault, ticket: Ticket) -> tuple[Mapping[str, Any], str | None]:
    """The customer's answers and the note of the clerk before; queries the database only if the ticket has either."""
    form = form_of(hall, ticket)
    if not ticket.filled and not ticket.noted:
        return {}, None
    with hall.reading() as connection:
        held = ledger.held_by_number(connection, hall.key, hall.floor.day, ticket.number)
        token = held.token if held else ""
        stored = people.prefill_of(connection, token, form.key) if form and ticket.filled else None
        note = people.prefill_of(connection, token, NOTE) if ticket.noted else None
    answers = vault.unseal(stored.sealed) if stored else {}
    return answers, vault.unseal(note.sealed).get("note") if note else None
