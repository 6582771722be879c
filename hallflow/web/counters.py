"""The clerk's endpoints: the console, and every verb of a counter."""

from collections.abc import Callable, Mapping
from inspect import signature
from typing import Any

from flask_openapi3 import APIBlueprint, Tag

from hallflow.domain.prefill import Field
from hallflow.domain.refusals import Malformed, Unknown
from hallflow.domain.verbs import VERBS, Verb
from hallflow.hall import Hall
from hallflow.operations.floor import calling, counters, prefilling, serving
from hallflow.snapshots.console import console, desk
from hallflow.web.bodies import AtCounter, AtVerb, VerbBody
from hallflow.web.context import hall_of, house, present_hall
from hallflow.web.once import Answer, once
from hallflow.web.rights import Forbidden, SignedIn, clerk_at, may_see, signed_in

blueprint = APIBlueprint("counters", __name__, url_prefix="/api/v1", abp_tags=[Tag(name="counters")])
SENT_AS = {"number": "ticket", "to_counter": "counter"}
"""Operation parameter to body field, where their names differ."""


def _operation(verb: Verb) -> Callable[..., object]:
    """The function that does this verb: `add-service` is serving.add_service, `open` of a counter is counters.open_counter."""
    name = verb.name.replace("-", "_")
    room = counters if verb.of_counter else calling if hasattr(calling, name) else serving
    found: Callable[..., object] = getattr(room, f"{name}_counter" if verb.of_counter else name)
    return found


OPERATIONS = {verb.name: _operation(verb) for verb in VERBS}
PARAMETERS = {verb: list(signature(does).parameters.values())[2:] for verb, does in OPERATIONS.items()}
"""Each operation's parameters after the hall and the counter."""


def _arguments(verb: str, body: VerbBody, person: SignedIn) -> dict[str, object]:
    """The operation's parameters by name, each from the body's field of that name; one without a default must be sent."""
    given: dict[str, object] = {}
    for parameter in PARAMETERS[verb]:
        field = SENT_AS.get(parameter.name, parameter.name)
        value = person.id if field == "clerk" else getattr(body, field)
        if value is None and parameter.default is parameter.empty:
            raise Malformed("missing_field", field=field, name=field)
        given[parameter.name] = (house().vault, value) if field == "note" and value else value
    return given


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
    does = OPERATIONS.get(path.verb)
    if does is None:
        raise Unknown("unknown_verb", field="verb", verb=path.verb)
    hall.floor.counter(path.counter)
    person = clerk_at(hall.key, path.counter)
    picture, status = once(
        hall,
        lambda: does(hall, path.counter, **_arguments(path.verb, body, person)),
        lambda _: (desk(house().scene(hall), path.counter), 200),
        lambda _: (desk(house().scene(hall), path.counter), 200),
    )
    # added afterwards: a customer's answers are not cached with the response for a retry
    return _with_answers(hall, picture), status


def _with_answers(hall: Hall, picture: dict[str, Any]) -> dict[str, Any]:
    """The picture with what only the serving clerk may see: the customer's answers, and the previous clerk's note."""
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
    """One answer as text, with a missing required one marked."""
    said = house().installation.texts
    value = answers.get(field.key)
    labels = {choice.value: choice.label for choice in field.choices}
    if isinstance(value, bool):
        value = said.in_all("common.yes" if value else "common.no")
    elif isinstance(value, list):
        value = said.listed([labels[choice] for choice in value])
    elif value in labels:
        value = labels[value]
    return {"key": field.key, "label": field.label, "value": value, "missing": value is None and field.required}
