"""The customer's endpoints: take a number, see it, leave, let others first, come late, rate the service."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

import segno
from flask import Response, request
from flask_openapi3 import APIBlueprint, Tag

from hallflow.domain.refusals import Malformed, Unknown
from hallflow.domain.ticket import Ticket
from hallflow.hall import Hall
from hallflow.operations.checks import normal_card, normal_phone
from hallflow.operations.floor import ticketing
from hallflow.operations.floor.ticketing import Wish
from hallflow.snapshots.ticket import ticket as picture
from hallflow.storage.log import ledger
from hallflow.storage.log.ledger import IssuedTicket
from hallflow.storage.records import people
from hallflow.storage.records.answers import Done
from hallflow.web.bodies import Defer, Feedback, InHall, Nothing, OfTicket, TakeTicket
from hallflow.web.context import hall_of, house
from hallflow.web.once import Answer, once

blueprint = APIBlueprint("tickets", __name__, url_prefix="/api/v1", abp_tags=[Tag(name="tickets")])


@blueprint.post("/halls/<hall>/tickets")
def take(path: InHall, body: TakeTicket) -> Answer:
    """Take a number. The same `visit` again gives the same ticket with 200."""
    hall = hall_of(path.hall)
    wish = _wish(body)

    return once(
        hall,
        lambda: ticketing.take_ticket(hall, wish),
        lambda taken: (_drawn(hall, taken[0].token, taken[0].ticket), 201 if taken[1] else 200),
        lambda done: (_again(hall, done), 201),
    )


@blueprint.get("/tickets/<token>")
def see(path: OfTicket) -> dict[str, Any]:
    """Where this ticket stands."""
    hall, held = house().held(path.token)
    hall.catch_up()
    return _drawn(hall, held.token, held.ticket)


@blueprint.post("/tickets/<token>/leave")
def leave(path: OfTicket, body: Nothing) -> Answer:
    """Give the number back."""
    return _by_holder(path.token, ticketing.leave)


@blueprint.post("/tickets/<token>/defer")
def defer(path: OfTicket, body: Defer) -> Answer:
    """Let the next ones go first."""
    return _by_holder(path.token, lambda hall, held: ticketing.defer(hall, held, body.places))


@blueprint.post("/tickets/<token>/late")
def late(path: OfTicket, body: Nothing) -> Answer:
    """Missed, but here now: next, a few places on, or too late."""
    return _by_holder(path.token, ticketing.come_late)


@blueprint.post("/tickets/<token>/feedback")
def feedback(path: OfTicket, body: Feedback) -> Answer:
    """Say how it was, once."""
    return _by_holder(path.token, lambda hall, held: ticketing.rate(hall, held, body.stars))


def _by_holder(token: str, verb: Callable[[Hall, IssuedTicket], Ticket]) -> Answer:
    """Do a verb on the ticket of this token, and answer with the ticket after it."""
    hall, held = house().held(token)
    return once(
        hall,
        lambda: verb(hall, held),
        lambda ticket: (_drawn(hall, token, ticket), 200),
        lambda done: (_again(hall, done), 200),
    )


@blueprint.get("/tickets/<token>/qr.svg")
def qr(path: OfTicket) -> Response:
    """The address of the ticket's page, as a code a phone can read."""
    _, held = house().held(path.token)
    base = house().installation.address or request.host_url.rstrip("/")
    drawn = BytesIO()
    segno.make(f"{base}/t/{held.token}", error="m").save(drawn, kind="svg", scale=8, border=2, dark="#16202E")
    return Response(drawn.getvalue(), mimetype="image/svg+xml", headers={"Cache-Control": "private, max-age=3600"})


def _wish(body: TakeTicket) -> Wish:
    if (body.service is None) == (body.services is None):
        raise Malformed("missing_field", field="service", name="service")
    card = normal_card(body.card) if body.card else None
    phone = normal_phone(body.phone) if body.phone else None
    services = body.services or [str(body.service)]
    return Wish(services, body.language, card, _known_tier(card or phone), body.visit)


def _known_tier(identity: str | None) -> str | None:
    if identity is None:
        return None
    with house().engine.connect() as connection:
        return people.known_tier(connection, house().vault.digest(identity))


def _again(hall: Hall, done: Done) -> dict[str, Any]:
    """A retry's answer: the present state of the ticket that the first request changed."""
    with hall.reading() as connection:
        held = ledger.held_by_number(connection, hall.key, done.day, str(done.number))
    if held is None:
        raise Unknown("no_such_token", field="token")
    return _drawn(hall, held.token, held.ticket)


def _drawn(hall: Hall, token: str, ticket: Ticket) -> dict[str, Any]:
    return picture(house().scene(hall), token, ticket)
