"""The synthetic history of the sample halls: plausible, reproducible, and never mixed with a real one."""

import itertools
from dataclasses import replace
from datetime import date, timedelta
from statistics import fmean

import pytest

from hallflow.config import load
from hallflow.domain.past.visit import Visit
from hallflow.domain.plan import Plan
from hallflow.house import House
from hallflow.jobs.tasks import TASKS, run
from hallflow.player.demo_history import ensure_demo_history
from hallflow.player.made_up_past import made_up_day, rhythm, usual_order
from hallflow.storage.records import history, outlooks
from tests.makers import SAMPLES

MONDAY = date(2026, 3, 9)


def kept(house: House, hall: str) -> list[Visit]:
    with house.engine.connect() as connection:
        return list(history.visits_between(connection, hall, date.min, date.max))


def a_plan(hall: str) -> Plan:
    return load(SAMPLES).plans[hall]


def test_a_demo_begins_with_eight_weeks_from_which_it_foresees(demo_house: House) -> None:
    written = ensure_demo_history(demo_house)
    visits = {hall: kept(demo_house, hall) for hall in demo_house.halls}
    assert written == sum(map(len, visits.values()))
    today = demo_house.halls["central"].floor.day
    for hall, found in visits.items():
        days = {demo_house.halls[hall].plan.hours.day_of(visit.issued_at) for visit in found}
        assert min(days) >= today - timedelta(weeks=8)
        assert max(days) < today
        assert {visit.number[:4] for visit in found} == {"sim-"}
    assert 300 < len(visits["central"]) / 56 < 500
    assert 60 < len(visits["county"]) / 48 < 150
    assert all(run(demo_house, TASKS[job]) for job in ("learn", "outlook"))
    with demo_house.engine.connect() as connection:
        _, drawn = outlooks.read(connection, "central")
    assert drawn is not None
    assert drawn["history_days"] == 56
    assert max(quarter["expected"] for quarter in drawn["quarters"]) > 10


def test_a_hall_with_any_history_is_left_alone(demo_house: House) -> None:
    now = demo_house.clock.now() - timedelta(days=3)
    with demo_house.turns.of("central") as connection:
        history.add_visits(connection, [(now.date(), Visit("central", "A001", "bills", "gold", now, now, now))])
    ensure_demo_history(demo_house)
    assert [visit.number for visit in kept(demo_house, "central")] == ["A001"]
    assert kept(demo_house, "county")
    assert ensure_demo_history(demo_house) == 0


@pytest.mark.parametrize("hall", ["central", "county"])
def test_a_made_up_day_is_always_the_same_and_obeys_the_hall(hall: str) -> None:
    plan = a_plan(hall)
    day = list(made_up_day(plan, MONDAY, plan.hours))
    assert day == list(made_up_day(plan, MONDAY, plan.hours))
    assert day != list(made_up_day(plan, MONDAY + timedelta(days=1), plan.hours))
    assert all(plan.hours.is_open(visit.issued_at) for visit in day)
    served = [visit for visit in day if visit.outcome == "served"]
    assert len({visit.number for visit in day}) == len(day)
    assert len(served) > 0.8 * len(day)
    for visit in served:
        assert visit.issued_at <= visit.called_at <= visit.arrived_at <= visit.ended_at
        assert visit.service in plan.counters[visit.counter].services
    for counter in plan.counters:
        mine = sorted((v for v in day if v.counter == counter), key=lambda v: v.called_at)
        assert all(a.ended_at <= b.called_at for a, b in itertools.pairwise(mine))


def test_a_closed_day_has_no_visits() -> None:
    county = a_plan("county")
    sunday = MONDAY - timedelta(days=1)
    assert list(made_up_day(county, sunday, county.hours)) == []
    always = replace(county.hours, always=True)
    assert always.spans(sunday)


def test_a_day_has_two_peaks() -> None:
    hours = [h / 4 for h in range(34, 72)]
    assert max(hours, key=rhythm) == 10.25
    assert rhythm(15.5) > 1.2 > rhythm(13)
    assert 0.9 < fmean(map(rhythm, hours)) < 1.1


def test_the_first_counters_to_open_serve_every_service() -> None:
    plan = a_plan("central")
    order = usual_order({key: counter.services for key, counter in plan.counters.items()})
    assert sorted(order) == sorted(plan.counters)
    assert {service for key in order[:4] for service in plan.counters[key].services} == set(plan.services)
