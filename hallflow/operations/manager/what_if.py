"""What-if analysis (paired comparison of scenarios): the effect of other counters for the rest of the day on waits, goals and cost.

Nothing in the hall changes. The simulation runs in the request's own thread, one at a time in a process: with the extra `fast` it
releases the interpreter lock to the other threads, without it they run between its short steps.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from itertools import combinations
from typing import TYPE_CHECKING, Any

from hallflow.domain.refusals import Malformed, Refused, Unknown
from hallflow.hall import Hall
from hallflow.house import House
from hallflow.operations.outlook.heavy import one_at_a_time
from hallflow.operations.outlook.learning import what_is_learned
from hallflow.operations.roster.rostering import seats_today

if TYPE_CHECKING:
    from hallflow.foresight.twin.openings import CounterChange

LATE_MINUTES = 15
"""A begin no longer ago than this means now: who drags a bar to the current quarter-hour means from now on."""


@dataclass(frozen=True, slots=True)
class Supposed:
    """One requested change of a counter; moments as text, in the hall's local time (10:30) or with a zone."""

    counter: str
    open: bool
    services: Sequence[str] | None = None
    at: str | None = None
    until: str | None = None


def suppose(house: House, hall: Hall, supposed: Sequence[Supposed]) -> dict[str, Any]:
    """Waits, goals and staff-minutes with and without these changes; raises Refused that names an impossible change."""
    # imported here, so that a server without such a request never loads numpy
    from hallflow.foresight.twin.whatif import compare

    floor, plan = hall.floor, hall.plan
    now = max(hall.clock.now(), floor.moment or hall.clock.now())
    closes = plan.hours.closes_at(now)
    if closes is None:
        raise Refused("what_if_closed", field="hall", hall=plan.name)
    changes = [_change(hall, i, one, now, closes) for i, one in enumerate(supposed)]
    for (i, one), (j, other) in combinations(enumerate(changes), 2):
        if one.counter == other.counter and one.start < other.end and other.start < one.end:
            raise Malformed(
                "changes_overlap", field=f"changes.{j}", counter=plan.counter_name(one.counter), other=i + 1
            )
    learned = what_is_learned(hall)
    seats = seats_today(hall)
    with one_at_a_time():
        compared = compare(floor, plan, learned, now, changes, seed=floor.seq, seats=seats)
    return {"hall": hall.key, "zone": str(plan.hours.zone), "seq": floor.seq} | compared | named(house, hall)


def named(house: House, hall: Hall) -> dict[str, Any]:
    """The names and goals behind the keys of a comparison."""
    scene, plan = house.scene(hall), hall.plan
    return {
        "goals": {
            key: {"name": tier.name, "share": tier.goal_share, "minutes": tier.goal_minutes}
            for key, tier in plan.tiers.items()
        },
        "names": {key: scene.service_name(key) for key in plan.services},
    }


def _change(hall: Hall, i: int, asked: Supposed, now: datetime, closes: datetime) -> "CounterChange":
    from hallflow.foresight.twin.openings import CounterChange

    plan, where = hall.plan, f"changes.{i}"
    if asked.counter not in plan.counters:
        raise Unknown("no_counter", field=f"{where}.counter", counter=asked.counter)
    for service in asked.services or ():
        if service not in plan.services:
            raise Unknown("no_service", field=f"{where}.services", service=service)
    start = _moment(hall, f"{where}.at", asked.at) if asked.at else now
    end = _moment(hall, f"{where}.until", asked.until) if asked.until else closes
    if start < now - timedelta(minutes=LATE_MINUTES):
        raise Malformed("moment_past", field=f"{where}.at", at=_clock(hall, start), now=_clock(hall, now))
    if start >= closes:
        raise Malformed(
            "moment_after_closing", field=f"{where}.at", at=_clock(hall, start), closes=_clock(hall, closes)
        )
    if end <= max(start, now):
        raise Malformed("moments_reversed", field=f"{where}.until", at=_clock(hall, start), until=_clock(hall, end))
    # a change until closing time lasts on, because customers inside by then are still served
    beyond = end + timedelta(days=1) if end >= closes else end
    return CounterChange(
        asked.counter, asked.open, max(start, now), beyond, tuple(asked.services) if asked.services else None
    )


def _moment(hall: Hall, field: str, text: str) -> datetime:
    hours = hall.plan.hours
    try:
        clock = time.fromisoformat(text)
    except ValueError:
        clock = None
    if clock is not None and clock.tzinfo is None:
        at = datetime.combine(hall.floor.day, clock, hours.zone)
        return at if clock >= hours.day_starts else at + timedelta(days=1)
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise Malformed("malformed", field=field, what=field)
    return moment


def _clock(hall: Hall, at: datetime) -> str:
    return f"{at.astimezone(hall.plan.hours.zone):%H:%M}"
