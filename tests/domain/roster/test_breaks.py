"""Planned breaks: which may be moved, how far, and that moving one moves no other."""

from dataclasses import replace
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from hallflow.domain.roster.breaks import rests_of, with_moved
from hallflow.domain.roster.seats import seats_of
from hallflow.domain.roster.shifts import BreakRule, RosterRules, Shift
from tests.makers import a_plan

DAY = date(2026, 3, 4)
SHIFT = Shift(
    "day", {}, (time(9),), 480, (BreakRule(15, time(10), time(11, 30)), BreakRule(45, time(11, 30), time(14)))
)
PLAN = replace(a_plan(), roster=RosterRules({"day": SHIFT}))


def a_shift(person: str | None, *counters: list[str], day: date = DAY) -> dict[str, Any]:
    breaks = [["10:30", "10:45"], ["12:00", "12:45"]]
    return {"day": day.isoformat(), "person": person, "shift": "day", "breaks": breaks, "counters": list(counters)}


def a_roster(*shifts: dict[str, Any]) -> dict[str, Any]:
    return {"zone": "Asia/Shanghai", "shifts": list(shifts)}


def clock(at: datetime) -> str:
    return f"{at.astimezone(ZoneInfo('Asia/Shanghai')):%H:%M}"


ANN = a_shift("ann", ["1", "09:00", "10:30"], ["1", "10:45", "12:00"], ["2", "12:45", "17:00"])


def test_a_break_may_move_where_the_same_person_comes_back_to_the_counter_it_leaves_empty() -> None:
    (rest,) = rests_of(a_roster(ANN), DAY, PLAN)
    assert (rest.counter, rest.person, clock(rest.start), clock(rest.end)) == ("1", "ann", "10:30", "10:45")
    assert (clock(rest.earliest), clock(rest.latest)) == ("10:00", "11:30"), "by the rules of the shift"
    taken_over = a_shift("bob", ["1", "10:30", "10:45"])
    assert list(rests_of(a_roster(ANN, taken_over), DAY, PLAN)) == []
    nobody = a_shift(None, ["1", "09:00", "10:30"], ["1", "10:45", "12:00"])
    assert list(rests_of(a_roster(nobody), DAY, PLAN)) == []
    assert list(rests_of(None, DAY, PLAN)) == []


def test_what_comes_after_a_break_bounds_it_and_a_break_that_no_rule_knows_stays() -> None:
    soon = a_shift("ann", ["1", "09:00", "10:30"], ["1", "10:45", "11:15"])
    assert [clock(rest.latest) for rest in rests_of(a_roster(soon), DAY, PLAN)] == ["11:00"]
    came = a_shift("ann", ["1", "10:05", "10:30"], ["1", "10:45", "12:00"])
    assert [clock(rest.earliest) for rest in rests_of(a_roster(came), DAY, PLAN)] == ["10:20"]
    unknown = replace(PLAN, roster=RosterRules({}))
    assert list(rests_of(a_roster(ANN), DAY, unknown)) == []


def test_moving_a_break_moves_it_alone() -> None:
    other = a_shift("ann", ["1", "09:00", "10:30"], ["1", "10:45", "12:00"], day=date(2026, 3, 5))
    roster = a_roster(ANN, other)
    moved = with_moved(roster, DAY, "1", "ann", "10:30", 30)
    assert moved is not None
    assert moved["shifts"][0]["breaks"] == [["11:00", "11:15"], ["12:00", "12:45"]]
    assert moved["shifts"][1] == other
    spells = [[clock(at) for at in spell] for spell in seats_of(moved, DAY, PLAN.counters)["1"]]
    assert spells == [["09:00", "11:00"], ["11:15", "12:00"]]
    assert roster["shifts"][0] == ANN, "the roster as it was is left alone"
    earlier = with_moved(roster, DAY, "1", "ann", "10:30", -15)
    assert earlier is not None
    assert earlier["shifts"][0]["breaks"] == [["10:15", "10:30"], ["12:00", "12:45"]]
    spells = [[clock(at) for at in spell] for spell in seats_of(earlier, DAY, PLAN.counters)["1"]]
    assert spells == [["09:00", "10:15"], ["10:30", "12:00"]]
    assert with_moved(roster, DAY, "1", "ann", "10:00", 30) is None
    assert with_moved(roster, DAY, "1", "bob", "10:30", 30) is None
