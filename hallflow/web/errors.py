"""Error responses: every fault as {"error": {"code", "message", "field"?}} with its status, in the caller's language."""

from typing import Any

import structlog
from flask import Flask, Response, jsonify, make_response, render_template, request
from pydantic import ValidationError
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as Crowded
from werkzeug.exceptions import HTTPException

from hallflow.domain.refusals import Malformed, Refused, Unknown
from hallflow.storage.database.faults import why
from hallflow.web.context import house, language
from hallflow.web.rights import Forbidden, TooManyTries, Unsigned

log = structlog.get_logger()
STATUS: tuple[tuple[type[Refused], int], ...] = ((Unknown, 404), (Malformed, 400), (Refused, 409))
GONE = frozenset({"token_expired"})
LATER = frozenset({"sums_busy"})


def answer(status: int, code: str, field: str | None = None, **facts: Any) -> Response:
    """An error response of the API."""
    sentence = house().installation.texts.say(language(), f"refused.{code}", **named(facts))
    error = {"code": code, "message": sentence} | ({"field": field} if field else {})
    response = jsonify({"error": error})
    response.status_code = status
    return response


def named(facts: dict[str, Any]) -> dict[str, Any]:
    """Facts with a counter's key replaced by its name, where the address names the hall."""
    hall = house().halls.get(str((request.view_args or {}).get("hall")))
    counter = hall.plan.counters.get(str(facts.get("counter"))) if hall else None
    return facts | {"counter": counter.name} if counter else facts


def malformed(fault: ValidationError) -> Response:
    """A validation error's response: the first fault, with its field."""
    first = fault.errors(include_url=False, include_input=False, include_context=False)[0]
    field = ".".join(str(part) for part in first["loc"])
    if not field:
        return answer(400, "malformed", "body", what="body")
    code = {"missing": "missing_field", "extra_forbidden": "unknown_field"}.get(first["type"], "malformed")
    return answer(400, code, field, name=field, what=field)


def _later(code: str) -> Response:
    """A temporary fault (503): the client may retry the same request."""
    response = answer(503, code)
    response.headers["Retry-After"] = "2"
    return response


def watch_for_faults(app: Flask) -> None:
    """Register an error handler for every kind of fault."""

    @app.errorhandler(Refused)
    def refused(fault: Refused) -> Response:
        status = next(number for kind, number in STATUS if isinstance(fault, kind))
        if fault.code in GONE:
            status = 410
        response = answer(429 if fault.code in LATER else status, fault.code, fault.field, **fault.facts)
        if fault.code in LATER:
            response.headers["Retry-After"] = "1"
        return response

    @app.errorhandler(Unsigned)
    def unsigned(fault: Unsigned) -> Response:
        return answer(401, fault.code)

    @app.errorhandler(Forbidden)
    def forbidden(fault: Forbidden) -> Response:
        return answer(403, "not_allowed")

    @app.errorhandler(TooManyTries)
    def too_many(fault: TooManyTries) -> Response:
        response = answer(429, "too_many_tries", seconds=fault.seconds)
        response.headers["Retry-After"] = str(fault.seconds)
        return response

    @app.errorhandler(DBAPIError)
    def database(fault: DBAPIError) -> Response:
        code = why(fault.orig)
        log.error("database_fault", fault=type(fault.orig).__name__, code=code, exc_info=code == "busy_try_again")
        return _later(code)

    @app.errorhandler(Crowded)
    def crowded(fault: Crowded) -> Response:
        log.error("database_fault", fault="no connection was free")
        return _later("busy_try_again")

    @app.errorhandler(HTTPException)
    def http(fault: HTTPException) -> Response | HTTPException:
        status = fault.code or 500
        if fault.response is not None:
            return fault
        code = {404: "no_page", 405: "wrong_method", 413: "too_large", 400: "malformed"}.get(status, "fault")
        facts: dict[str, Any] = {"verb": request.method, "what": "body", "number": status}
        if request.path.startswith("/api/"):
            return answer(status, code, **facts)
        say = house().installation.texts.say
        sentence = say(language(), f"refused.{code}", **facts)
        return make_response(render_template("error.html", page="error", status=status, sentence=sentence), status)
