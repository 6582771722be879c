"""A manager's reports: the staffing recommendation of a day, the fitted parameters, and the attained service levels."""

import json
from collections.abc import Sequence
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from hallflow.domain.past.sums import Cell, sum_day
from hallflow.domain.refusals import Malformed
from hallflow.hall import Hall
from hallflow.house import House
from hallflow.operations.outlook.learning import learned_for
from hallflow.snapshots.outlook import in_words
from hallflow.storage.records import history, models, outlooks, past, requirements

DAYS_AT_MOST = 92


def staffing_for(house: House, hall: Hall, day: date) -> dict[str, Any]:
    """The staffing recommendation for one day, by quarter-hour, with its reasons.

    Until the worker has simulated the day, the formula's counters stand in, and the day is queued for it (`requirement` is null).
    """
    scene = house.scene(hall)
    with hall.reading() as connection:
        data = outlooks.read_learned(connection, hall.key)
        kept = requirements.read(connection, hall.key, day)
    today = hall.plan.hours.day_of(scene.now)
    if kept is None and timedelta(0) <= day - today <= timedelta(days=DAYS_AT_MOST):
        with house.turns.of(hall.key) as connection:
            requirements.ask(connection, hall.key, day, scene.now)
    drawn = _plan_day(hall, day, json.dumps(data), json.dumps(kept)) | {"made_at": scene.now.isoformat()}
    return {"hall": hall.key, "at": scene.now.isoformat(), "zone": str(hall.plan.hours.zone)} | in_words(scene, drawn)


@lru_cache(maxsize=64)
def _plan_day(hall: Hall, day: date, data: str, kept: str) -> dict[str, Any]:
    # imported here, so that a server without such a request never loads numpy
    from hallflow.foresight.outlook import draw_day
    from hallflow.operations.outlook.requirements import found_for

    found = found_for(json.loads(kept), hall.plan)
    return draw_day(hall.plan, learned_for(hall.plan, json.loads(data)), day, hall.clock.now(), found).as_data()


def learned_of(house: House, hall: Hall) -> dict[str, Any]:
    """The hall's fitted parameters in plain numbers (else the plan's), and the predictor of its waits with its hold-out scores."""
    from hallflow.foresight.learning.summary import summarise

    scene, plan = house.scene(hall), hall.plan
    with hall.reading() as connection:
        data = outlooks.read_learned(connection, hall.key)
        model = models.read(connection, hall.key)
    summary = summarise(learned_for(plan, data), plan)
    for key, service in summary["services"].items():
        service["name"] = scene.service_name(key)
    waits: dict[str, Any] = {"asked": plan.rules.estimator, "by": ((hall.outlook or {}).get("ranges") or {}).get("by")}
    if model is not None:
        at, made = model
        waits["model"] = {
            "at": at.isoformat(), "estimator": made["estimator"], "waits": made["waits"], "trial": made["trial"],
            "believed": made["believed"],
        }  # fmt: skip
    return summary | {
        "at": scene.now.isoformat(),
        "zone": str(plan.hours.zone),
        "learned_at": data["learned_at"] if data else None,
        "tier_names": {key: tier.name for key, tier in plan.tiers.items()},
        "counter_names": {key: counter.name for key, counter in plan.counters.items()},
        "waits": waits,
    }


def standards(hall: Hall, first: date, last: date) -> dict[str, Any]:
    """The attained service level of each tier on these days, from the history and from today's tally."""
    if last < first or last - first > timedelta(days=DAYS_AT_MOST):
        raise Malformed("malformed", field="to", what="to")
    with hall.reading() as connection:
        days = dict(past.sums_between(connection, hall.key, first, last))
        # a day just closed or imported has no sums yet
        for day in past.days_not_summed(connection, hall.key, min(last + timedelta(days=1), hall.floor.day)):
            if first <= day:
                days[day] = sum_day(history.visits_between(connection, hall.key, day, day), hall.plan.hours.zone)
    shown = [{"day": day.isoformat(), "tiers": _attained(hall, cells)} for day, cells in sorted(days.items()) if cells]
    if first <= hall.floor.day <= last:
        called = hall.floor.tally.called.items()
        today = [{"tier": t, "called": n, "attained": within / n if n else None} for t, (n, within) in called]
        shown.append({"day": hall.floor.day.isoformat(), "tiers": today})
    return {"hall": hall.key, "days": shown}


def _attained(hall: Hall, cells: Sequence[Cell]) -> list[dict[str, Any]]:
    """The attained level of each tier of the plan, in its order."""
    attained = []
    for key, tier in hall.plan.tiers.items():
        mine = [cell for cell in cells if cell.tier == key]
        if called := sum(cell.called for cell in mine):
            within = sum(cell.within(tier.goal_minutes) for cell in mine)
            attained.append({"tier": key, "called": called, "attained": within / called})
    return attained
