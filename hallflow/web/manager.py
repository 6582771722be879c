"""The manager's side of the API: the hall live, its outlook, staffing, standards and log."""

from datetime import date
from typing import Any

from flask_openapi3 import APIBlueprint, Tag

from hallflow.operations import reporting, supposing
from hallflow.operations.recording import track_record
from hallflow.operations.supposing import Supposed
from hallflow.snapshots.dashboard import dashboard
from hallflow.snapshots.outlook import draw_outlook
from hallflow.storage import ledger
from hallflow.web.bodies import After, Between, InHall, OnDate, WhatIf
from hallflow.web.door import house, present_hall
from hallflow.web.rights import manager_of

blueprint = APIBlueprint("manager", __name__, url_prefix="/api/v1", abp_tags=[Tag(name="managers")])


@blueprint.get("/halls/<hall>/floor")
def floor(path: InHall) -> dict[str, Any]:
    """The hall at this instant."""
    hall = present_hall(path.hall)
    manager_of(hall.key)
    return dashboard(house().scene(hall))


@blueprint.get("/halls/<hall>/outlook")
def outlook(path: InHall) -> dict[str, Any]:
    """Arrivals, waits and counters for the rest of the day."""
    hall = present_hall(path.hall)
    manager_of(hall.key)
    return draw_outlook(house().scene(hall))


@blueprint.get("/halls/<hall>/staffing")
def staffing(path: InHall, query: OnDate) -> dict[str, Any]:
    """The staffing recommendation for a day, by quarter-hour."""
    hall = present_hall(path.hall)
    manager_of(hall.key)
    day = query.date or hall.floor.day
    return reporting.staffing_for(house(), hall, day)


@blueprint.post("/halls/<hall>/what-if")
def what_if(path: InHall, body: WhatIf) -> dict[str, Any]:
    """Waits, goals and cost for the rest of the day, before and after these changes; nothing in the hall changes."""
    hall = present_hall(path.hall)
    manager_of(hall.key)
    asked = [
        Supposed(one.counter, one.open if one.open is not None else not one.close, one.services, one.at, one.until)
        for one in body.changes
    ]
    return supposing.what_if(house(), hall, asked)


@blueprint.get("/halls/<hall>/standards")
def standards(path: InHall, query: Between) -> dict[str, Any]:
    """How each tier's goal was met, day by day."""
    hall = present_hall(path.hall)
    manager_of(hall.key)
    first: date = query.first or hall.floor.day
    return reporting.standards(hall, first, query.last or hall.floor.day)


@blueprint.get("/halls/<hall>/record")
def record(path: InHall, query: Between) -> dict[str, Any]:
    """How the waits that were shown have come: coverage, width, error and score, beside simpler estimators."""
    hall = present_hall(path.hall)
    manager_of(hall.key)
    return track_record(house(), hall, query.first, query.last)


@blueprint.get("/halls/<hall>/events")
def events(path: InHall, query: After) -> dict[str, Any]:
    """The hall's log past a seq, for other systems; it holds no personal data."""
    hall = present_hall(path.hall)
    manager_of(hall.key)
    with hall.reading() as connection:
        found = list(ledger.events_after(connection, hall.key, query.after, query.limit))
    return {
        "events": [
            {
                "seq": event.seq,
                "at": event.at.isoformat(),
                "kind": event.kind,
                "ticket": event.ticket,
                "counter": event.counter,
                "data": event.data,
            }
            for event in found
        ],
        "next": found[-1].seq if found else query.after,
    }
