"""Halls at a glance, and what one offers now."""

from typing import Any

from flask_openapi3 import APIBlueprint, Tag

from hallflow.snapshots.advice import asked_of
from hallflow.snapshots.public import kiosk, offered
from hallflow.web.bodies import InHall
from hallflow.web.context import house, present_hall

blueprint = APIBlueprint("halls", __name__, url_prefix="/api/v1", abp_tags=[Tag(name="halls")])


@blueprint.get("/halls")
def halls() -> dict[str, Any]:
    """Every hall: open or closed, how many wait, and the wait from the shortest to the longest service."""
    found = []
    for hall in house().halls.values():
        scene = house().scene(hall)
        waits = [wait for service in offered(scene) if (wait := scene.next_wait(service.key))]
        found.append(
            {
                "key": hall.key,
                "name": hall.plan.name,
                "open": hall.plan.hours.is_open(scene.now),
                "waiting": scene.floor.waiting_count(),
                "wait": _span(waits),
            }
        )
    return {"halls": found}


def _span(waits: list[dict[str, Any]]) -> dict[str, Any] | None:
    """From the shortest to the longest wait that a newcomer may have here."""
    if not waits:
        return None
    least, most = min(waits, key=lambda wait: int(wait["low"])), max(waits, key=lambda wait: int(wait["high"]))
    likely = sorted(int(wait["likely"]) for wait in waits)[len(waits) // 2]
    return {"low": least["low"], "likely": likely, "high": most["high"], "from": least["from"], "until": most["until"]}


@blueprint.get("/halls/<hall>")
def hall(path: InHall) -> dict[str, Any]:
    """What this hall offers, with the present wait of each service."""
    return kiosk(house().scene(present_hall(path.hall)))


@blueprint.get("/halls/<hall>/counters")
def counters(path: InHall) -> dict[str, Any]:
    """The counters and whether somebody sits there: what the sign-in page needs."""
    scene = house().scene(present_hall(path.hall))
    return {
        "counters": [
            {
                "key": c.key,
                "name": scene.counter_name(c.key),
                "state": c.state,
                "taken": c.clerk is not None,
                "asked": asked_of(scene, c.key),
            }
            for c in scene.floor.counters.values()
        ]
    }
