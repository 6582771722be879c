"""The jobs, each one function of the house: run by the schedule, or by hand with `hallflow work --once NAME`."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import Any

import numpy as np
import structlog

from hallflow.clock import monotonic
from hallflow.domain.carrying import all_turns
from hallflow.domain.daysum import Cell
from hallflow.domain.showing import show_all
from hallflow.foresight.learned import Learned, from_plan, learn
from hallflow.foresight.minutes import Reading
from hallflow.foresight.outlook import draw_outlook
from hallflow.hall import Hall
from hallflow.operations import advising, calibrating, days, foreseeing, requiring, rosterasks
from hallflow.operations.forecasting import keep_forecasts
from hallflow.operations.house import House
from hallflow.operations.keeping import keep_closed_days
from hallflow.operations.modelling import make_models
from hallflow.operations.pieces import in_pieces
from hallflow.operations.recovering import recover
from hallflow.storage import answers, forecasts, history, outlooks, past, people, requirements, rosters, runs, screens

log = structlog.get_logger()
HISTORY_DAYS = 400
RECENT_VISITS = 100_000
"""Of so many at most everything is learned; of all before only when they came."""
REDRAW_MINUTES = 1.0
"""An outlook is drawn anew when the hall has changed, and otherwise this often."""


@dataclass(frozen=True, slots=True)
class Task:
    """A job of the house."""

    name: str
    every_seconds: float
    """Seconds of the hall's clock between runs."""
    run: Callable[[House], int]
    """Gives how many things it did; a run that found nothing to do is not worth a line."""
    heavy: bool = False
    """Whether it takes so long that the others do not wait for it; it must not cross them in what it writes."""


def outlook(house: House) -> int:
    """Play every hall forward and keep what it shows: ranges, arrivals, counters. How many halls were drawn anew."""
    drawn_anew = 0
    for hall in house.halls.values():
        hall.catch_up()
        now = house.clock.now()
        with house.engine.connect() as connection:
            _, drawn = outlooks.read(connection, hall.key)
            data = outlooks.read_learned(connection, hall.key)
        if drawn is not None and drawn["seq"] == hall.floor.seq and drawn["made_seconds"] is not None:
            age = now.timestamp() - drawn["made_seconds"]
            if 0 <= age < REDRAW_MINUTES * 60 and drawn.get("learned_at") == (data or {}).get("learned_at"):
                continue
        _draw(house, hall, Learned.from_data(_without_stamp(data)) if data else from_plan(hall.plan), data, drawn)
        drawn_anew += 1
    return drawn_anew


def _draw(
    house: House,
    hall: Hall,
    learned: Learned,
    data: Mapping[str, object] | None,
    before: Mapping[str, Any] | None,
) -> None:
    floor, now = hall.floor, house.clock.now()
    with house.engine.connect() as connection:
        found = requiring.found_for(requirements.read(connection, hall.key, floor.day), hall.plan)
        seats = rosters.seats_on(connection, hall.plan, floor.day)
    outlook = draw_outlook(floor, hall.plan, learned, now, np.random.default_rng(floor.seq), found=found, seats=seats)
    kept = calibrating.calibrated(house, hall)
    drawn = outlook.as_data()
    ranges = drawn["ranges"]
    twin = ranges["twin"] = ranges["next"]
    ranges["by"], ranges["foreseen"] = foreseeing.foresee(house, hall, twin)
    ranges["next"] = kept.nexts(ranges["foreseen"])
    carried = foreseeing.carry_over(ranges["tickets"], floor, twin, ranges["foreseen"])
    ranges["tickets"] = kept.tickets(carried, floor)
    last = before["ranges"].get("shown", {}) if before else {}
    ranges["shown"] = show_all(floor, hall.plan, last, ranges["tickets"], now)
    ranges["turns"] = all_turns(floor, hall.plan, now)
    drawn |= {"seq": floor.seq, "made_seconds": now.timestamp(), "learned_at": (data or {}).get("learned_at")}
    with house.turns.of(hall.key) as connection:
        outlooks.keep(connection, hall.key, now, drawn)
    hall.on_change(hall)


def _without_stamp(data: Mapping[str, object]) -> dict[str, object]:
    return {key: value for key, value in data.items() if key != "learned_at"}


