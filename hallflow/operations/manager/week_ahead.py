"""The week ahead for a manager: a traffic intensity map of busy and quiet half-hours, with the playbook's measures."""

import json
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any

from hallflow.hall import Hall
from hallflow.house import House
from hallflow.operations.outlook.forecasts import accuracy
from hallflow.operations.outlook.learning import learned_for
from hallflow.snapshots.outlook import in_words
from hallflow.storage.records import outlooks


def week_for(house: House, hall: Hall, first: date) -> dict[str, Any]:
    """Seven days from this one on, with the accuracy of earlier forecasts."""
    scene, rules = house.scene(hall), hall.plan.staffing
    drawn = {"days": _drawn(house, hall, first)}
    return {
        "hall": hall.key,
        "hall_name": hall.plan.name,
        "at": scene.now.isoformat(),
        "zone": str(hall.plan.hours.zone),
        "today": hall.floor.day.isoformat(),
        "busy_above": rules.busy_above,
        "quiet_below": rules.quiet_below,
        "counters": len(hall.plan.counters),
        **in_words(scene, drawn),
        "accuracy": accuracy(hall),
    }


def stretches_to_come(house: House, hall: Hall) -> list[dict[str, Any]]:
    """The rest of today's busy, normal and quiet periods."""
    scene = house.scene(hall)
    (today,) = _drawn(house, hall, hall.floor.day, 1)
    ahead = [each for each in today["stretches"] if datetime.fromisoformat(each["until"]) > scene.now]
    stretches: list[dict[str, Any]] = in_words(scene, {"stretches": ahead})["stretches"]
    return stretches


def _drawn(house: House, hall: Hall, first: date, days: int = 7) -> list[dict[str, Any]]:
    with hall.reading() as connection:
        data = json.dumps(outlooks.read_learned(connection, hall.key))
    return [_day(hall, first + timedelta(days=n), data) for n in range(days)]


@lru_cache(maxsize=256)
def _day(hall: Hall, day: date, data: str) -> dict[str, Any]:
    # imported here, so that a server without such a request never loads numpy
    from hallflow.foresight.staffing.week_ahead import week_ahead

    (drawn,) = week_ahead(hall.plan, learned_for(hall.plan, json.loads(data)), day, days=1)
    return drawn.as_data(hall.plan)
