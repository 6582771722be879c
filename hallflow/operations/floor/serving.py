"""Service at the counter until the visit is over: finish, park, resume, transfer, add a service, walk in."""

from hallflow.domain.places import credited
from hallflow.domain.refusals import Malformed, Refused, Unknown
from hallflow.domain.ticket import Ticket
from hallflow.hall import Change, Hall
from hallflow.operations.floor.calling import at_counter, free_counter
from hallflow.operations.floor.days import ensure_today
from hallflow.operations.floor.prefilling import leave_note
from hallflow.operations.floor.ticketing import issue_walk_in
from hallflow.storage.secrets import Vault


def finish(hall: Hall, counter: str, outcome: str | None = None) -> Ticket:
    """End the service; a ticket with another leg joins the line of that one."""
    with hall.change() as change:
        ticket = at_counter(change, counter)
        if change.plan.outcomes and outcome is not None and outcome not in change.plan.outcomes:
            raise Malformed("unknown_outcome", field="outcome", outcome=outcome)
        if ticket.leg + 1 < len(ticket.legs):
            return change.move("leg_finished", ticket, outcome=outcome, since=credited(change.now, ticket))
        return change.move("finished", ticket, outcome=outcome)


def park(hall: Hall, counter: str, reason: str | None = None) -> Ticket:
    """Suspend the service for a while (a form to fetch, a photo to take) and free the counter."""
    with hall.change() as change:
        return change.move("parked", at_counter(change, counter), reason=reason)


def resume(hall: Hall, counter: str, number: str) -> Ticket:
    """Resume the service of a parked customer, or begin that of a no-show who has come to this counter."""
    with hall.change() as change:
        at = free_counter(change, counter)
        ticket = change.floor.ticket(number)
        ticket.check("resumed")
        return change.move("resumed", ticket, at.key)


def transfer(
    hall: Hall,
    counter: str,
    *,
    service: str | None = None,
    to_counter: str | None = None,
    note: tuple[Vault, str] | None = None,
) -> Ticket:
    """Route the customer to another service or counter; the number stays, and the wait so far is credited."""
    with hall.change() as change:
        ticket = at_counter(change, counter)
        ticket.check("transferred")
        if service is None and to_counter is None:
            raise Malformed("missing_field", field="service", name="service")
        target = service or ticket.service
        _check_offered(change, target)
        if to_counter is not None and change.floor.counter(to_counter).state == "closed":
            raise Refused("counter_closed", field="counter", counter=change.plan.counter_name(to_counter))
        if to_counter == counter or (to_counter is None and target == ticket.service):
            raise Refused("same_service", number=ticket.number)
        since = credited(change.now, ticket)
        if note is not None:
            leave_note(change, note[0], ticket, note[1])
        noted = note is not None
        return change.move("transferred", ticket, service=target, wanted=to_counter, noted=noted, since=since)


def add_service(hall: Hall, counter: str, service: str) -> Ticket:
    """Add a leg to the visit: a service that follows the current one."""
    with hall.change() as change:
        ticket = at_counter(change, counter)
        _check_offered(change, service)
        return change.move("service_added", ticket, service=service)


def walk_in(hall: Hall, counter: str, service: str, language: str | None = None) -> Ticket:
    """Serve a customer without queueing: issue a ticket and start its service, so that it is recorded."""
    with hall.change() as change:
        # a new day closes all counters, so it begins before this one is checked
        ensure_today(change)
        at = free_counter(change, counter)
        _check_offered(change, service)
        ticket = issue_walk_in(change, service, language)
        return change.move("started", ticket, counter=at.key, reason={"code": "walk_in"})


def _check_offered(change: Change, service: str) -> None:
    if service not in change.plan.services:
        raise Unknown("no_service", field="service", service=service)
    if not change.plan.counters_for(service):
        raise Refused("no_open_counter", field="service", service=change.plan.services[service].name)
