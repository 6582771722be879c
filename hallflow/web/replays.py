"""Days gone by, over HTTP: which there are, and the hall's pictures at any moment of one."""

from typing import Any, cast

from flask import current_app
from flask_openapi3 import APIBlueprint, Tag

from hallflow.operations.replaying import Replays
from hallflow.web.bodies import InHall, MomentOfDay
from hallflow.web.door import house, present_hall
from hallflow.web.rights import manager_of

blueprint = APIBlueprint("replays", __name__, url_prefix="/api/v1", abp_tags=[Tag(name="managers")])
KEY = "hallflow.replays"


@blueprint.get("/halls/<hall>/replay/days")
def days(path: InHall) -> dict[str, Any]:
    """The days that can be watched again, the latest first; today is one of them."""
    hall = present_hall(path.hall)
    manager_of(hall.key)
    found = [day.day.isoformat() for day in reversed(replays().days(hall))]
    return {"hall": hall.key, "today": hall.floor.day.isoformat(), "days": found}


@blueprint.get("/halls/<hall>/replay")
def replay(path: InHall, query: MomentOfDay) -> dict[str, Any]:
    """The wall and the dashboard as they were at a moment of a day; its last day over, and its beginning, by default."""
    hall = present_hall(path.hall)
    manager_of(hall.key)
    return replays().at(house(), hall, query.day, query.at)


def replays() -> Replays:
    """This application's days gone by."""
    return cast(Replays, current_app.extensions.setdefault(KEY, Replays()))
