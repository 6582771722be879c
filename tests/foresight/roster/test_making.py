"""Tour scheduling for a week: covered at least cost, within the staff's limits, with gaps reported."""

from dataclasses import replace
from datetime import date, time, timedelta
from itertools import permutations, product

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hallflow.domain.roster.shifts import BreakRule, Person, RosterRules, Shift
from hallflow.foresight.roster.assignment import assign
from hallflow.foresight.roster.cover import ShiftKind, cover
from hallflow.foresight.roster.making import make_roster, week_of
from hallflow.foresight.roster.past_days import past_days
from hallflow.foresight.roster.patterns import Pattern, grid, patterns
from hallflow.foresight.roster.seating import seat
from hallflow.foresight.roster.week import ShiftAsked, faults, unwished
from hallflow.foresight.staffing.required import QuarterNeed, Requirement
from hallflow.foresight.staffing.skills import groups_of
from tests.foresight.makers import DAY, NOON, a_plan

MINUTES = tuple(range(9 * 60, 17 * 60, 15))
DAY_SHIFT = Shift("day", {}, (time(9), time(8, 30)), 480, (BreakRule(30, time(11, 30), time(14)),))
HALF = Shift("half", {}, tuple(time(hour) for hour in range(9, 14)), 240)
SHIFTS = {"day": DAY_SHIFT, "half": HALF}


def a_week(plan, per_group: list[int]) -> dict[date, Requirement | None]:
    """The same need in every quarter-hour from 9 to 17 UTC, Monday to Friday."""
    groups = groups_of(plan)
    start = NOON.replace(hour=9)
    week = {}
    for n, day in enumerate(week_of(DAY)):
        quarters = tuple(
            QuarterNeed(
                start + timedelta(days=n - 2, minutes=15 * q),
                sum(per_group),
                tuple(per_group),
                "demand",
                None,
                {},
                (),
                0,
            )
            for q in range(32)
        )
        week[day] = Requirement(groups, quarters, 1, 1) if n < 5 else None
    return week


def test_breaks_lie_within_their_times_and_never_touch() -> None:
    two = replace(DAY_SHIFT, breaks=(BreakRule(15, time(10), time(11, 30)), BreakRule(45, time(11, 15), time(14))))
    found = patterns({"day": two}, MINUTES)
    assert len(found) > 10
    for pattern in found:
        (a, b), (c, d) = pattern.breaks
        assert (b - a, d - c) == (15, 45)
        assert 600 <= a < b < c < d <= 840
        assert pattern.paid == 480 - 60
        assert not pattern.works(a)
        assert not pattern.works(c)
        assert sum(pattern.works(m) for m in range(0, 1440, 15)) == 28


def test_a_days_cover_is_the_best_there_is() -> None:
    """Against every way there is, on a day small enough to try them all."""
    minutes = MINUTES[:20]
    found = [p for p in patterns({"half": HALF}, MINUTES) if p.start < 14 * 60]
    need = np.array([[1] * 6 + [2] * 8 + [1] * 6])
    solved = cover(need, [("bills",)], minutes, found, [ShiftKind(None)])
    assert solved.optimal
    assert not solved.short.any()
    work = grid(found, minutes)
    enough = [n for n in product(range(3), repeat=len(found)) if (np.array(n) @ work >= need[0]).all()]
    assert solved.paid_minutes == min(sum(p.paid * k for p, k in zip(found, n, strict=True)) for n in enough)


def test_shrinkage_asks_for_somebody_to_spare() -> None:
    need, found = np.full((1, 32), 4), patterns(SHIFTS, MINUTES)
    lean = cover(need, [("bills",)], MINUTES, found, [ShiftKind(None)])
    spare = cover(need, [("bills",)], MINUTES, found, [ShiftKind(None)], shrinkage=0.2)
    worked = sum(n * grid([p], MINUTES)[0] for p, _, n in spare.shifts)
    assert min(worked) >= 5
    assert spare.paid_minutes > lean.paid_minutes


def test_only_those_with_the_certificates_cover_and_what_nobody_may_do_is_short() -> None:
    need, found = np.array([[1] * 32, [1] * 32]), patterns(SHIFTS, MINUTES)
    bills = ShiftKind(frozenset(("bills",)), 9)
    solved = cover(need, [("bills",), ("loans",)], MINUTES, found, [bills])
    assert not solved.short[0].any()
    assert (solved.short[1] == 1).all()


