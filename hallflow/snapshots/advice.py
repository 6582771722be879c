"""The view model of staffing recommendations (advice): the day's list for the manager, and the request to a counter's clerk."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from hallflow.snapshots.outlook import in_words
from hallflow.snapshots.scene import Scene
from hallflow.storage.records.advices import AdviceRow

LISTED = 40


def draw_advice(scene: Scene) -> dict[str, Any]:
    """The day's advice, newest first: action, reason, predicted effect, decision, measured effect."""
    return scene.head("advice") | {"advice": [_one(scene, row) for row in scene.advice.given[:LISTED]]}


def _one(scene: Scene, row: AdviceRow) -> dict[str, Any]:
    data = row.data
    facts = {
        "counter": scene.counter_name(data["counter"]),
        "services": _names(scene, data["lent"] or data["services"]),
        "from": scene.clock(row.starts_at),
        "until": scene.clock(row.ends_at),
        **_break(scene, data),
    }
    return {
        "id": row.id,
        "kind": data["kind"],
        "counter": data["counter"],
        "services": data["services"],
        "state": row.state,
        "made_at": row.made_at.isoformat(),
        "from": row.starts_at.isoformat(),
        "until": row.ends_at.isoformat(),
        "text": scene.texts.in_all(f"advice.{_words(data)}", **facts),
        "reason": in_words(scene, {"reason": data["reason"]})["reason"],
        "staff_minutes": data["staff_minutes"],
        "before": data["before"],
        "after": data["after"],
        "change": data["change"],
        "decided_at": data.get("decided_at"),
        "why": data.get("why"),
        "measured": data.get("measured"),
    }


def asked_of(scene: Scene, counter: str) -> dict[str, Any] | None:
    """The manager's request to the present or possible clerk of this counter, if any."""
    row = scene.advice.asked.get(counter)
    if row is None:
        return None
    facts = {"services": _names(scene, row.data["services"]), "until": scene.clock(row.ends_at)} | _break(
        scene, row.data
    )
    words = "break_earlier" if _words(row.data) == "break_earlier" else row.data["kind"]
    return scene.texts.in_all(f"advice.ask_{words}", **facts)


def _words(data: Mapping[str, Any]) -> str:
    if data.get("early"):
        return "open_early"
    return "break_earlier" if data["kind"] == "break" and data["break"]["minutes"] < 0 else str(data["kind"])


def _break(scene: Scene, data: Mapping[str, Any]) -> dict[str, str]:
    """The old and the new time of a moved break."""
    moved = data.get("break")
    return {end: scene.clock(datetime.fromisoformat(moved[end])) for end in ("from", "to")} if moved else {}


def _names(scene: Scene, services: Sequence[str]) -> dict[str, str]:
    return scene.texts.listed([scene.service_name(key) for key in services])
