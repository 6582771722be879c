"""The day's advice as the manager reads it, and what is asked of a counter's clerk."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from hallflow.snapshots.outlook import in_words
from hallflow.snapshots.scene import Scene
from hallflow.storage.records.advices import AdviceRow

LISTED = 40


def draw_advice(scene: Scene) -> dict[str, Any]:
    """Newest first: what to do, why, what it is foreseen to do, what was decided, and what came of it."""
    return scene.head("advice") | {"advice": [_one(scene, kept) for kept in scene.advice.given[:LISTED]]}


def _one(scene: Scene, kept: AdviceRow) -> dict[str, Any]:
    data = kept.data
    facts = {
        "counter": scene.counter_name(data["counter"]),
        "services": _names(scene, data["lent"] or data["services"]),
        "from": scene.clock(kept.starts_at),
        "until": scene.clock(kept.ends_at),
        **_break(scene, data),
    }
    return {
        "id": kept.id,
        "kind": data["kind"],
        "counter": data["counter"],
        "services": data["services"],
        "state": kept.state,
        "made_at": kept.made_at.isoformat(),
        "from": kept.starts_at.isoformat(),
        "until": kept.ends_at.isoformat(),
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
    """What the manager asks of whoever sits, or might sit, at this counter."""
    kept = scene.advice.asked.get(counter)
    if kept is None:
        return None
    facts = {"services": _names(scene, kept.data["services"]), "until": scene.clock(kept.ends_at)} | _break(
        scene, kept.data
    )
    words = "break_earlier" if _words(kept.data) == "break_earlier" else kept.data["kind"]
    return scene.texts.in_all(f"advice.ask_{words}", **facts)


def _words(data: Mapping[str, Any]) -> str:
    if data.get("early"):
        return "open_early"
    return "break_earlier" if data["kind"] == "break" and data["break"]["minutes"] < 0 else str(data["kind"])


def _break(scene: Scene, data: Mapping[str, Any]) -> dict[str, str]:
    """From when to when a break is moved."""
    moved = data.get("break")
    return {end: scene.clock(datetime.fromisoformat(moved[end])) for end in ("from", "to")} if moved else {}


def _names(scene: Scene, services: Sequence[str]) -> dict[str, str]:
    return scene.texts.listed([scene.service_name(key) for key in services])