@pytest.mark.parametrize("exact", [False, True])
def test_a_week_is_worked_within_hours_days_rest_and_certificates(exact: bool) -> None:
    plan = a_plan((("bills",), ("bills",), ("loans",)))
    people = {
        "ann": Person("ann", "Ann", frozenset(("bills", "loans"))),
        "bob": Person("bob", "Bob", frozenset(("bills",)), hours_at_most=24),
        "cat": Person("cat", "Cat", wishes_off=frozenset((0,))),
        "dan": Person("dan", "Dan", frozenset(("bills",)), away=frozenset((DAY,))),
        "eve": Person("eve", "Eve", frozenset()),
        "fay": Person("fay", "Fay", frozenset(("loans",))),
    }
    plan = replace(plan, roster=RosterRules(SHIFTS, people))
    made = make_roster(plan, a_week(plan, [2, 1]), seconds=5, exact=exact)
    assert made["how"] == ("cp-sat" if exact else "greedy")
    assert (made["gap"] is not None) == exact
    by = {person["key"]: person for person in made["people"]}
    assert all(person["hours"] <= person["hours_at_most"] for person in made["people"])
    assert (by["eve"]["days"], by["eve"]["note"]) == (0, "no_certificates")
    assert not any(s["person"] == "dan" and s["day"] == DAY.isoformat() for s in made["shifts"])
    for shift in made["shifts"]:
        for counter, start, end in shift["counters"]:
            assert shift["start"] <= start < end <= shift["end"]
            assert people[shift["person"]].may(frozenset(plan.counters[counter].services))
            assert all(end <= a or b <= start for a, b in shift["breaks"])


@pytest.mark.parametrize("exact", [False, True])
def test_a_week_planned_again_keeps_its_past_days_and_they_count_for_hours_and_rest(exact: bool) -> None:
    plan = a_plan((("bills",), ("bills",)))
    people = {key: Person(key, key, hours_at_most=40) for key in ("ann", "bob", "cat", "dan")}
    plan = replace(plan, roster=RosterRules(SHIFTS, people))
    needs = a_week(plan, [2])
    made = make_roster(plan, needs, seconds=2, exact=exact)
    monday, tuesday, today = week_of(DAY)[:3]
    past = past_days(made, today)
    gone = [shift for shift in made["shifts"] if shift["day"] < today.isoformat()]
    assert gone
    # ann has no hours left but those she has worked, and bob has gone
    fewer = {key: replace(one, hours_at_most=8) if key == "ann" else one for key, one in people.items() if key != "bob"}
    plan = replace(plan, roster=RosterRules(SHIFTS, fewer))
    to_come = {day: None if day < today else need for day, need in needs.items()}
    again = make_roster(plan, to_come, seconds=2, exact=exact, past=past)
    assert [shift for shift in again["shifts"] if shift["day"] < today.isoformat()] == gone
    for part in ("cover", "short"):
        before = [row for row in made[part] if row["day"] in (monday.isoformat(), tuesday.isoformat())]
        assert [row for row in again[part] if row["day"] < today.isoformat()] == before
    worked = sum(shift["paid_minutes"] for shift in gone if shift["person"] == "ann") / 60
    by = {person["key"]: person for person in again["people"]}
    assert by["ann"]["hours"] == worked or worked < by["ann"]["hours"] <= 8
    assert by["cat"]["days"] <= 5
    assert again["required_hours"] == made["required_hours"]
    days = {(shift["person"], shift["day"]) for shift in again["shifts"] if shift["person"]}
    assert len(days) == sum(shift["person"] is not None for shift in again["shifts"])


def test_a_roster_that_cannot_be_met_says_when_and_for_what_and_offers_the_least_bad() -> None:
    plan = a_plan((("bills",), ("bills",), ("loans",)))
    only = {"ann": Person("ann", "Ann", frozenset(("bills",)))}
    plan = replace(plan, roster=RosterRules(SHIFTS, only))
    made = make_roster(plan, a_week(plan, [2, 1]), seconds=2, exact=False)
    first = [short for short in made["short"] if short["day"] == made["days"][0]]
    assert {"from": "09:00", "until": "17:00", "counters": 1, "services": ["loans"]}.items() <= first[-1].items()
    assert any(short["services"] == ["bills"] for short in first)
    assert made["shifts"], "the least bad: somebody works"


def test_without_named_people_the_shifts_to_fill_are_told() -> None:
    plan = replace(a_plan((("bills",), ("bills",))), roster=RosterRules(SHIFTS))
    made = make_roster(plan, a_week(plan, [2]), seconds=1)
    assert made["how"] == "nobody named"
    assert made["covers_proven"]
    assert made["short"] == []
    assert all(shift["person"] is None for shift in made["shifts"])
    assert made["rostered_hours"] >= made["required_hours"] == 80.0


def test_nobody_changes_counters_without_need_and_a_narrow_certificate_is_not_crowded_out() -> None:
    plan = a_plan((("bills",), ("loans",)))
    whole = Pattern("day", 540, 1020, (), 480)
    people = {"all": Person("all", "All"), "one": Person("one", "One", frozenset(("bills",)))}
    seats = seat(np.ones((2, 32), int), groups_of(plan), MINUTES, {"all": whole, "one": whole}, people)
    assert seats.at == {"all": (("2", 540, 1020),), "one": (("1", 540, 1020),)}
    assert seats.empty == ()


