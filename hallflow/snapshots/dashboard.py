"""The view model of the manager's dashboard: figures, counters, services, tiers and alerts of this instant."""

from datetime import UTC, datetime
from typing import Any

from hallflow.domain.counter import Counter
from hallflow.domain.tally import share_within
from hallflow.domain.ticket import Ticket
from hallflow.domain.waits.current import expected
from hallflow.domain.waits.promises import breaches
from hallflow.snapshots.advice import asked_of
from hallflow.snapshots.alerts import draw_alerts
from hallflow.snapshots.public import offered
from hallflow.snapshots.scene import Scene

SOMETIMES = frozenset({"reason", "back_at", "asked", "open_minutes", "occupancy"})
"""Fields left out of a counter where they are empty, because a hall may have many counters."""


def dashboard(scene: Scene) -> dict[str, Any]:
    """The dashboard of this instant."""
    waiting = list(scene.floor.waiting())
    broken = breaches(waiting, expected(scene.outlook, scene.now), scene.now)
    past = sum(one.is_past(scene.now) for one in broken)
    return scene.head("dashboard") | {
        "figures": _figures(scene, waiting),
        "counters": [_counter(scene, counter) for counter in scene.floor.counters.values()],
        "services": [_service(scene, key, waiting) for key in (service.key for service in offered(scene))],
        "tiers": [_tier(scene, key, waiting) for key in scene.plan.tiers],
        "matrix": _matrix(waiting),
        "advice": scene.advice.version,
        "map": list(scene.plan.map),
        "promises": {"broken": past, "at_risk": len(broken) - past},
        "alerts": draw_alerts(scene, broken),
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
        "advised_at": _seconds(datetime.fromisoformat(scene.outlook["made_at"])) if scene.outlook else None,
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
    """A counter with its customer."""
    held = scene.floor.tickets.get(counter.ticket) if counter.ticket else None
    service = scene.plan.services.get(held.service) if held else None
    worked = scene.floor.worked.get(counter.key)
    share = worked.share(scene.now) if worked else None
    fields = {
        "key": counter.key,
        "name": scene.counter_name(counter.key),
        "state": counter.state,
        "reason": scene.pause_name(counter.reason),
        "since": _seconds((held.state_at or held.issued_at) if held else counter.since),
        "back_at": _seconds(counter.back_at),
        "clerk": scene.clerk_name(counter.clerk),
        "asked": asked_of(scene, counter.key) is not None or None,
        "services": list(counter.services),
        "number": held.number if held else None,
        "ticket_state": held.state if held else None,
        "service": held.service if held else None,
        "tier": held.tier if held else None,
        "standard_minutes": service.minutes if service else None,
        "open_minutes": int(worked.until(scene.now)[0]) if worked and share is not None else None,
        "occupancy": round(share, 2) if share is not None else None,
    }
    return {key: value for key, value in fields.items() if value is not None or key not in SOMETIMES}


def _seconds(at: datetime | None) -> str | None:
    """A moment to the second, in short form."""
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}" if at else None


def _service(scene: Scene, key: str, waiting: list[Ticket]) -> dict[str, Any]:
    mine = [t.waited(scene.now) for t in waiting if t.service == key]
    return {
        "key": key,
        "name": scene.service_name(key),
        "waiting": len(mine),
        "longest_minutes": int(max(mine)) if mine else None,
        "counters_open": scene.floor.open_count(key),
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
