"""What a manager asks for beyond this instant: another day's staffing, and how goals were met."""

import json
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from hallflow.domain.refusals import Malformed
from hallflow.hall import Hall
from hallflow.operations.house import House
from hallflow.snapshots.outlook import in_words
from hallflow.storage import history, outlooks

DAYS_AT_MOST = 92


def staffing_for(house: House, hall: Hall, day: date) -> dict[str, Any]:
    """The staffing recommendation for one day, by quarter-hour, with its reasons."""
    scene = house.scene(hall)
    with hall.reading() as connection:
        data = outlooks.read_learned(connection, hall.key)
    drawn = _plan_day(hall, day, json.dumps(data)) | {"made_at": scene.now.isoformat()}
    return {"hall": hall.key, "at": scene.now.isoformat(), "zone": str(hall.plan.hours.zone)} | in_words(scene, drawn)


@lru_cache(maxsize=64)
def _plan_day(hall: Hall, day: date, data: str) -> dict[str, Any]:
    # imported here: a server that nobody asks for another day never loads numpy
    from hallflow.foresight.learned import Learned, from_plan
    from hallflow.foresight.outlook import draw_day

    known = json.loads(data)
    learned = Learned.from_data(known) if known else from_plan(hall.plan)
    return draw_day(hall.plan, learned, day, hall.clock.now()).as_data()


def standards(hall: Hall, first: date, last: date) -> dict[str, Any]:
    """How each tier's goal was met on these days: history, and today as it stands."""
    if last < first or last - first > timedelta(days=DAYS_AT_MOST):
        raise Malformed("malformed", field="to", what="to")
    days: dict[str, dict[str, list[float]]] = {}
    with hall.reading() as connection:
        for visit in history.visits_between(connection, hall.key, first, last):
            if visit.called_at is not None:
                day = hall.plan.hours.day_of(visit.issued_at).isoformat()
                wait = (visit.called_at - visit.issued_at).total_seconds() / 60
                days.setdefault(day, {}).setdefault(visit.tier, []).append(wait)
    found = [
        {
            "day": day,
            "tiers": [_attained(hall, tier, waits) for tier, waits in tiers.items() if tier in hall.plan.tiers],
        }
        for day, tiers in sorted(days.items())
    ]
    if first <= hall.floor.day <= last:
        called = hall.floor.tally.called.items()
        today = [{"tier": t, "called": n, "attained": within / n if n else None} for t, (n, within) in called]
        found.append({"day": hall.floor.day.isoformat(), "tiers": today})
    return {"hall": hall.key, "days": found}


def _attained(hall: Hall, tier: str, waits: list[float]) -> dict[str, Any]:
    within = sum(wait <= hall.plan.tiers[tier].goal_minutes for wait in waits)
    return {"tier": tier, "called": len(waits), "attained": within / len(waits)}
