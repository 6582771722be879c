"""The manager's endpoints: the live hall, its outlook, staffing, standards and log."""

from collections.abc import Callable
from datetime import date
from typing import Any

from flask import Response
from flask_openapi3 import APIBlueprint, Tag

from hallflow.hall import Hall
from hallflow.operations.advice import advising
from hallflow.operations.manager import reports, week_ahead
from hallflow.operations.manager.track_record import track_record
from hallflow.operations.manager.what_if import Supposed, suppose
from hallflow.operations.outlook import forecasts
from hallflow.operations.roster import exporting, requests, rostering
from hallflow.snapshots.advice import draw_advice
from hallflow.snapshots.dashboard import dashboard
from hallflow.snapshots.outlook import draw_outlook
from hallflow.storage.log import ledger
from hallflow.web.bodies import After, Between, Decline, InHall, Nothing, OfAdvice, OfWeek, OnDate, WeekBody, WhatIf
from hallflow.web.context import house, present_hall
from hallflow.web.once import Answer, given_key, once
from hallflow.web.rights import manager_of

blueprint = APIBlueprint("manager", __name__, url_prefix="/api/v1", abp_tags=[Tag(name="managers")])


@blueprint.get("/halls/<hall>/floor")
def floor(path: InHall) -> dict[str, Any]:
    """The hall at this instant."""
    hall = present_hall(path.hall)
    manager_of(hall.key)
    house().read_screens(hall)
    return dashboard(house().scene(hall))


@blueprint.get("/halls/<hall>/outlook")
def outlook(path: InHall) -> dict[str, Any]:
    """Arrivals, waits and counters for the rest of the day."""
    hall = present_hall(path.hall)
    manager_of(hall.key)
    kept = {"accuracy": forecasts.accuracy(hall), "stretches": week_ahead.stretches_to_come(house(), hall)}
    return draw_outlook(house().scene(hall)) | kept


@blueprint.get("/halls/<hall>/week")
def week(path: InHall, query: OnDate) -> dict[str, Any]:
    """Busy, normal and quiet half-hours of seven days, and what the playbook says to do in them."""
    hall = present_hall(path.hall)
    manager_of(hall.key)
    return week_ahead.week_for(house(), hall, query.date or hall.floor.day)


@blueprint.get("/halls/<hall>/staffing")
def staffing(path: InHall, query: OnDate) -> dict[str, Any]:
    """The staffing recommendation for a day, by quarter-hour."""
    hall = present_hall(path.hall)
    manager_of(hall.key)
    day = query.date or hall.floor.day
    return reports.staffing_for(house(), hall, day)


@blueprint.post("/halls/<hall>/what-if")
def what_if(path: InHall, body: WhatIf) -> dict[str, Any]:
    """Waits, goals and cost for the rest of the day, before and after these changes; nothing in the hall changes."""
    hall = present_hall(path.hall)
    manager_of(hall.key)
    given_key()
    asked = [
        Supposed(one.counter, one.open if one.open is not None else not one.close, one.services, one.at, one.until)
        for one in body.changes
    ]
    return suppose(house(), hall, asked)


@blueprint.get("/halls/<hall>/advice")
def advice(path: InHall) -> dict[str, Any]:
    """What was advised today, newest first: reasons, foreseen effects, decisions, measured effects."""
    hall = present_hall(path.hall)
    manager_of(hall.key)
    return _advice(hall)


@blueprint.post("/halls/<hall>/advice")
def ask_for_advice(path: InHall, body: Nothing) -> dict[str, Any]:
    """Look ahead now, and not only when it is time again."""
    hall = present_hall(path.hall)
    manager_of(hall.key)
    # idempotent: what is proposed already is not proposed again
    given_key()
    advising.settle(house(), hall)
    advising.advise(house(), hall)
    return _advice(hall)


@blueprint.post("/halls/<hall>/advice/<advice>/accept")
def accept(path: OfAdvice, body: Nothing) -> Answer:
    """Do what was advised; for what only a clerk can do, the clerk is asked."""
    hall = present_hall(path.hall)
    person = manager_of(hall.key)
    return _decided(hall, lambda: advising.accept(house(), hall, path.advice, person.id))


@blueprint.post("/halls/<hall>/advice/<advice>/decline")
def decline(path: OfAdvice, body: Decline) -> Answer:
    """Leave what was advised, with a reason or without."""
    hall = present_hall(path.hall)
    person = manager_of(hall.key)
    return _decided(hall, lambda: advising.decline(house(), hall, path.advice, person.id, body.reason))


def _decided(hall: Hall, act: Callable[[], object]) -> Answer:
    return once(hall, act, lambda _: (_advice(hall), 200), lambda _: (_advice(hall), 200))


def _advice(hall: Hall) -> dict[str, Any]:
    house().read_advice(hall)
    return draw_advice(house().scene(hall))


@blueprint.get("/halls/<hall>/roster")
def roster(path: InHall, query: OfWeek) -> Any:
    """Who works when in the week of a day: as JSON, as a CSV table, or one person's as iCalendar."""
    hall = present_hall(path.hall)
    manager_of(hall.key)
    found = rostering.roster_of(house().turns, hall.plan, query.week or hall.floor.day)
    if query.person is not None:
        return Response(exporting.as_calendar(found, hall.plan, query.person), mimetype="text/calendar")
    if query.format == "csv":
        # the byte order mark tells spreadsheets that it is UTF-8
        return Response("\ufeff" + exporting.as_csv(found), mimetype="text/csv")
    return found


@blueprint.post("/halls/<hall>/roster")
def ask_for_roster(path: InHall, body: WeekBody) -> Answer:
    """Let the worker make the roster of a week; it stands in `GET .../roster/week` when it is made."""
    hall = present_hall(path.hall)
    manager_of(hall.key)

    def told(_: object) -> Answer:
        return requests.page_of(house(), hall, body.week), 202

    return once(hall, lambda: requests.ask_for(hall, body.week), told, told)


@blueprint.get("/halls/<hall>/roster/week")
def roster_week(path: InHall, query: OfWeek) -> dict[str, Any]:
    """The week of a day with its roster, if one is kept, how far one that is asked for has come, and the names behind its keys."""
    hall = present_hall(path.hall)
    manager_of(hall.key)
    return requests.page_of(house(), hall, query.week or hall.floor.day)


@blueprint.get("/halls/<hall>/standards")
def standards(path: InHall, query: Between) -> dict[str, Any]:
    """How each tier's goal was met, day by day."""
    hall = present_hall(path.hall)
    manager_of(hall.key)
    first: date = query.first or hall.floor.day
    return reports.standards(hall, first, query.last or hall.floor.day)


@blueprint.get("/halls/<hall>/record")
def record(path: InHall, query: Between) -> dict[str, Any]:
    """How the waits that were shown have come: coverage, width, error and score, beside simpler estimators."""
    hall = present_hall(path.hall)
    manager_of(hall.key)
    return track_record(house(), hall, query.first, query.last)


@blueprint.get("/halls/<hall>/learned")
def learned(path: InHall) -> dict[str, Any]:
    """What the hall has learned of itself: minutes, patience, no-shows, arrivals; and who foresees its waits."""
    hall = present_hall(path.hall)
    manager_of(hall.key)
    return reports.learned_of(house(), hall)


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
