"""Halls at a glance, and what one offers now."""

from typing import Any

from flask_openapi3 import APIBlueprint, Tag

from hallflow.snapshots.public import kiosk, offered
from hallflow.web.bodies import InHall
from hallflow.web.door import hall_of, house

blueprint = APIBlueprint("halls", __name__, url_prefix="/api/v1", abp_tags=[Tag(name="halls")])


@blueprint.get("/halls")
def halls() -> dict[str, Any]:
    """Every hall: open or closed, how many wait, and the shortest wait a newcomer may expect."""
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
                "wait": min(waits, key=lambda wait: int(wait["likely"]), default=None),
            }
        )
    return {"halls": found}


@blueprint.get("/halls/<hall>")
def hall(path: InHall) -> dict[str, Any]:
    """What this hall offers, with the present wait of each service."""
    return kiosk(house().scene(hall_of(path.hall)))


@blueprint.get("/halls/<hall>/counters")
def counters(path: InHall) -> dict[str, Any]:
    """The counters and whether somebody sits there: what the sign-in page needs."""
    scene = house().scene(hall_of(path.hall))
    return {
        "counters": [
            {"key": c.key, "name": scene.counter_name(c.key), "state": c.state, "taken": c.clerk is not None}
            for c in scene.floor.counters.values()
        ]
    }
