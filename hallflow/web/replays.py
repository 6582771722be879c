"""The endpoints of replays: past days, their pictures at any moment, and counterfactual runs of a day."""

from typing import Any, cast

from flask import current_app
from flask_openapi3 import APIBlueprint, Tag

from hallflow.domain.plan import Plan
from hallflow.domain.refusals import Malformed
from hallflow.operations.outlook.heavy import one_at_a_time
from hallflow.operations.replay.day_openings import as_its_roster, openings_of
from hallflow.operations.replay.past_day import Replays
from hallflow.operations.replay.side_by_side import Otherwise, day_again, otherwise_of
from hallflow.web.bodies import Again, InHall, MomentOfDay, OfDay
from hallflow.web.context import house, present_hall
from hallflow.web.once import given_key
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


@blueprint.get("/halls/<hall>/replay/openings")
def openings(path: InHall, query: OfDay) -> dict[str, Any]:
    """When each counter was open on a day that is over, and when its roster, if one is kept, meant it to be."""
    hall = present_hall(path.hall)
    manager_of(hall.key)
    with hall.reading() as connection:
        return openings_of(connection, hall.plan, query.day)


@blueprint.post("/halls/<hall>/replay/again")
def again(path: InHall, body: Again) -> dict[str, Any]:
    """The day run again under another policy, by its roster or with other counters open, beside the day as it was."""
    hall = present_hall(path.hall)
    manager_of(hall.key)
    given_key()
    changes = [_otherwise(hall.plan, body, i) for i in range(len(body.changes))]
    with one_at_a_time(), hall.reading() as connection:
        if body.roster:
            changes = [*as_its_roster(connection, hall.plan, body.day), *changes]
        return day_again(connection, hall.plan, body.day, body.policy, changes)


def _otherwise(plan: Plan, body: Again, i: int) -> Otherwise:
    one, where = body.changes[i], f"changes.{i}"
    if one.at is None:
        raise Malformed("missing_field", field=f"{where}.at", name="at")
    is_open = one.open if one.open is not None else not one.close
    return otherwise_of(plan, body.day, one.counter, is_open, one.at, one.until, one.services or (), where)


def replays() -> Replays:
    """This application's replayable past days."""
    return cast(Replays, current_app.extensions.setdefault(KEY, Replays()))
