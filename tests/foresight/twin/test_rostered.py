"""Server availability by roster: the present state overrides the plan, and waits include future closings."""

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from hallflow.domain.plan import StaffingRules, Tier
from hallflow.foresight.advice.advising import advise
from hallflow.foresight.learning.learned import from_plan
from hallflow.foresight.outlook import draw_outlook
from hallflow.foresight.twin.openings import CounterChange, as_it_stands
from hallflow.foresight.twin.rostered import LATE, LEAD, as_planned, as_rostered
from hallflow.foresight.twin.whatif import compare
from tests.foresight.makers import NOON, a_plan, an_open_floor, minutes, take, tell

PLAN = a_plan((("bills",),) * 4)
ONE = {"standard": Tier("standard", {}, "", 0, 0.8, 10, 30, 12)}
CLOSES = NOON + minutes(300)
MORNING = (NOON - minutes(180), NOON + minutes(30))
EVENING = (NOON + minutes(60), CLOSES)


def spells(floor, seats, now=NOON, counter="1"):
    return [(one.start, one.end) for one in as_rostered(floor, PLAN, seats, now, CLOSES)[counter]]


def a_floor(*closed: str):
    floor = an_open_floor(PLAN, NOON - minutes(200))
    for counter in closed:
        tell(floor, "counter_closed", NOON - minutes(190), counter=counter)
    return floor


def test_an_open_counter_closes_for_the_break_and_whoever_is_last_stays_until_all_are_served() -> None:
    seats = {"1": [MORNING, EVENING], "2": [MORNING]}
    assert spells(a_floor(), seats) == [(NOON, MORNING[1]), (EVENING[0], CLOSES + timedelta(days=1))]
    assert spells(a_floor(), seats, counter="2") == [(NOON, MORNING[1])]


def test_in_a_hall_that_never_closes_nobody_stays_the_night() -> None:
    plan = replace(PLAN, hours=replace(PLAN.hours, always=True))
    opening = as_rostered(a_floor(), plan, {"1": [MORNING, EVENING]}, NOON, CLOSES + timedelta(days=1))
    assert opening["1"][-1].end == CLOSES + timedelta(hours=1)


def test_who_does_not_come_is_awaited_for_a_quarter_of_an_hour() -> None:
    seats = {"1": [MORNING, EVENING]}
    (begins, _), later = spells(a_floor("1"), seats, MORNING[0] + minutes(5))
    assert begins == MORNING[0] + minutes(5) + LEAD
    assert later[0] == EVENING[0]
    assert [start for start, _ in spells(a_floor("1"), seats)] == [EVENING[0]], "nobody came"


def test_who_is_open_though_nobody_is_planned_stays_and_who_is_just_over_goes() -> None:
    seats = {"1": [EVENING], "2": [MORNING], "3": [(CLOSES - minutes(60), CLOSES)]}
    assert spells(a_floor(), seats) == [(NOON, CLOSES + timedelta(days=1))], "until the planned clerk takes over"
    assert spells(a_floor(), seats, counter="4") == [(NOON, CLOSES)]
    over = MORNING[1] + minutes(5)
    assert spells(a_floor(), seats, over, "2") == [(over, MORNING[1] + LATE)]
    later = MORNING[1] + LATE + minutes(1)
    assert spells(a_floor(), seats, later, "2") == [(later, CLOSES)], "somebody has asked them to stay"


def test_who_came_and_was_sent_away_again_is_not_awaited() -> None:
    floor = a_floor("1")
    begins = MORNING[0] + minutes(20)
    tell(floor, "counter_opened", begins + minutes(1), counter="1")
    tell(floor, "counter_closed", begins + minutes(3), counter="1")
    seats = {"1": [(begins, MORNING[1]), EVENING]}
    assert [start for start, _ in spells(floor, seats, begins + minutes(5))] == [EVENING[0]]


def test_a_paused_counter_comes_back_when_its_clerk_has_said_or_with_the_next_stretch() -> None:
    seats = {"1": [MORNING, EVENING]}
    floor = a_floor()
    tell(floor, "counter_paused", NOON, counter="1", back_at=(NOON + minutes(10)).isoformat(), reason="break")
    assert spells(floor, seats)[0] == (NOON + minutes(10), MORNING[1])
    tell(floor, "counter_paused", NOON, counter="1", back_at=None, reason="break")
    assert [start for start, _ in spells(floor, seats)] == [EVENING[0]]


def a_short_hall(opened: int, waiting: int, offers=(("bills",),) * 4):
    """One tier, so many counters open, and so many waiting."""
    plan = a_plan(offers, tiers=ONE, staffing=StaffingRules(arrivals_per_hour=30))
    floor = an_open_floor(plan, NOON - minutes(60))
    for key in list(floor.counters)[opened:]:
        tell(floor, "counter_closed", NOON - minutes(59), counter=key)
    for i in range(waiting):
        take(floor, plan, "bills", "standard", NOON - minutes(5 - 5 * i / max(waiting, 1)))
    return floor, plan


def advised(hall, seats):
    floor, plan = hall
    return [
        (one.kind, one.counter, one.start, one.end, one.early)
        for one in advise(floor, plan, from_plan(plan), NOON, plays=80, seats=seats)
    ]


