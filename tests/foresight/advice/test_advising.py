"""Staffing advice: what is proposed, its predicted effect, and that it is not withdrawn too soon."""

from dataclasses import replace
from datetime import datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from hallflow.domain.plan import StaffingRules, Tier
from hallflow.domain.roster.breaks import PlannedBreak
from hallflow.foresight.advice.advising import advise
from hallflow.foresight.advice.steadiness import MORE, PastAdvice, steady
from hallflow.foresight.learning.learned import from_plan
from hallflow.foresight.twin.openings import CounterChange
from tests.foresight.makers import NOON, a_plan, an_open_floor, minutes, take, tell

ONE = {"standard": Tier("standard", {}, "", 0, 0.8, 10, 30, 12)}
ALIKE = (("bills",),) * 6


def a_hall(opened: int, waiting: int, per_hour: float = 40, offers=ALIKE, service: str = "bills"):
    plan = a_plan(offers, tiers=ONE, staffing=StaffingRules(arrivals_per_hour=per_hour))
    floor = an_open_floor(plan, NOON - minutes(60))
    for key in list(floor.counters)[opened:]:
        tell(floor, "counter_closed", NOON - minutes(59), counter=key)
    for i in range(waiting):
        take(floor, plan, service, "standard", NOON - minutes(5 - 5 * i / max(waiting, 1)))
    return floor, plan, replace(from_plan(plan), busyness_cv=0.15)


def look(hall, **more):
    floor, plan, learned = hall
    return advise(floor, plan, learned, NOON, plays=80, **more)


def test_where_goals_will_be_missed_counters_are_opened_and_each_says_what_it_does() -> None:
    found = look(a_hall(2, 12))
    assert [one.kind for one in found] == ["open"] * len(found)
    assert len({one.counter for one in found}) == len(found) >= 1
    first = found[0]
    assert first.change["wait"]["high"] < 0 < first.change["within_goal"]["low"]
    assert first.staff_minutes == 20
    assert first.start == NOON + minutes(5)
    facts = first.reason.facts
    assert facts["after"] > facts["before"]
    assert facts["service"] == "bills"
    # the second starts from where the first has led
    if len(found) > 1:
        assert found[1].before["wait"] == first.after["wait"]


def test_where_goals_are_kept_with_fewer_counters_are_closed_one_after_the_other() -> None:
    found = look(a_hall(6, 0, per_hour=12))
    assert 1 <= len({one.counter for one in found}) == len(found) <= 3
    for one in found:
        assert one.kind == "close"
        assert one.staff_minutes == -20
        assert one.after["within_goal"]["likely"] >= 0.8


def test_a_hall_that_does_well_is_left_alone() -> None:
    assert look(a_hall(4, 5)) == []


def lax():
    tier = replace(ONE["standard"], goal_share=0.4)
    return a_plan(ALIKE, tiers={"standard": tier}, staffing=StaffingRules(abandoned_at_most=0.5))


def test_a_counter_that_spares_half_of_those_it_can_serve_is_opened_though_the_goal_is_kept() -> None:
    floor, _, learned = a_hall(2, 9, per_hour=30)
    found = advise(floor, lax(), learned, NOON, plays=200)
    assert found[0].kind == "open"
    assert found[0].before["within_goal"]["likely"] >= 0.4
    assert found[0].before["left"]["likely"] <= 0.5


def test_a_counter_is_not_closed_where_many_would_miss_it_though_the_goal_is_kept() -> None:
    floor, _, learned = a_hall(4, 9)
    found = advise(floor, lax(), learned, NOON, plays=200)
    assert not [one for one in found if one.kind == "close"]


def test_a_keen_hall_is_advised_more_counters_and_each_for_less_long() -> None:
    floor, plan, learned = a_hall(3, 6)
    keen = replace(plan, staffing=replace(plan.staffing, advice="keen"))
    calmly, keenly = (advise(floor, each, learned, NOON, plays=200) for each in (plan, keen))
    assert [(one.kind, one.end) for one in calmly] == [("open", NOON + minutes(25))]
    assert {(one.kind, one.start, one.end) for one in keenly} == {("open", NOON + minutes(3), NOON + minutes(10))}
    assert len(keenly) > len(calmly)


