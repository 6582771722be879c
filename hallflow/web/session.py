"""The session endpoints: staff sign in and out."""

from typing import Any

from flask import Response, jsonify, request
from flask_openapi3 import APIBlueprint, Tag

from hallflow.domain.refusals import Refused
from hallflow.web.bodies import SignIn
from hallflow.web.context import hall_of, house
from hallflow.web.once import given_key
from hallflow.web.rights import COOKIE, HOURS, SignedIn, door, signed_in

blueprint = APIBlueprint("session", __name__, url_prefix="/api/v1", abp_tags=[Tag(name="staff")])


@blueprint.post("/session")
def sign_in(body: SignIn) -> Response:
    """Sign in to a counter, or (without one) as the hall's manager."""
    # idempotent: a retry signs in again, and its token is as good as the one that was lost
    given_key()
    hall = hall_of(body.hall)
    if body.counter is not None:
        hall.floor.counter(body.counter)
    person = door().sign_in(house(), hall, body.pin, body.counter, request.remote_addr or "")
    if body.counter is not None:
        sitting = hall.floor.counter(body.counter).clerk
        if sitting not in (None, person.id):
            raise Refused(
                "counter_taken", counter=hall.plan.counter_name(body.counter), clerk=hall.staff.get(sitting, sitting)
            )
    token = door().token(person)
    response = jsonify(_drawn(person) | {"token": token})
    response.set_cookie(COOKIE, token, max_age=HOURS * 3600, httponly=True, samesite="Strict", secure=request.is_secure)
    return response


@blueprint.get("/session")
def who() -> dict[str, Any]:
    """Who is signed in here."""
    return _drawn(signed_in())


@blueprint.delete("/session")
def sign_out() -> Response:
    """Sign out of this browser."""
    response = jsonify({})
    response.delete_cookie(COOKIE, samesite="Strict")
    return response


def _drawn(person: SignedIn) -> dict[str, Any]:
    return {"role": person.role, "hall": person.hall, "counter": person.counter, "name": person.name}
