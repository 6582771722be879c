"""The endpoints of a customer's pre-filled form."""

from typing import Any

from flask_openapi3 import APIBlueprint, Tag

from hallflow.domain.prefill import Field
from hallflow.domain.refusals import Refused
from hallflow.operations.floor import prefilling
from hallflow.operations.floor.prefilling import Filled
from hallflow.web.bodies import Answers, OfTicket
from hallflow.web.context import house

blueprint = APIBlueprint("prefill", __name__, url_prefix="/api/v1", abp_tags=[Tag(name="tickets")])


@blueprint.get("/tickets/<token>/prefill")
def read(path: OfTicket) -> dict[str, Any]:
    """The form of this ticket's service and what has been answered."""
    hall, held = house().held(path.token)
    filled = prefilling.read_answers(hall, house().vault, held)
    if filled is None:
        raise Refused("form_none", number=held.ticket.number)
    return _drawn(filled)


@blueprint.put("/tickets/<token>/prefill")
def save(path: OfTicket, body: Answers) -> dict[str, Any]:
    """Save some answers: the good ones are kept, each faulty one is named."""
    hall, held = house().held(path.token)
    return _drawn(prefilling.save_answers(hall, house().vault, held, body.answers))


def _drawn(filled: Filled) -> dict[str, Any]:
    say = house().installation.texts.in_all
    return {
        "form": {
            "key": filled.form.key,
            "title": filled.form.title,
            "fields": [_field(field) for field in filled.form.fields],
        },
        "answers": filled.answers,
        "faults": {key: say(f"fault.{fault.code}", **fault.facts) for key, fault in filled.faults.items()},
        "accepted": filled.accepted,
        "filled": filled.count,
        "of": len(filled.form.fields),
    }


def _field(field: Field) -> dict[str, Any]:
    return {
        "key": field.key,
        "kind": field.kind,
        "label": field.label,
        "help": field.help,
        "required": field.required,
        "choices": [{"value": choice.value, "label": choice.label} for choice in field.choices],
        "max": field.max,
        "example": field.example,
    }
