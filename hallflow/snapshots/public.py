"""View models for the public: the kiosk's services, the wall, a counter's window, with numbers only, no tier and no name."""

from typing import Any

from hallflow.domain.plan import Document, Service
from hallflow.snapshots.scene import Scene, iso


def kiosk(scene: Scene) -> dict[str, Any]:
    """The services a customer may take a number for, each with its current wait."""
    plan, hours = scene.plan, scene.plan.hours
    services = [_service(scene, service) for service in offered(scene)]
    groups = {service["group"] for service in services}
    return scene.head("kiosk") | {
        "key": plan.hall,
        "name": plan.name,
        "opens_at": iso(hours.opens_at(scene.now)),
        "closes_at": None if hours.always else iso(hours.closes_at(scene.now)),
        "notice": plan.notice,
        "groups": [{"key": g.key, "name": g.name, "icon": g.icon} for g in plan.groups if g.key in groups],
        "services": services,
        "elsewhere": [{"key": k, "name": scene.service_name(k), "where": w} for k, w in plan.elsewhere.items()],
        "languages": list(scene.texts.codes),
        "waiting": scene.floor.waiting_count(),
    }


def _service(scene: Scene, service: Service) -> dict[str, Any]:
    return {
        **_queue(scene, service),
        "help": service.help,
        "group": service.group,
        "icon": service.icon,
        "documents": documents(service.documents),
        "form": service.form,
        "minutes": service.minutes,
    }


def _queue(scene: Scene, service: Service) -> dict[str, Any]:
    closed = scene.closed_reason(service.key)
    return {
        "key": service.key,
        "name": service.name,
        "letter": service.letter,
        "open": scene.plan.hours.is_open(scene.now),
        "counters_open": scene.floor.open_count(service.key),
        "waiting": scene.floor.waiting_count([service.key]),
        "wait": None if closed else scene.next_wait(service.key),
        "closed_reason": closed,
    }


def documents(papers: tuple[Document, ...]) -> list[dict[str, Any]]:
    """The papers to bring, as a checklist."""
    return [{"name": paper.name, "needed": paper.needed} for paper in papers]


def wall(scene: Scene) -> dict[str, Any]:
    """The last calls, and the length of each service's queue."""
    return scene.head("wall") | {
        "calling": [_call(scene, index) for index in range(len(scene.floor.recent))],
        "services": [_queue(scene, service) for service in offered(scene)],
        "waiting": scene.floor.waiting_count(),
        "notice": scene.plan.notice,
        "opens_at": iso(scene.plan.hours.opens_at(scene.now)),
    }


def offered(scene: Scene) -> list[Service]:
    """The services this hall offers, in the plan's order."""
    here = {service for counter in scene.plan.counters.values() for service in counter.services}
    return [service for key, service in scene.plan.services.items() if key in here]


def _call(scene: Scene, index: int) -> dict[str, Any]:
    call = scene.floor.recent[index]
    ticket = scene.floor.tickets.get(call.number)
    return {
        "number": call.number,
        "counter": call.counter,
        "counter_name": scene.counter_name(call.counter),
        "called_at": iso(call.called_at),
        "recalls": call.recalls,
        "state": ticket.state if ticket else "served",
        "key": f"{call.number}-{call.calls}-{call.recalls}",
    }


def window(scene: Scene, key: str) -> dict[str, Any]:
    """One counter's own screen."""
    counter = scene.floor.counter(key)
    ticket = scene.floor.tickets.get(counter.ticket) if counter.ticket else None
    return scene.head(f"window:{key}") | {
        "counter": {
            "key": key,
            "name": scene.counter_name(key),
            "state": counter.state,
            "reason": scene.pause_name(counter.reason),
            "back_at": iso(counter.back_at),
        },
        "number": ticket.number if ticket else None,
        "ticket_state": ticket.state if ticket else None,
    }
