"""The view model of a ticket on its holder's phone: queue position, wait and history, never the tier."""

from typing import Any

from hallflow.domain.routing import ahead_of
from hallflow.domain.ticket import Leg, Ticket
from hallflow.snapshots.public import documents
from hallflow.snapshots.scene import Scene, iso, minutes_since
from hallflow.snapshots.waits import promise_data

ASK_AGAIN_SECONDS = {"waiting": 15, "called": 5, "serving": 30, "parked": 30, "missed": 20, "booked": 60}


def ticket(scene: Scene, token: str, held: Ticket) -> dict[str, Any]:
    """A ticket's view model for its holder."""
    waiting = held.state == "waiting"
    service = scene.plan.services.get(held.service)
    closed = scene.closed_for(held) if waiting else None
    wait = scene.ticket_wait(held) if waiting and not closed else None
    form = scene.plan.forms.get(service.form) if service and service.form else None
    return scene.head(f"ticket:{token}") | {
        "token": token,
        "url": f"/t/{token}",
        "number": held.number,
        "ask_again_s": ASK_AGAIN_SECONDS.get(held.state, 300),
        "state": held.state,
        "service": held.service,
        "service_name": scene.service_name(held.service),
        "ahead": ahead_of(scene.floor, scene.plan, held, scene.now) if waiting else None,
        "wait": wait,
        "wait_reason": scene.later_reason(held) if wait else None,
        "closed_reason": closed,
        "promise": promise_data(held.promise, held.issued_at),
        "breach": _breach(scene, held) if waiting else None,
        "counter": held.counter,
        "counter_name": scene.counter_name(held.counter),
        "where": _where(scene, held),
        "issued_at": iso(held.issued_at),
        "called_at": iso(held.now.called_at),
        "language": held.language,
        "legs": [leg_picture(scene, held, index) for index in range(len(held.legs))],
        "documents": documents(service.documents) if service else [],
        "form": {
            "key": form.key,
            "title": form.title,
            "accepted": held.prefilled,
            "filled": held.filled,
            "of": len(form.fields),
        }
        if form
        else None,
        "story": _story(scene, held),
        "can": _can(held, form is not None),
        "stars": held.stars,
    }


def _breach(scene: Scene, held: Ticket) -> dict[str, Any] | None:
    """The breached promise, and whether the hall owes a recovery for it."""
    until = held.promised_until
    if until is None or scene.now <= until:
        return None
    return {
        "promised_until": iso(until),
        "minutes": minutes_since(until, scene.now),
        "recovery": held.recovered_at is not None,
    }


def _where(scene: Scene, held: Ticket) -> Any:
    counter = scene.plan.counters.get(held.counter or "")
    return (counter.where if counter and counter.where else None) or scene.plan.where_to_wait or None


def leg_picture(scene: Scene, held: Ticket, index: int) -> dict[str, Any]:
    """One leg of the visit: done, current or to come."""
    leg = held.legs[index]
    if index > held.leg:
        state = "to come"
    elif index < held.leg or leg.ended_at:
        state = "done"
    else:
        state = held.state
    return {"service": leg.service, "name": scene.service_name(leg.service), "state": state, "counter": leg.counter}


def _story(scene: Scene, held: Ticket) -> list[dict[str, Any]]:
    """The events of the visit, oldest first."""
    events = [{"at": iso(held.issued_at), "kind": "issued", "text": scene.texts.in_all("story.issued")}]
    for leg in held.legs[: held.leg + 1]:
        events += _leg_story(scene, leg)
    if held.state in ("parked", "missed", "left", "expired"):
        events.append({"at": iso(held.state_at), "kind": held.state, "text": scene.texts.in_all(f"story.{held.state}")})
    return events


def _leg_story(scene: Scene, leg: Leg) -> list[dict[str, Any]]:
    events = []
    for kind, at in (("called", leg.called_at), ("arrived", leg.arrived_at)):
        if at and leg.counter:
            text = scene.texts.in_all(f"story.{kind}", counter=scene.counter_name(leg.counter))
            events.append({"at": iso(at), "kind": kind, "text": text})
    if leg.ended_at and leg.arrived_at:
        kind = "transferred" if leg.outcome == "transferred" else "finished"
        text = scene.texts.in_all(f"story.{kind}", service=scene.service_name(leg.service))
        events.append({"at": iso(leg.ended_at), "kind": kind, "text": text})
    return events


def _can(held: Ticket, has_form: bool) -> list[str]:
    can = {
        "waiting": ["leave", "defer"],
        "called": ["leave"],
        "missed": ["late", "leave"],
        "parked": ["leave"],
        "served": [] if held.stars else ["feedback"],
    }.get(held.state, [])
    return [*can, "prefill"] if has_form and held.state in ("booked", "waiting", "parked", "missed") else can
