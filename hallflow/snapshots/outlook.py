"""The view model of the intraday forecast (outlook): the worker's figures with reasons as sentences, and actual arrivals so far."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from hallflow.domain.quarters import QUARTER_SECONDS
from hallflow.snapshots.scene import Scene


def draw_outlook(scene: Scene) -> dict[str, Any]:
    """The last outlook with its sentences; without quarter-hours before the worker's first."""
    if scene.outlook is None:
        return scene.head("outlook") | {
            "made_at": None,
            "day": scene.floor.day.isoformat(),
            "history_days": 0,
            "level": None,
            "quarters": [],
            "recommendations": [],
            "accuracy": None,
        }
    arrived: dict[int, int] = {}
    for (quarter, _), count in scene.floor.tally.arrivals.items():
        arrived[quarter] = arrived.get(quarter, 0) + count
    shown = in_words(scene, scene.outlook)
    for quarter_data in shown["quarters"]:
        index = int(datetime.fromisoformat(quarter_data["start"]).timestamp()) // QUARTER_SECONDS
        present = int(scene.now.timestamp()) // QUARTER_SECONDS
        quarter_data["arrived"] = arrived.get(index, 0) if index <= present else None
        if index < present:
            quarter_data["open"] = _mean_open(scene, index * QUARTER_SECONDS)
    return scene.head("outlook") | shown


def _mean_open(scene: Scene, start: int) -> float:
    """Counters open on average in a past quarter-hour that began at this second."""
    open_seconds, count, since = 0.0, 0, float(start)
    for at, opened in (*scene.floor.openings, (scene.now, 0)):
        until = min(max(at.timestamp(), start), start + QUARTER_SECONDS)
        open_seconds += count * (until - since)
        count, since = opened, until
    return round(open_seconds / QUARTER_SECONDS, 1)


def in_words(scene: Scene, outlook: Mapping[str, Any]) -> dict[str, Any]:
    """An outlook with its codes and facts made sentences in each language."""
    words: dict[str, Any] = {key: _words(scene, value) for key, value in outlook.items() if key != "ranges"}
    return words


def _words(scene: Scene, value: Any) -> Any:
    if isinstance(value, Mapping):
        if value.keys() == {"code", "facts"}:
            facts = {key: _fact(scene, key, fact) for key, fact in value["facts"].items()}
            code = value["code"]
            return scene.texts.in_all(code if "." in code else f"outlook.{code}", **facts)
        return {key: _words(scene, inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_words(scene, inner) for inner in value]
    return value


def _fact(scene: Scene, key: str, fact: Any) -> Any:
    if key == "service":
        return scene.service_name(str(fact))
    return _words(scene, fact)
