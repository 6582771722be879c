"""Customers take a number, wait, come late, let others first, leave."""

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
    """What a customer asks for at the kiosk."""

    services: Sequence[str]
    language: str | None = None
    """The one they chose; None: the hall's first."""
    card: str | None = None
    known_tier: str | None = None
    """The tier the customer register has for this card or phone."""
    visit: str | None = None
    """One walk to the kiosk: asking again with it gives the same ticket."""


def take_ticket(hall: Hall, wish: Wish) -> tuple[IssuedTicket, bool]:
    """Give a number; and whether it is new, or the one this visit already has."""
    check_wish(hall.plan, wish)
    try:
        with hall.change() as change:
            return _issue(change, wish), True
    except (Refused, IntegrityError):
        # a visit that has its ticket keeps it, whatever the hall would say to a new one
        if wish.visit:
            with hall.reading() as connection:
                held = ledger.held_by_visit(connection, hall.key, wish.visit)
            if held is not None:
                return held, False
        raise


def check_wish(plan: Plan, wish: Wish) -> None:
    """Refuse services that this hall does not know or offer."""
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
    said = next_predicted(change.floor, plan, change.hall.outlook, service, tier.key, change.now)
    promise = next_shown(change.floor, plan, service, said)
    others = (*baselines(change.floor, plan, service, tier.key, change.now), *said.get("twin", ()))
    shown = {"promise": promise.as_tuple(), "beside": others, "foreseen": said.get("foreseen")}
    return _issue_as(change, wish, tier.key, **{name: list(told) for name, told in shown.items() if told})


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
    """A number for somebody who already stands at the counter."""
    return _issue_as(change, Wish([service], language), change.plan.standard_tier).ticket


def leave(hall: Hall, held: IssuedTicket) -> Ticket:
    """The customer gives the number back."""
    with hall.change() as change:
        return _end(change, _mine(change, held), "left")


def _end(change: Change, ticket: Ticket, kind: str) -> Ticket:
    return change.move(kind, ticket, by="customer")


def defer(hall: Hall, held: IssuedTicket, places: int = 2) -> Ticket:
    """The customer lets the next ones of the same service go first."""
    with hall.change() as change:
        ticket = _mine(change, held)
        ticket.check("deferred")
        since = put_back(change.floor, ticket, places)
        return change.move("deferred", ticket, since=since, places=places)


def come_late(hall: Hall, held: IssuedTicket) -> Ticket:
    """A missed customer is here after all: next, a few places on, or too late."""
    with hall.change() as change:
        ticket = _mine(change, held)
        return return_to_line(change, ticket)


def return_to_line(change: Change, ticket: Ticket) -> Ticket:
    """Back into line by the hall's rule for late customers."""
    ticket.check("returned")
    since, calls = late_place(change.floor, change.plan.rules, ticket)
    return change.move("returned", ticket, since=since, calls=calls)


def rate(hall: Hall, held: IssuedTicket, stars: int) -> Ticket:
    """The customer says how it was, once, after being served."""
    with hall.change() as change:
        now_held = ledger.held_by_token(change.connection, held.token)
        if now_held is None or now_held.ticket.state != "served":
            raise Refused("not_over", number=held.ticket.number)
        if now_held.ticket.stars is not None:
            raise Refused("rated_already", number=held.ticket.number)
        return change.rate(now_held, stars)


def _mine(change: Change, held: IssuedTicket) -> Ticket:
    """The holder's open ticket as it is in this turn."""
    if held.day != change.floor.day or held.ticket.number not in change.floor.tickets:
        raise Refused("visit_over", number=held.ticket.number)
    return change.floor.tickets[held.ticket.number]
