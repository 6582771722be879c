"""Arrival and abandonment: customers take a number, come late, defer, leave, and rate their visit."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.exc import IntegrityError

from hallflow.domain.places import late_place, put_back
from hallflow.domain.plan import Plan
from hallflow.domain.refusals import Refused, Unknown
from hallflow.domain.ticket import Ticket
from hallflow.domain.tiers import tier_for
from hallflow.domain.waits.baselines import baselines
from hallflow.domain.waits.current import next_predicted, next_shown
from hallflow.hall import Change, Hall
from hallflow.operations.floor.days import ensure_today
from hallflow.storage.log import ledger
from hallflow.storage.log.ledger import IssuedTicket

NUMBERS = 999


@dataclass(frozen=True, slots=True)
class Wish:
    """A customer's request for a ticket."""

    services: Sequence[str]
    language: str | None = None
    """The language they chose; None means the hall's first."""
    card: str | None = None
    known_tier: str | None = None
    """The tier of this card or phone in the customer register."""
    visit: str | None = None
    """The id of one visit to the kiosk: a repeated request with it gives the same ticket (idempotency key)."""


def take_ticket(hall: Hall, wish: Wish) -> tuple[IssuedTicket, bool]:
    """Issue a ticket, or give the one that this visit already has; and whether it is new."""
    check_wish(hall.plan, wish)
    try:
        with hall.change() as change:
            return _issue(change, wish), True
    except (Refused, IntegrityError):
        # a visit keeps its ticket even where a new one would be refused
        if wish.visit:
            with hall.reading() as connection:
                held = ledger.held_by_visit(connection, hall.key, wish.visit)
            if held is not None:
                return held, False
        raise


def check_wish(plan: Plan, wish: Wish) -> None:
    """Raise Refused for services that this hall does not have or offer."""
    if not wish.services:
        raise Unknown("no_service", field="service", service="")
    for service in wish.services:
        if service in plan.elsewhere:
            raise Unknown("not_offered", field="service", service=plan.elsewhere[service])
        if service not in plan.services:
            raise Unknown("no_service", field="service", service=service)
        if not plan.counters_for(service):
            raise Refused("no_open_counter", field="service", service=plan.services[service].name)


def _issue(change: Change, wish: Wish) -> IssuedTicket:
    plan = change.plan
    if not plan.hours.is_open(change.now):
        raise Refused("closed_hall", hall=plan.name)
    ensure_today(change)
    if change.floor.waiting_count() >= plan.rules.waiting_at_most:
        raise Refused("full", waiting=plan.rules.waiting_at_most)
    tier = tier_for(plan, wish.card, wish.known_tier)
    service = wish.services[0]
    if not change.floor.open_count(service):
        return _issue_as(change, wish, tier.key)
    predicted = next_predicted(change.floor, plan, change.hall.outlook, service, tier.key, change.now)
    promise = next_shown(change.floor, plan, service, predicted)
    others = (*baselines(change.floor, plan, service, tier.key, change.now), *predicted.get("twin", ()))
    shown = {"promise": promise.as_tuple(), "beside": others, "foreseen": predicted.get("foreseen")}
    return _issue_as(change, wish, tier.key, **{name: list(minutes) for name, minutes in shown.items() if minutes})


def _issue_as(change: Change, wish: Wish, tier: str, **shown: Any) -> IssuedTicket:
    letter = change.plan.services[wish.services[0]].letter
    count = change.floor.numbers.get(letter, 0) + 1
    token = secrets.token_urlsafe(12)
    ticket = change.issue(
        f"{letter}{count:03d}",
        token,
        wish.visit,
        letter=letter,
        count=count,
        services=list(wish.services),
        tier=tier,
        language=wish.language or change.plan.languages[0].code,
        **{"promise": None} | shown,
    )
    return IssuedTicket(change.hall.key, change.floor.day, token, ticket)


def issue_walk_in(change: Change, service: str, language: str | None) -> Ticket:
    """Issue a ticket to a customer who already stands at the counter."""
    return _issue_as(change, Wish([service], language), change.plan.standard_tier).ticket


def leave(hall: Hall, held: IssuedTicket) -> Ticket:
    """The customer leaves before being served (abandonment)."""
    with hall.change() as change:
        return _end(change, _mine(change, held), "left")


def _end(change: Change, ticket: Ticket, kind: str) -> Ticket:
    return change.move(kind, ticket, by="customer")


def defer(hall: Hall, held: IssuedTicket, places: int = 2) -> Ticket:
    """The customer steps back by some places in their line (defer)."""
    with hall.change() as change:
        ticket = _mine(change, held)
        ticket.check("deferred")
        since = put_back(change.floor, ticket, places)
        return change.move("deferred", ticket, since=since, places=places)


def come_late(hall: Hall, held: IssuedTicket) -> Ticket:
    """A no-show comes after all: served next, some places back, or refused as too late."""
    with hall.change() as change:
        ticket = _mine(change, held)
        return return_to_line(change, ticket)


def return_to_line(change: Change, ticket: Ticket) -> Ticket:
    """Return a no-show to the line by the hall's rule for late customers."""
    ticket.check("returned")
    since, calls = late_place(change.floor, change.plan.rules, ticket)
    return change.move("returned", ticket, since=since, calls=calls)


def rate(hall: Hall, held: IssuedTicket, stars: int) -> Ticket:
    """The customer rates the visit, once, after being served."""
    with hall.change() as change:
        now_held = ledger.held_by_token(change.connection, held.token)
        if now_held is None or now_held.ticket.state != "served":
            raise Refused("not_over", number=held.ticket.number)
        if now_held.ticket.stars is not None:
            raise Refused("rated_already", number=held.ticket.number)
        return change.rate(now_held, stars)


def _mine(change: Change, held: IssuedTicket) -> Ticket:
    """The holder's open ticket in the state of this turn."""
    if held.day != change.floor.day or held.ticket.number not in change.floor.tickets:
        raise Refused("visit_over", number=held.ticket.number)
    return change.floor.tickets[held.ticket.number]