def test_a_keen_hall_may_be_told_of_more_counters_at_one_look() -> None:
    floor, plan, learned = a_hall(1, 12, 8)
    keen = replace(plan, staffing=replace(plan.staffing, advice="keen"))
    calmly, keenly = (advise(floor, each, learned, NOON, plays=200) for each in (plan, keen))
    assert len(calmly) == 3
    assert 3 < len(keenly) <= 6


def test_the_last_counters_are_never_closed() -> None:
    assert look(a_hall(1, 0, per_hour=1)) == []


def test_the_last_counter_of_a_service_stays() -> None:
    found = look(a_hall(3, 0, 3, (("bills",), ("bills",), ("sim",))))
    assert {one.counter for one in found} <= {"1", "2"}


def test_a_counter_that_stands_free_is_lent_before_anybody_is_fetched() -> None:
    offers = (("bills",), ("sim",), ("sim",), ("bills", "sim"))
    floor, plan, learned = a_hall(3, 10, 6, offers)
    found = advise(floor, plan, learned, NOON, plays=80)
    assert found[0].kind == "lend"
    assert found[0].counter in "23"
    assert found[0].lent == ("bills",)
    assert found[0].staff_minutes == 0


def test_who_pauses_for_long_is_asked_back() -> None:
    floor, plan, learned = a_hall(3, 25, 40)
    for key in "456":
        del floor.counters[key]
    tell(
        floor, "counter_paused", NOON, counter="3", clerk="c", reason="lunch", back_at=(NOON + minutes(50)).isoformat()
    )
    floor.counters["3"] = replace(floor.counters["3"], clerk="c")
    found = advise(floor, plan, learned, NOON, plays=80)
    assert [(one.kind, one.counter) for one in found] == [("back", "3")]
    assert found[0].staff_minutes == 20


def test_what_was_accepted_counts_as_done() -> None:
    hall = a_hall(2, 12)
    first = look(hall)
    asked = [CounterChange(one.counter, True, one.start, one.end, one.services) for one in first]
    assert not {one.counter for one in look(hall, asked=asked)} & {one.counter for one in first}


def test_nothing_is_advised_when_the_hall_is_closed() -> None:
    floor, plan, learned = a_hall(2, 12)
    assert advise(floor, plan, learned, NOON.replace(hour=20), plays=80) == []


def test_what_was_declined_is_not_said_again_unless_the_outlook_has_left_its_range() -> None:
    hall = a_hall(2, 12)
    first = look(hall)[0]
    wide = PastAdvice("open", first.counter, first.end, 0.0, 500.0, "declined", first.services)
    assert first.counter not in {one.counter for one in look(hall, past=[wide])}
    left = replace(wide, high=first.before["wait"]["low"] / 2)
    assert look(hall, past=[left])[0].counter == first.counter


CLOSES = NOON + minutes(300)


def resting(
    waiting: int,
    latest: float = 90,
    *,
    earliest: float = 10,
    begins: float = 10,
    lasts: float = 15,
    per_hour: float = 24,
):
    """Three counters that nobody can be added to, two of which rest, in ten minutes; the roster, and its breaks."""
    hall = a_hall(3, waiting, per_hour=per_hour, offers=(("bills",),) * 3)
    start, end = NOON + minutes(begins), NOON + minutes(begins + lasts)
    spells = [(NOON - minutes(180), start), (end, CLOSES)]
    seats = {"1": [(NOON - minutes(180), CLOSES)], "2": spells, "3": spells}
    bounds = NOON + minutes(earliest), NOON + minutes(latest)
    return hall, {"seats": seats, "rests": [PlannedBreak(key, "ann", start, end, *bounds) for key in "23"]}


