"""The customer fills in the request while waiting; the clerk reads it when they are called."""

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
"""Where a clerk's note stands among the sealed answers of a ticket."""


@dataclass(frozen=True, slots=True)
class Filled:
    """A form with what has been answered so far."""

    form: Form
    answers: Mapping[str, Any]
    accepted: bool
    faults: Mapping[str, Fault] = field(default_factory=dict)

    @property
    def count(self) -> int:
        """How many questions have an answer."""
        return prefill.filled(self.form, self.answers)


def form_of(hall: Hall, ticket: Ticket) -> Form | None:
    """The form of what this customer is here for now."""
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
    """Keep the good answers, name the faulty ones, and tell the hall when the form becomes complete."""
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
        # an answer that is being corrected no longer stands
        answers = {k: v for k, v in (before | good).items() if v is not None and k not in faults}
        accepted = not prefill.missing(form, answers)
        kept = Prefill(vault.seal(answers), accepted, prefill.filled(form, answers))
        people.keep_prefill(change.connection, held.token, form.key, kept, change.now)
        if answers != before:
            change.record("prefilled", ticket=ticket.number, accepted=accepted, filled=kept.filled)
    return Filled(form, answers, accepted, faults)


def leave_note(change: Change, vault: Vault, ticket: Ticket, note: str) -> None:
    """Keep a clerk's words for the next clerk, sealed: the log only knows that there is a note."""
    held = ledger.held_by_number(change.connection, change.hall.key, change.floor.day, ticket.number)
    if held is not None:
        kept = Prefill(vault.seal({"note": note}), accepted=True, filled=1)
        people.keep_prefill(change.connection, held.token, NOTE, kept, change.now)


def read_for_clerk(hall: Hall, vault: Vault, ticket: Ticket) -> tuple[Mapping[str, Any], str | None]:
    """What the customer has answered, and the note of the clerk before; asks the database only if there is any."""
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