def test_whoever_sits_at_a_counter_stays_there_when_one_of_its_kind_is_needed_less() -> None:
    plan = a_plan((("bills",), ("bills",), ("loans",)))
    whole, pauses = Pattern("day", 540, 1020, (), 480), Pattern("day", 540, 1020, ((720, 765),), 435)
    people = {key: Person(key, key, frozenset(("bills",))) for key in ("ann", "ben")}
    need = np.zeros((2, 32), int)
    need[0] = 2
    need[0, 12:16] = 1
    seats = seat(need, groups_of(plan), MINUTES, {"ann": pauses, "ben": whole}, people)
    # ann's break is when only one is needed: ben does not move to her counter, and she comes back to it
    assert seats.at == {"ann": (("1", 540, 720), ("1", 780, 1020)), "ben": (("2", 540, 1020),)}
    assert seats.empty == ()


@settings(max_examples=100, deadline=None)
@given(data=st.data())
def test_as_many_seats_are_filled_as_can_be_each_by_one_who_may(data) -> None:
    plan = a_plan((("bills",), ("bills",), ("loans",), ("bills", "loans")))
    groups = groups_of(plan)
    found = patterns(SHIFTS, MINUTES)
    kinds = [None, frozenset(("bills",)), frozenset(("loans",)), frozenset(("bills", "loans"))]
    people = {str(n): Person(str(n), str(n), data.draw(st.sampled_from(kinds))) for n in range(4)}
    on_shift = {key: data.draw(st.sampled_from(found)) for key in people}
    need = np.array([data.draw(st.lists(st.integers(0, len(g.counters)), min_size=32, max_size=32)) for g in groups])
    seats = seat(need, groups, MINUTES, on_shift, people)
    for q, minute in enumerate(MINUTES):
        sits = {key: c for key, at in seats.at.items() for c, start, end in at if start <= minute < end}
        assert len(set(sits.values())) == len(sits)
        assert all(on_shift[key].works(minute) for key in sits)
        assert all(people[key].may(frozenset(plan.counters[c].services)) for key, c in sits.items())
        for g, group in enumerate(groups):
            filled = sum(c in group.counters for c in sits.values())
            assert filled + seats.empty.count((g, q)) == need[g, q]
        here = [key for key in people if on_shift[key].works(minute)]
        wanted = [g for g in range(len(groups)) for _ in range(need[g, q])]
        best = max(
            sum(
                key != "" and people[key].may(frozenset(groups[g].services))
                for key, g in zip(order, wanted, strict=False)
            )
            for order in permutations(here + [""] * max(len(wanted) - len(here), 0))
        )
        assert len(sits) == best


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_no_week_ever_asks_for_more_than_may_be(data) -> None:
    kinds = [None, frozenset(("bills",)), frozenset(("bills", "loans")), frozenset()]
    people = {
        str(n): Person(
            str(n), f"P{n}", data.draw(st.sampled_from(kinds)), data.draw(st.sampled_from((8.0, 20.0, 40.0))),
            frozenset(data.draw(st.sets(st.sampled_from(week_of(DAY)), max_size=2))),
            frozenset(data.draw(st.sets(st.integers(0, 6), max_size=2))),
        )
        for n in range(data.draw(st.integers(1, 5)))
    }  # fmt: skip
    rules = RosterRules(
        SHIFTS,
        people,
        rest_hours=data.draw(st.sampled_from((0.0, 11.0, 17.0))),
        days_at_most=data.draw(st.integers(1, 6)),
    )
    found = patterns(SHIFTS, MINUTES)
    asked = [
        ShiftAsked(data.draw(st.sampled_from(week_of(DAY))), data.draw(st.sampled_from(found)), ShiftKind(data.draw(st.sampled_from(kinds[:3]))))
        for _ in range(data.draw(st.integers(0, 14)))
    ]  # fmt: skip
    greedy = assign(asked, rules, exact=False)
    exact = assign(asked, rules, 2.0, exact=True)
    assert faults(asked, greedy.by, rules) == []
    assert faults(asked, exact.by, rules) == []
    unfilled = [
        sum(a.pattern.paid for a, who in zip(asked, week.by, strict=True) if who is None) for week in (exact, greedy)
    ]
    assert unfilled[0] <= unfilled[1], "CP-SAT leaves no more unfilled than the greedy"


def test_wishes_are_kept_where_the_hall_can() -> None:
    people = {"ann": Person("ann", "Ann", wishes_off=frozenset((0,))), "bob": Person("bob", "Bob")}
    rules = RosterRules(SHIFTS, people)
    monday = week_of(DAY)[0]
    asked = [ShiftAsked(monday, patterns({"half": HALF}, MINUTES)[0], ShiftKind(None))]
    for exact in (False, True):
        assert assign(asked, rules, 2.0, exact=exact).by == ("bob",)
    assert unwished(asked[0], people["ann"]) == 1
