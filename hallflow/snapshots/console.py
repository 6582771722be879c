"""The view model of a clerk's console: who is next and why, the customer at the counter, and the available actions."""

from datetime import timedelta
from itertools import islice
from typing import Any

from hallflow.domain.counter import Counter
from hallflow.domain.floor import Floor
from hallflow.domain.routing import turns
from hallflow.domain.ticket import Ticket
from hallflow.domain.verbs import row
from hallflow.snapshots.advice import asked_of
from hallflow.snapshots.public import documents, offered
from hallflow.snapshots.scene import Scene, iso, minutes_since
from hallflow.snapshots.ticket import leg_picture
from hallflow.snapshots.waits import promise_data

NEXT = 6
LISTED = 10
PARKED = 7
"""The most parked tickets in the list, so that lines are left for missed ones."""


def console(scene: Scene, key: str) -> dict[str, Any]:
    """One counter's console; personal answers are never part of it, but added to the response of their own request."""
    return desk(scene, key) | {"next": _next(scene, scene.floor.counter(key))} | _choices(scene)


def desk(scene: Scene, key: str) -> dict[str, Any]:
    """The part of a console that a verb changes at its counter, without the list of who is next and the choices."""
    counter = scene.floor.counter(key)
    held = scene.floor.tickets.get(counter.ticket) if counter.ticket else None
    aside = _set_aside(scene.floor)
    parked = [t for t in aside if t.state == "parked"]
    missed = [t for t in aside if t.state == "missed" and t.service in counter.services]
    served, minutes = scene.floor.tally.at_counter.get(key, (0, 0.0))
    return scene.head(f"console:{key}") | {
        "counter": {
            "key": key,
            "name": scene.counter_name(key),
            "state": counter.state,
            "reason": scene.pause_name(counter.reason),
            "since": iso(counter.since),
            "back_at": iso(counter.back_at),
            "clerk": scene.clerk_name(counter.clerk),
            "asked": asked_of(scene, key),
            "services": [{"key": s, "name": scene.service_name(s)} for s in counter.services],
        },
        "serving": serving(scene, held) if held else None,
        "parked": _aside(scene, parked, PARKED),
        "missed": _aside(scene, missed, LISTED - min(len(parked), PARKED)),
        "waiting": scene.floor.waiting_count(counter.lines),
        "waiting_hall": scene.floor.waiting_count(),
        **_verbs(scene, counter, held, aside),
        "today": {"served": served, "mean_minutes": round(minutes / served, 1) if served else None},
    }


def _set_aside(floor: Floor) -> list[Ticket]:
    """The parked and missed tickets; where the counts show none, the waiting tickets are not searched."""
    busy = sum(counter.ticket is not None for counter in floor.counters.values())
    if len(floor.tickets) == floor.waiting_count() + busy:
        return []
    return [ticket for ticket in floor.tickets.values() if ticket.state in ("parked", "missed")]


def _choices(scene: Scene) -> dict[str, Any]:
    """The choices of a clerk: services, counters, reasons, outcomes."""
    plan = scene.plan
    return {
        "services": [{"key": s.key, "name": s.name} for s in offered(scene)],
        "counters": [
            {"key": c.key, "name": scene.counter_name(c.key), "state": c.state}
            for c in scene.floor.counters.values()
            if c.state != "closed"
        ],
        "pause_reasons": [{"key": k, "name": name} for k, name in plan.pause_reasons.items()],
        "outcomes": [{"key": k, "name": name} for k, name in plan.outcomes.items()],
    }


def serving(scene: Scene, held: Ticket) -> dict[str, Any]:
    """The customer at this counter."""
    tier, service = scene.plan.tiers[held.tier], scene.plan.services.get(held.service)
    form = scene.plan.forms.get(service.form) if service and service.form else None
    waited = int(held.waited(held.now.called_at or scene.now))
    promised = held.promise[2] if held.promise else None
    return {
        "number": held.number,
        "state": held.state,
        "service": held.service,
        "service_name": scene.service_name(held.service),
        "tier": tier.key,
        "tier_name": tier.name,
        "tier_color": tier.color,
        "language": held.language,
        "issued_at": iso(held.issued_at),
        "called_at": iso(held.now.called_at),
        "arrived_at": iso(held.now.arrived_at),
        "waited_minutes": waited,
        "standard_minutes": service.minutes if service else None,
        "recalls": held.recalls,
        "reason": scene.why(dict(held.reason)) if held.reason else None,
        "note": None,
        "noted": held.noted,
        "walk_minutes": scene.plan.staffing.walk_minutes,
        "form": {
            "title": form.title,
            "accepted": held.prefilled,
            "filled": held.filled,
            "of": len(form.fields),
            "revision": held.form_saves,
        }
        if form
        else None,
        "documents": documents(service.documents) if service else [],
        "legs": [leg_picture(scene, held, index) for index in range(len(held.legs))],
        "promise": promise_data(held.promise, held.issued_at),
        "promise_kept": None if promised is None or held.leg else waited <= promised,
        "recovery": _recovery(scene, held),
    }


def _recovery(scene: Scene, held: Ticket) -> dict[str, str] | None:
    """The recovery a clerk should know of: at the first call the apology is still to be made."""
    if held.recovered_at is None or held.leg or held.promise is None:
        return None
    until = held.issued_at + timedelta(minutes=held.promise[2])
    late = int(((held.now.called_at or scene.now) - until).total_seconds() // 60)
    return scene.texts.in_all("console.recovery", until=scene.clock(until), minutes=max(late, 1))


def _next(scene: Scene, counter: Counter) -> list[dict[str, Any]]:
    if counter.state == "closed":
        return []
    listed = []
    for choice in islice(turns(scene.floor, scene.plan, counter, scene.now), NEXT):
        held = choice.ticket
        tier = scene.plan.tiers[held.tier]
        listed.append(
            {
                "number": held.number,
                "service_name": scene.service_name(held.service),
                "tier": tier.key,
                "tier_name": tier.name,
                "tier_color": tier.color,
                "waited_minutes": int(held.waited(scene.now)),
                "joined_at": iso(held.now.joined_at),
                "reason": scene.why(choice.reason),
                "prefilled": held.prefilled,
            }
        )
    return listed


def _aside(scene: Scene, held: list[Ticket], lines: int) -> list[dict[str, Any]]:
    """The latest of the customers set aside, oldest first."""
    oldest_first = sorted(held, key=lambda ticket: (ticket.state_at or ticket.issued_at, ticket.number))
    return [
        {
            "number": ticket.number,
            "service_name": scene.service_name(ticket.service),
            "since": iso(ticket.state_at),
            "minutes": minutes_since(ticket.state_at, scene.now),
            "reason": ticket.aside_reason,
        }
        for ticket in oldest_first[-lines:]
    ]


def _verbs(scene: Scene, counter: Counter, held: Ticket | None, aside: list[Ticket]) -> dict[str, Any]:
    """The verbs of the counter's situation, those that would be accepted now, and the most likely next one."""
    is_met = {None: True, "aside": bool(aside), "waiting": scene.floor.waiting_count(counter.lines) > 0}
    here = row(counter, held)
    can = [verb.name for verb in here if is_met[verb.needs]]
    first = here[0].name
    return {"row": [verb.name for verb in here], "can": can, "primary": first if first in can else None}
