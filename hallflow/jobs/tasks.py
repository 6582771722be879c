"""The table of jobs, each a function of the house: run by the scheduler, or by hand with `hallflow work --once NAME`."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

import structlog

from hallflow.clock import monotonic
from hallflow.hall import Hall
from hallflow.house import House
from hallflow.operations.advice import advising
from hallflow.operations.floor import days
from hallflow.operations.floor.recovering import recover
from hallflow.operations.history.keeping import keep_closed_days
from hallflow.operations.history.small_turns import in_pieces
from hallflow.operations.outlook import calibration, requirements
from hallflow.operations.outlook.drawing import draw_outlooks
from hallflow.operations.outlook.forecasts import keep_forecasts
from hallflow.operations.outlook.learning import learn_history
from hallflow.operations.outlook.training import make_models
from hallflow.operations.roster import requests
from hallflow.storage.records import answers, forecasts, past, people, runs, screens

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Task:
    """A scheduled job."""

    name: str
    every_seconds: float
    """Seconds of the hall's clock between runs."""
    run: Callable[[House], int]
    """Returns how many things it did; a run with 0 is not logged."""
    heavy: bool = False
    """Whether it runs beside the others since it takes long; it must not write what they write."""


def advice(house: House) -> int:
    """Carry out, expire or measure standing advice; search anew every few minutes or after a large change. How many changed."""
    done = 0
    for hall in house.halls.values():
        hall.catch_up()
        done += advising.settle(house, hall)
        if hall.plan.hours.is_open(house.clock.now()) and advising.is_time(hall):
            done += advising.advise(house, hall)
    return done


def requirement(house: House) -> int:
    """Compute the staffing requirement of the most pressing day, by simulation of one plan after another. 1 if there was one."""
    return requirements.require_next(house)


def roster(house: House) -> int:
    """Make the roster whose request is the oldest. 1 if there was one."""
    return requests.make_next(house)


def calibrate(house: House) -> int:
    """Calibrate the prediction intervals by the outcomes of today's. Returns how many were learned from."""
    return sum(calibration.learn_today(house, hall) for hall in house.halls.values())


def sweep(house: House) -> int:
    """Time out: calls nobody came to become missed, missed tickets expire, broken promises get an apology. Returns how many."""
    done = 0
    for hall in house.halls.values():
        hall.catch_up()
        if hall.floor.at("called") or hall.floor.at("missed"):
            done += days.sweep(hall)
        done += recover(hall)
    return done


def day(house: House) -> int:
    """Close the day after closing time, and open the next when it begins. Returns how many halls changed."""
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


def keep_history(house: House) -> int:
    """Archive closed days as visits and sums, and move their tickets out of today's table. Returns how many things."""
    for hall in house.halls.values():
        hall.catch_up()
    return sum(keep_closed_days(house.turns, hall) for hall in house.halls.values())


def forecast(house: House) -> int:
    """Store today's arrival forecast, and compare those of closed days with the arrivals. Returns how many forecasts."""
    for hall in house.halls.values():
        hall.catch_up()
    return sum(keep_forecasts(house, hall) for hall in house.halls.values())


def forget(house: House) -> int:
    """Delete customers' answers, idempotency keys and old tickets after their retention periods. Returns how many rows."""
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
        Task("outlook", 5, draw_outlooks),
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
    """Run one job now, and record its duration and fault. Returns whether it succeeded."""
    began, at, fault, done = monotonic(), house.clock.now(), None, 0
    try:
        done = task.run(house)
    except Exception as failed:  # a failed job must not stop the others
        fault = f"{type(failed).__name__}: {failed}"[:255]
        log.exception("job_failed", job=task.name)
    seconds = monotonic() - began
    if done or fault:
        log.info("job", job=task.name, done=done, seconds=round(seconds, 3), ok=fault is None)
        with house.turns.of("") as connection:
            runs.keep(connection, task.name, at, seconds, fault)
    return fault is None