def test_a_break_that_falls_into_a_rush_is_advised_to_begin_later() -> None:
    hall, roster = resting(9)
    found = [one for one in look(hall, **roster) if one.kind == "break"]
    assert len(found) == 1
    one = found[0]
    assert one.rest in roster["rests"]
    assert one.later in (minutes(15), minutes(30))
    assert (one.start, one.end) == (one.rest.start, one.rest.end + one.later)
    assert one.staff_minutes == 0
    assert one.change["wait"]["likely"] < 0 < one.change["within_goal"]["likely"]
    assert one.reason.facts["after"] > one.reason.facts["before"]


def test_a_break_stays_where_it_is_in_a_quiet_hall_or_where_it_may_not_be_moved() -> None:
    hall, roster = resting(0)
    assert not [one for one in look(hall, **roster) if one.kind == "break"]
    hall, roster = resting(9, latest=30)
    assert not [one for one in look(hall, **roster) if one.kind == "break"]


QUIET_NOW = {"latest": 75, "begins": 30, "lasts": 45, "per_hour": 20}


def test_a_break_comes_first_where_nobody_waits_now_and_many_would_then() -> None:
    hall, roster = resting(0, earliest=0, **QUIET_NOW)
    [one] = [one for one in look(hall, **roster) if one.kind == "break"]
    assert one.later in (-minutes(15), -minutes(30))
    assert (one.start, one.end) == (one.rest.start + one.later, one.rest.end)
    assert NOON < one.start <= NOON + minutes(15)
    assert one.staff_minutes == 0
    assert one.change["wait"]["likely"] < 0 < one.change["within_goal"]["likely"]
    shut = [change for change in one.changes if not change.open]
    assert [(change.start, change.end) for change in shut] == [(one.start, one.start + minutes(45))]


def test_a_break_does_not_come_first_while_people_wait_or_before_it_may_begin() -> None:
    for hall, roster in (resting(6, earliest=0, **QUIET_NOW), resting(0, earliest=20, **QUIET_NOW)):
        assert not [one for one in look(hall, **roster) if one.kind == "break"]


def test_a_break_is_not_put_off_twice_nor_said_again_once_declined() -> None:
    hall, roster = resting(9)
    first = next(one for one in look(hall, **roster) if one.kind == "break")
    other = "3" if first.counter == "2" else "2"
    for state in ("accepted", "done", "declined"):
        said = PastAdvice("break", first.counter, first.end, 0.0, 500.0, state, first.services)
        assert {one.counter for one in look(hall, past=[said], **roster) if one.kind == "break"} <= {other}
    moved = [PastAdvice("break", key, first.end, 0.0, 0.1, "accepted", first.services) for key in "23"]
    assert not [one for one in look(hall, past=moved, **roster) if one.kind == "break"], "however things turn out"


def test_a_break_that_is_about_to_begin_is_not_moved_any_more() -> None:
    hall, roster = resting(9, begins=4)
    assert not [one for one in look(hall, **roster) if one.kind == "break"]


KINDS = st.sampled_from(["open", "close", "lend", "back", "break"])


@settings(deadline=None, max_examples=400)
@given(
    st.lists(
        st.tuples(
            KINDS,
            st.sampled_from("123"),
            st.integers(1, 20),
            st.floats(0, 30),
            st.floats(0, 10),
            st.sampled_from(["accepted", "done", "declined", "lapsed"]),
        ),
        min_size=2,
        max_size=30,
    )
)
def test_nothing_is_reversed_within_its_horizon_while_the_outlook_stays_in_its_range(steps) -> None:
    """Any sequence of wishes and outlooks: what `steady` lets through never takes back what still holds."""
    now: datetime = NOON
    said: list[PastAdvice] = []
    for kind, counter, after, wait, half, state in steps:
        now += timedelta(minutes=after)
        if not steady(kind, counter, (), said, now, wait):
            continue
        for given_before in said:
            holds = now < given_before.end and given_before.low <= wait <= given_before.high
            if not holds:
                continue
            if given_before.state in ("accepted", "done"):
                assert not (given_before.kind in MORE and kind == "close")
                assert not (given_before.kind == "close" and kind in MORE)
            else:
                assert (kind, counter) != (given_before.kind, given_before.counter)
        said.append(PastAdvice(kind, counter, now + timedelta(minutes=60), wait - half, wait + half, state))
