"""What the hall's manager sees of this instant."""

from datetime import datetime
from typing import Any

from hallflow.domain.counter import Counter
from hallflow.domain.promises import Breach, breaches
from hallflow.domain.tally import share_within
from hallflow.domain.ticket import Ticket
from hallflow.snapshots.advice import asked_of
from hallflow.snapshots.public import offered
from hallflow.snapshots.scene import Scene, iso, minutes_since
from hallflow.snapshots.waits import expected

ALERTS = 8
PROMISES = 3
"""So many broken promises are named, and so many that will break."""


def dashboard(scene: Scene) -> dict[str, Any]:
    """Figures, counters, services, tiers and what is wrong now."""
    waiting = list(scene.floor.waiting())
    found = breaches(waiting, expected(scene.outlook, scene.now), scene.now)
    past, at_risk = ([one for one in found if one.is_past(scene.now) == is_past] for is_past in (True, False))
    return scene.head("dashboard") | {
        "figures": _figures(scene, waiting),
        "counters": [_counter(scene, counter) for counter in scene.floor.counters.values()],
        "services": [_service(scene, key, waiting) for key in (service.key for service in offered(scene))],
        "tiers": [_tier(scene, key, waiting) for key in scene.plan.tiers],
        "matrix": _matrix(waiting),
        "advice": scene.advice_version,
        "promises": {"broken": len(past), "at_risk": len(at_risk)},
        "alerts": _alerts(scene, waiting, [*past[:PROMISES], *at_risk[:PROMISES]]),
    }


def _figures(scene: Scene, waiting: list[Ticket]) -> dict[str, Any]:
    tally, floor = scene.floor.tally, scene.floor
    longest = max(waiting, key=lambda t: t.waited(scene.now), default=None)
    stars, total = tally.stars
    return {
        "waiting": len(waiting),
        "serving": sum(t.state == "serving" for t in floor.tickets.values()),
        "longest": {"minutes": int(longest.waited(scene.now)), "number": longest.number} if longest else None,
        "within_goal": share_within(tally.called.values()),
        "goal": scene.plan.staffing.goal_share,
        "counters_open": len(floor.open_counters()),
        "counters_paused": sum(c.state == "paused" for c in floor.counters.values()),
        "counters_advised": _advised(scene),
        "issued": tally.issued,
        "served": tally.served,
        "missed": tally.missed,
        "left": tally.left,
        "satisfaction": round(total / stars, 1) if stars else None,
    }


def _advised(scene: Scene) -> int | None:
    """How many counters the outlook advises for this quarter-hour."""
    if scene.outlook is None:
        return None
    for quarter in scene.outlook["quarters"]:
        minutes = (scene.now - datetime.fromisoformat(quarter["start"])).total_seconds() / 60
        if 0 <= minutes < 15:
            advised: int | None = quarter["advised"]
            return advised
    return None


def _counter(scene: Scene, counter: Counter) -> dict[str, Any]:
    held = scene.floor.tickets.get(counter.ticket) if counter.ticket else None
    service = scene.plan.services.get(held.service) if held else None
    return {
        "key": counter.key,
        "name": scene.counter_name(counter.key),
        "state": counter.state,
        "reason": scene.pause_name(counter.reason),
        "since": iso(counter.since),
        "back_at": iso(counter.back_at),
        "clerk": scene.clerk_name(counter.clerk),
        "asked": asked_of(scene, counter.key) is not None,
        "services": list(counter.services),
        "number": held.number if held else None,
        "ticket_state": held.state if held else None,
        "ticket_since": iso(held.state_at) if held else None,
        "service": held.service if held else None,
        "tier_name": scene.plan.tiers[held.tier].name if held else None,
        "minutes": minutes_since(held.state_at, scene.now) if held else None,
        "standard_minutes": service.minutes if service else None,
    }


def _service(scene: Scene, key: str, waiting: list[Ticket]) -> dict[str, Any]:
    mine = [t.waited(scene.now) for t in waiting if t.service == key]
    return {
        "key": key,
        "name": scene.service_name(key),
        "waiting": len(mine),
        "longest_minutes": int(max(mine)) if mine else None,
        "counters_open": scene.floor.open_count(key),
        "wait": scene.next_wait(key),
    }


