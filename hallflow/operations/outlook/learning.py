"""What each hall has learned of itself: estimated nightly from its history, read by whoever looks ahead."""

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
"""Of so many at most everything is learned; of all before only when they came."""


def learn_history(house: House) -> int:
    """Learn service times, patience and arrivals from the history. How many halls have one."""
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
    """From which day on visits are read one by one: enough for service times and patience, however long the history."""
    visits, first = 0, today
    for day in sorted(sums, reverse=True):
        visits += sum(cell.arrivals for cell in sums[day])
        if visits > RECENT_VISITS:
            break
        first = day
    return first


def learned_for(plan: Plan, data: Mapping[str, Any] | None) -> "Learned":
    """What the hall has learned; the plan's where it has not yet."""
    # imported here: a server that nobody asks never loads numpy
    from hallflow.foresight.learning.learned import Learned, from_plan

    return Learned.from_data(data) if data else from_plan(plan)


def what_is_learned(hall: Hall) -> "Learned":
    """What the worker last learned of this hall; the plan's where it has not yet."""
    with hall.reading() as connection:
        return learned_on(connection, hall.plan)


def learned_on(connection: Connection, plan: Plan) -> "Learned":
    """The same, in a reading that has begun."""
    return learned_for(plan, outlooks.read_learned(connection, plan.hall))
