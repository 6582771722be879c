"""The fitted parameters (learned) of each hall: estimated nightly from its history, read by every forecast."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection

from hallflow.domain.past.sums import Cell
from hallflow.domain.plan import Plan
from hallflow.hall import Hall
from hallflow.house import House
from hallflow.operations.history.keeping import keep_closed_days
from hallflow.storage.records import history, outlooks, past

if TYPE_CHECKING:
    from hallflow.foresight.learning.learned import Learned

HISTORY_DAYS = 400
RECENT_VISITS = 100_000
"""Service times and patience are fitted on at most so many of the latest visits; older days count for arrivals alone."""


def learn_history(house: House) -> int:
    """Fit service times, patience and arrivals to each hall's history; gives how many halls have one."""
    from hallflow.foresight.learning.learned import learn
    from hallflow.foresight.learning.service_times import Reading

    done = 0
    for hall in house.halls.values():
        hall.catch_up()
        keep_closed_days(house.turns, hall)
        now = house.clock.now()
        today = hall.plan.hours.day_of(now)
        with house.engine.connect() as connection:
            first = today - timedelta(days=HISTORY_DAYS)
            sums = dict(past.sums_between(connection, hall.key, first, today))
            recent = _recent(sums, today)
            visits = history.visits_between(connection, hall.key, recent, today)
            seen = history.readings_between(connection, hall.key, now - (today - recent + timedelta(days=1)), now)
            learned = learn(visits, hall.plan, now, (Reading(*reading) for reading in seen), sums)
        if learned.history_days == 0:
            continue
        with house.turns.of(hall.key) as connection:
            outlooks.keep_learned(connection, hall.key, now, learned.as_data() | {"learned_at": now.isoformat()})
        done += 1
    return done


def _recent(sums: Mapping[date, Sequence[Cell]], today: date) -> date:
    """The first day whose visits are read one by one for service times and patience."""
    visits, first = 0, today
    for day in sorted(sums, reverse=True):
        visits += sum(cell.arrivals for cell in sums[day])
        if visits > RECENT_VISITS:
            break
        first = day
    return first


def learned_for(plan: Plan, data: Mapping[str, Any] | None) -> "Learned":
    """The stored parameters, or the plan's assumptions without any."""
    # imported here, so that a server that needs no forecast never loads numpy
    from hallflow.foresight.learning.learned import Learned, from_plan

    return Learned.from_data(data) if data else from_plan(plan)


def what_is_learned(hall: Hall) -> "Learned":
    """The parameters last fitted to this hall, or the plan's assumptions."""
    with hall.reading() as connection:
        return learned_on(connection, hall.plan)


def learned_on(connection: Connection, plan: Plan) -> "Learned":
    """The same, over an open connection."""
    return learned_for(plan, outlooks.read_learned(connection, plan.hall))
