"""The view model of alerts: each as a sentence for the hall's manager, with its place in the hall."""

from datetime import datetime
from typing import Any

from hallflow.domain.alerts import Alert, alerts
from hallflow.domain.roster.seats import Seats
from hallflow.domain.waits.promises import Breach
from hallflow.snapshots.scene import Scene

NAMED = 3
"""The most windows that are listed by name."""
HOURS_FROM, DAY = 120, 24 * 60
"""From so many minutes on, work is given in hours; more than a day is given as "more than a day"."""


def draw_alerts(scene: Scene, breaking: list[Breach]) -> list[dict[str, Any]]:
    """The alerts, the worst first, each with its sentence in every language and its place in the hall."""
    raised = alerts(scene.floor, scene.plan, breaking, scene.silent, scene.now, _seats(scene))
    return [_one(scene, alert) for alert in raised]


def _seats(scene: Scene) -> Seats:
    """The staffed spans of the roster that the outlook was made with."""
    roster = (scene.outlook or {}).get("roster") or {}
    return {
        key: [(datetime.fromisoformat(start), datetime.fromisoformat(end)) for start, end in spells]
        for key, spells in roster.get("seats", {}).items()
    }


def _one(scene: Scene, alert: Alert) -> dict[str, Any]:
    where = {"number": alert.number, "counter": alert.counter, "service": alert.service}
    return {
        "kind": alert.code,
        "level": alert.level,
        "text": scene.texts.in_all(f"alert.{_sentence(alert)}", **_facts(scene, alert)),
    } | {key: value for key, value in where.items() if value is not None}


def _sentence(alert: Alert) -> str:
    """The key of the alert's sentence."""
    if alert.code.startswith("promise_") and alert.expected is None:
        return f"{alert.code}_unforeseen"
    if alert.code == "screen":
        return "screen_never" if alert.facts["never"] else "screen_silent"
    if alert.code == "long_queue" and alert.facts["minutes"] >= HOURS_FROM:
        return "long_queue_day" if alert.facts["minutes"] > DAY else "long_queue_hours"
    if alert.code == "parked" and alert.facts["count"] > 1:
        return "parked_several"
    return alert.code


def _facts(scene: Scene, alert: Alert) -> dict[str, Any]:
    facts = dict(alert.facts)
    if alert.code == "long_queue":
        facts["hours"] = round(facts["minutes"] / 60)
    if alert.number is not None:
        facts["number"] = alert.number
    if alert.counter is not None:
        facts["counter"] = scene.counter_name(alert.counter)
    if alert.service is not None:
        facts["service"] = scene.service_name(alert.service)
    if "tier" in facts:
        tier = scene.plan.tiers[facts["tier"]]
        facts |= {"tier": tier.name, "guard": int(tier.guard_minutes)}
    if alert.at is not None:
        facts |= {"until": scene.clock(alert.at), "since": scene.clock(alert.at)}
    if alert.expected is not None:
        facts["expected"] = scene.clock(max(alert.expected, scene.now))
    if alert.code == "screen":
        facts["screen"] = _screens(scene, alert)
    return facts


def _screens(scene: Scene, alert: Alert) -> dict[str, str]:
    """The silent screens in words: a kiosk, two walls, or the screens of these windows."""
    kind, count = alert.facts["kind"], alert.facts["count"]
    if kind != "window":
        return scene.texts.in_all(f"alert.{kind}" if count == 1 else f"alert.{kind}_several", count=count)
    names = [scene.counter_name(name.partition(":")[2]) for name in alert.screens[:NAMED]]
    more = len(alert.screens) - NAMED
    return scene.texts.in_all(
        "alert.window_more" if more > 0 else "alert.window", counters=scene.texts.listed(names), more=more
    )
