"""The sample halls' past: without one a demo's dashboard would have nothing to foresee from."""

from dataclasses import replace
from datetime import timedelta

import structlog

from hallflow.clock import monotonic
from hallflow.foresight.simulated import made_up_day
from hallflow.hall import Hall
from hallflow.operations.house import House
from hallflow.storage import history

log = structlog.get_logger()
WEEKS = 8


def ensure_demo_history(house: House) -> int:
    """Give every hall without a history eight made-up weeks; how many visits were written. Only for demos."""
    written = 0
    for hall in house.halls.values():
        began = monotonic()
        with house.engine.connect() as connection:
            kept, _, _ = history.days_kept(connection, hall.key)
        if kept:
            continue
        new = _write(house, hall)
        written += new
        log.info("demo_history", hall=hall.key, simulated_visits=new, seconds=round(monotonic() - began, 2))
    return written


def _write(house: House, hall: Hall) -> int:
    plan = hall.plan
    # a demo is open around the clock; its past was an ordinary one
    hours = replace(plan.hours, always=False)
    today = hours.day_of(house.clock.now())
    days = [today - timedelta(days=ago) for ago in range(WEEKS * 7, 0, -1)]
    # made before the turn is taken, so that nobody at the kiosk waits for it
    visits = [(day, visit) for day in days for visit in made_up_day(plan, day, hours)]
    with house.turns.of(hall.key) as connection:
        return history.add_visits(connection, visits)
