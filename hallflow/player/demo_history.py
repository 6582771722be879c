"""Synthetic history of the demo's halls, written at start: predictions and forecasts are fitted to it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

import structlog

from hallflow.clock import monotonic
from hallflow.hall import Hall
from hallflow.house import House
from hallflow.operations.history.small_turns import pour
from hallflow.player.made_up_past import made_up_day
from hallflow.storage.records import history

log = structlog.get_logger()
WEEKS = 8


def ensure_demo_history(house: House) -> int:
    """Give every hall without a history eight made-up weeks; how many visits were written. Only for demos."""
    written = 0
    for hall in house.halls.values():
        began = monotonic()
        with house.engine.connect() as connection:
            if history.has_real(connection, hall.key):
                continue
            kept = history.simulated_days(connection, hall.key)
        new = _write(house, hall, kept)
        written += new
        if new == 0:
            continue
        log.info("demo_history", hall=hall.key, simulated_visits=new, seconds=round(monotonic() - began, 2))
    return written


def _write(house: House, hall: Hall, kept: Sequence[date]) -> int:
    """Write the days from the last to the first, so that an interrupted run lacks only the earliest ones."""
    plan = hall.plan
    # a demo is open around the clock; its history has ordinary hours
    hours = replace(plan.hours, always=False)
    last = kept[-1] if kept else hours.day_of(house.clock.now()) - timedelta(days=1)
    days = (last - timedelta(days=ago) for ago in range(WEEKS * 7))
    written = 0
    for day in days:
        # the earliest stored day may be incomplete: it is generated again, with the same seed
        if not kept or day <= kept[0]:
            visits = [(day, visit) for visit in made_up_day(plan, day, hours)]
            written += pour(house.turns, hall.key, visits, history.add_visits)
    return written
