"""A clerk's side of the API: every verb of the counter."""

from collections.abc import Callable, Mapping
from typing import Any

from flask_openapi3 import APIBlueprint, Tag

from hallflow.domain.prefill import Field
from hallflow.domain.refusals import Malformed, Unknown
from hallflow.hall import Hall
from hallflow.operations.floor import calling, counters, prefilling, serving
from hallflow.snapshots.console import console, desk
from hallflow.web.bodies import AtCounter, AtVerb, VerbBody
from hallflow.web.door import hall_of, house, present_hall
from hallflow.web.once import Answer, once
from hallflow.web.rights import Forbidden, Person, clerk_at, may_see, signed_in

blueprint = APIBlueprint("counters", __name__, url_prefix="/api/v1", abp_tags=[Tag(name="counters")])
Verb = Callable[[Hall, str, VerbBody, Person], object]


def _need(value: str | None, name: str) -> str:
    if value is None:
        raise Malformed("missing_field", field=name, name=name)
    return value


VERBS: dict[str, Verb] = {
    "open": lambda hall, at, body, who: counters.open_counter(hall, at, who.id, body.services),
    "pause": lambda hall, at, body, who: counters.pause_counter(hall, at, _need(body.reason, "reason"), body.minutes),
    "close": lambda hall, at, body, who: counters.close_counter(hall, at),
    "call-next": lambda hall, at, body, who: calling.call_next(hall, at),
    "call": lambda hall, at, body, who: calling.call(hall, at, _need(body.ticket, "ticket")),
    "recall": lambda hall, at, body, who: calling.recall(hall, at),
    "arrived": lambda hall, at, body, who: calling.arrived(hall, at),
    "start": lambda hall, at, body, who: calling.start(hall, at, body.ticket),
    "finish": lambda hall, at, body, who: serving.finish(hall, at, body.outcome),
    "miss": lambda hall, at, body, who: calling.miss(hall, at),
    "requeue": lambda hall, at, body, who: calling.requeue(hall, at, body.places),
    "park": lambda hall, at, body, who: serving.park(hall, at, body.reason),
    "resume": lambda hall, at, body, who: serving.resume(hall, at, _need(body.ticket, "ticket")),
    "transfer": lambda hall, at, body, who: serving.transfer(
        hall,
        at,
        service=body.service,
        to_counter=body.counter,
        note=(house().vault, body.note) if body.note else None,
    ),
    "add-service": lambda hall, at, body, who: serving.add_service(hall, at, _need(body.service, "service")),
    "walk-in": lambda hall, at, body, who: serving.walk_in(hall, at, _need(body.service, "service"), body.language),
}


@blueprint.get("/halls/<hall>/counters/<counter>")
def see(path: AtCounter) -> dict[str, Any]:
    """What this counter's clerk sees, the customer's answers included."""
    hall, person = present_hall(path.hall), signed_in()
    hall.floor.counter(path.counter)
    if not may_see(person, hall.key, path.counter):
        raise Forbidden
    picture = console(house().scene(hall), path.counter)
    return _with_answers(hall, picture) if person.counter == path.counter else picture


@blueprint.post("/halls/<hall>/counters/<counter>/<verb>")
def act(path: AtVerb, body: VerbBody) -> Answer:
    """Do a verb at this counter; the answer is what it changed there: the console without `next` and the choices."""
    hall = hall_of(path.hall)
    verb = VERBS.get(path.verb)
    if verb is None:
        raise Unknown("unknown_verb", field="verb", verb=path.verb)
    hall.floor.counter(path.counter)
    person = clerk_at(hall.key, path.counter)
    picture, status = once(
        hall,
        lambda: verb(hall, path.counter, body, person),
        lambda _: (desk(house().scene(hall), path.counter), 200),
        lambda _: (desk(house().scene(hall), path.counter), 200),
    )
    # added afterwards: what a customer wrote is not remembered with the answer for a retry
    return _with_answers(hall, picture), status


def _with_answers(hall: Hall, picture: dict[str, Any]) -> dict[str, Any]:
    """The picture with what only the clerk in front of the customer sees: the answers, and the note of the clerk before."""
    serving_now = picture["serving"]
    ticket = hall.floor.tickets.get(serving_now["number"]) if serving_now else None
    if ticket is None:
        return picture
    answers, note = prefilling.read_for_clerk(hall, house().vault, ticket)
    form = prefilling.form_of(hall, ticket)
    seen: dict[str, Any] = {"note": note}
    if form is not None and serving_now["form"]:
        fields = [_answered(field, answers) for field in form.fields]
        seen["form"] = serving_now["form"] | {"fields": fields}
    return picture | {"serving": serving_now | seen}


def _answered(field: Field, answers: Mapping[str, Any]) -> dict[str, Any]:
    """One answer in words, with what is missing marked."""
    said = house().installation.texts
    value = answers.get(field.key)
    labels = {choice.value: choice.label for choice in field.choices}
    if isinstance(value, bool):
        value = said.both("common.yes" if value else "common.no")
    elif isinstance(value, list):
        value = {lang: mark.join(labels[v][lang] for v in value) for lang, mark in (("zh", "、"), ("en", ", "))}
    elif value in labels:
        value = labels[value]
    return {"key": field.key, "label": field.label, "value": value, "missing": value is None and field.required}