DAY_LONG = (NOON - minutes(180), CLOSES)


def test_nobody_is_asked_to_open_a_counter_whose_clerk_comes_in_five_minutes() -> None:
    hall = a_short_hall(2, 12, (("bills",),) * 3)
    assert ("open", "3") in {one[:2] for one in advised(hall, None)}
    seats = {"1": [DAY_LONG], "2": [DAY_LONG], "3": [(NOON + minutes(5), CLOSES)]}
    assert not advised(hall, seats)


def test_a_counter_whose_clerk_comes_too_late_is_advised_to_open_early_until_then() -> None:
    seats = {"1": [DAY_LONG], "2": [DAY_LONG], "3": [(NOON + minutes(25), CLOSES)]}
    found = advised(a_short_hall(2, 16, (("bills",),) * 3), seats)
    assert found == [("open", "3", NOON + minutes(5), NOON + minutes(25), True)]


def test_a_counter_is_opened_because_the_roster_will_close_others() -> None:
    hall = a_short_hall(3, 3)
    assert not [one for one in advised(hall, None) if one[0] == "open"], "as it stands there is no need"
    seats = {"1": [DAY_LONG], **{key: [(NOON - minutes(180), NOON + minutes(3))] for key in "23"}}
    assert ("open", "4") in {one[:2] for one in advised(hall, seats)}


def test_what_is_late_or_over_stays_as_it_is_in_what_if_and_the_rest_goes_by_the_roster() -> None:
    floor, plan = a_short_hall(2, 6)
    seats = {
        "1": [(NOON - minutes(180), NOON + minutes(60))],
        "3": [(NOON - minutes(30), NOON + minutes(120))],
        "4": [(NOON + minutes(90), CLOSES)],
    }
    told = compare(floor, plan, from_plan(plan), NOON, [CounterChange("4", False, NOON, CLOSES)], 1, 40, seats=seats)
    opened = [quarter["open"] for quarter in told["quarters"]]
    # 2 is there unplanned and stays, nobody has come to 3, and what is dragged changes the roster's
    assert [one["before"] for one in opened[:8]] == [2, 2, 2, 2, 1, 1, 2, 2]
    assert [one["after"] for one in opened[:8]] == [2, 2, 2, 2, 1, 1, 1, 1]
    assert told["change"]["staff_minutes"] == -210


def test_without_a_roster_nothing_is_otherwise() -> None:
    floor, plan = a_short_hall(2, 12)
    learned = from_plan(plan)
    assert as_planned(floor, plan, {}, NOON, CLOSES) == as_it_stands(floor, plan, NOON, CLOSES)
    assert advised((floor, plan), {}) == advised((floor, plan), None)
    assert compare(floor, plan, learned, NOON, [], 1, 40, seats={}) == compare(floor, plan, learned, NOON, [], 1, 40)


def an_outlook(seats):
    plan = a_plan((("bills",),) * 4, staffing=StaffingRules(arrivals_per_hour=30))
    floor = an_open_floor(plan, NOON - minutes(180))
    for i in range(24):
        take(floor, plan, "bills", "standard", NOON - minutes(24 - i))
    return draw_outlook(floor, plan, from_plan(plan), NOON, np.random.default_rng(1), 200, seats=seats)


def test_a_hall_whose_roster_closes_three_counters_tells_longer_waits() -> None:
    whole = {str(n): [(NOON - minutes(180), CLOSES)] for n in range(1, 5)}
    closing = whole | {str(n): [(NOON - minutes(180), NOON + minutes(10))] for n in range(2, 5)}
    without, same, fewer = an_outlook(None), an_outlook(whole), an_outlook(closing)
    assert (without.rostered, same.rostered, fewer.rostered) == (False, True, True)
    assert same.tickets["A024"] == pytest.approx(without.tickets["A024"], abs=1e-6), "a roster that changes nothing"
    for end in (1, 2):
        assert fewer.tickets["A024"][end] > 1.5 * without.tickets["A024"][end]
        assert fewer.nexts["bills", "standard"][end] > 1.5 * without.nexts["bills", "standard"][end]
    counts = {q.start: q.open for q in fewer.quarters}
    assert (counts[NOON], counts[NOON + minutes(15)], counts[NOON - minutes(15)]) == (4, 1, None)


def test_a_counter_that_is_to_open_shortens_the_wait_and_serves_what_nobody_serves_now() -> None:
    plan = a_plan((("bills",), ("loans",)))
    floor = an_open_floor(plan, NOON - minutes(180))
    tell(floor, "counter_closed", NOON - minutes(60), counter="2")
    number = take(floor, plan, "loans", "standard", NOON - minutes(1))
    seats = {"1": [(NOON - minutes(180), CLOSES)], "2": [(NOON + minutes(20), CLOSES)]}
    told = draw_outlook(floor, plan, from_plan(plan), NOON, np.random.default_rng(1), 100, seats=seats)
    assert told.tickets[number][0] >= 20
    assert number not in draw_outlook(floor, plan, from_plan(plan), NOON, np.random.default_rng(1), 100).tickets