def advice(house: House) -> int:
    """Settle what was advised, and look ahead anew every few minutes or when a hall has changed much. How many changed."""
    done = 0
    for hall in house.halls.values():
        hall.catch_up()
        done += advising.settle(house, hall)
        if hall.plan.hours.is_open(house.clock.now()) and advising.is_time(hall):
            done += advising.advise(house, hall)
    return done


def requirement(house: House) -> int:
    """Find out what the most pressing day requires, by playing it under one plan after another. 1 if there was one."""
    return requiring.require_next(house)


def roster(house: House) -> int:
    """Make the week's roster that a manager has waited for longest. 1 if there was one."""
    return rosterasks.make_next(house)


def calibrate(house: House) -> int:
    """Hold the ranges to their promise by what has come of those given today. How many were learned from."""
    return sum(calibrating.learn_today(house, hall) for hall in house.halls.values())


def sweep(house: House) -> int:
    """Miss those who did not come, let go of those missed long ago, apologise for long broken promises. How many."""
    done = 0
    for hall in house.halls.values():
        hall.catch_up()
        if hall.floor.at("called") or hall.floor.at("missed"):
            done += days.sweep(hall)
        done += recover(hall)
    return done


def day(house: House) -> int:
    """Close the day after closing time, and open the next when it begins. How many halls changed."""
    done = 0
    for hall in house.halls.values():
        hall.catch_up()
        hours, now = hall.plan.hours, house.clock.now()
        if hall.floor.day < hours.day_of(now):
            done += days.begin_day(hall)
        elif hours.closed_for(now) is not None and _unfinished(hall):
            done += days.close_day(hall) > 0
    return done


def _unfinished(hall: Hall) -> bool:
    return bool(hall.floor.tickets) or any(c.state != "closed" for c in hall.floor.counters.values())


def learn_history(house: House) -> int:
    """Learn service times, patience and arrivals from the history. How many halls have one."""
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


def keep_history(house: House) -> int:
    """Turn closed days into visits and sums, and move their tickets out of the way of today's. How many things."""
    for hall in house.halls.values():
        hall.catch_up()
    return sum(keep_closed_days(house.turns, hall) for hall in house.halls.values())


def forecast(house: House) -> int:
    """Keep what is expected of today, and hold what was expected of closed days against who came. How many forecasts."""
    for hall in house.halls.values():
        hall.catch_up()
    return sum(keep_forecasts(house, hall) for hall in house.halls.values())


def forget(house: House) -> int:
    """Delete what customers wrote, yesterday's request keys and old tickets, each when its days are over. How many rows."""
    now, keep = house.clock.now(), house.installation.retention
    with house.turns.of("") as connection:
        done = people.forget_prefills(connection, now - timedelta(days=keep.answers_days))
        done += answers.forget(connection, now - timedelta(days=1))
        done += screens.forget(connection, now - timedelta(days=2))
    for hall in house.halls.values():
        oldest = hall.plan.hours.day_of(now) - timedelta(days=keep.tickets_days)
        done += in_pieces(house.turns, hall.key, partial(past.forget_some, hall=hall.key, before=oldest))
        with house.turns.of(hall.key) as connection:
            done += forecasts.forget(connection, hall.key, oldest)
    return done


TASKS = {
    task.name: task
    for task in (
        Task("outlook", 5, outlook),
        Task("advice", 30, advice),
        Task("requirement", 60, requirement, heavy=True),
        Task("roster", 5, roster, heavy=True),
        Task("sweep", 10, sweep),
        Task("calibrate", 60, calibrate),
        Task("day", 60, day),
        Task("history", 600, keep_history),
        Task("forecast", 300, forecast),
        Task("forget", 3600, forget),
        Task("learn", 24 * 3600, learn_history),
        Task("model", 24 * 3600, make_models),
    )
}


def run(house: House, task: Task) -> bool:
    """Do one job now; its time and its fault, if any, are kept. Whether it went well."""
    began, at, fault, done = monotonic(), house.clock.now(), None, 0
    try:
        done = task.run(house)
    except Exception as failed:  # one failed job must not end the others
        fault = f"{type(failed).__name__}: {failed}"[:255]
        log.exception("job_failed", job=task.name)
    seconds = monotonic() - began
    if done or fault:
        log.info("job", job=task.name, done=done, seconds=round(seconds, 3), ok=fault is None)
        with house.turns.of("") as connection:
            runs.keep(connection, task.name, at, seconds, fault)
    return fault is None