def _tier(scene: Scene, key: str, waiting: list[Ticket]) -> dict[str, Any]:
    tier = scene.plan.tiers[key]
    mine = [t.waited(scene.now) for t in waiting if t.tier == key]
    calls, within = scene.floor.tally.called.get(key, (0, 0))
    return {
        "key": key,
        "name": tier.name,
        "color": tier.color,
        "waiting": len(mine),
        "longest_minutes": int(max(mine)) if mine else None,
        "goal_share": tier.goal_share,
        "goal_minutes": tier.goal_minutes,
        "guard_minutes": tier.guard_minutes,
        "attained": within / calls if calls else None,
        "called": calls,
    }


def _matrix(waiting: list[Ticket]) -> dict[str, dict[str, int]]:
    matrix: dict[str, dict[str, int]] = {}
    for ticket in waiting:
        row = matrix.setdefault(ticket.service, {})
        row[ticket.tier] = row.get(ticket.tier, 0) + 1
    return matrix


def _alerts(scene: Scene, waiting: list[Ticket], breaking: list[Breach]) -> list[dict[str, Any]]:
    """What a manager should know at once, the worst first."""
    promises = [_promise(scene, breach) for breach in breaking]
    found = [*_waits(scene, waiting), *_unserved(scene, waiting), *promises, *_counters(scene, waiting)]
    return sorted(found, key=lambda alert: alert["level"] != "late")[:ALERTS]


def _waits(scene: Scene, waiting: list[Ticket]) -> list[dict[str, Any]]:
    alerts = []
    for ticket in sorted(waiting, key=lambda t: t.place)[:3]:
        waited, tier = ticket.waited(scene.now), scene.plan.tiers[ticket.tier]
        facts = {"number": ticket.number, "waited": int(waited), "guard": int(tier.guard_minutes), "tier": tier.name}
        if waited >= tier.guard_minutes:
            alerts.append(_alert(scene, "past_guard", "late", facts, number=ticket.number))
        elif waited >= 0.8 * tier.guard_minutes:
            alerts.append(_alert(scene, "near_guard", "soon", facts, number=ticket.number))
    return alerts


def _promise(scene: Scene, breach: Breach) -> dict[str, Any]:
    ticket, late = breach.ticket, breach.is_past(scene.now)
    code = "promise_broken" if late else "promise_breaking"
    if breach.expected is None:
        code += "_unforeseen"
    facts = {
        "number": ticket.number,
        "service": scene.service_name(ticket.service),
        "until": scene.clock(breach.until),
        "expected": scene.clock(max(breach.expected or scene.now, scene.now)),
    }
    alert = _alert(scene, code, "late" if late else "soon", facts, number=ticket.number)
    return alert | {"promised_until": iso(breach.until), "expected_at": iso(breach.expected)}


def _unserved(scene: Scene, waiting: list[Ticket]) -> list[dict[str, Any]]:
    counts: dict[str, int] = {}
    for ticket in waiting:
        counts[ticket.service] = counts.get(ticket.service, 0) + 1
    return [
        _alert(scene, "no_counter", "late", {"service": scene.service_name(key), "waiting": n}, service=key)
        for key, n in counts.items()
        if not scene.floor.open_count(key)
    ]


def _counters(scene: Scene, waiting: list[Ticket]) -> list[dict[str, Any]]:
    alerts = []
    wanted = {ticket.line[0] for ticket in waiting}
    for counter in scene.floor.open_counters():
        name, held = scene.counter_name(counter.key), scene.floor.tickets.get(counter.ticket or "")
        if held and held.state == "serving":
            service = scene.plan.services.get(held.service)
            standard, minutes = service.minutes if service else 0.0, minutes_since(held.state_at, scene.now)
            if standard and minutes >= 2 * standard and minutes >= standard + 5:
                facts = {"counter": name, "number": held.number, "minutes": minutes, "standard": round(standard)}
                alerts.append(_alert(scene, "long_service", "soon", facts, counter=counter.key))
        elif held is None and wanted & set(counter.lines):
            idle = minutes_since(max(filter(None, (counter.free_since, counter.since)), default=None), scene.now)
            if idle >= 3:
                alerts.append(_alert(scene, "idle", "soon", {"counter": name, "minutes": idle}, counter=counter.key))
    return alerts


def _alert(scene: Scene, code: str, level: str, facts: dict[str, Any], **where: str) -> dict[str, Any]:
    return {"kind": code, "level": level, "text": scene.texts.both(f"alert.{code}", **facts), **where}
