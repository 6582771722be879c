"""The floor, the system's state at one instant: whatever happens, it stays consistent."""

from copy import deepcopy
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hallflow.domain.events import Event
from hallflow.domain.floor import empty_floor, planned_counters
from hallflow.domain.floor_events import LAST_CALLS, evolve, replay
from hallflow.domain.refusals import Refused, Unknown
from tests.makers import DAY, SERVICES, TIERS, WEDNESDAY, a_floor, a_plan, an_event, check_floor, join, summon, tell

STEPS = st.lists(
    st.tuples(
        st.sampled_from(
            [
                *("issued", "issued", "issued", "called", "called", "arrived", "finished", "counter_opened"),
                *("counter_closed", "counter_paused", "started", "missed", "requeued", "returned", "deferred", "left"),
                *("transferred", "leg_finished", "service_added", "parked", "resumed", "rerouted", "recalled"),
                *("expired", "prefilled", "rated", "day_opened", "plan_changed"),
            ]
        ),
        st.integers(0, 40),
        st.integers(0, 5),
        st.integers(-30, 30),
    ),
    max_size=60,
)


def an_event_of(floor, kind: str, who: int, where: int, minutes: int) -> Event | None:
    """The event these dice mean on this floor; legal or not."""
    at = WEDNESDAY + timedelta(minutes=floor.seq)
    seq = floor.seq + 1
    counter = sorted(floor.counters)[where % len(floor.counters)]
    if kind == "issued":
        service, tier = list(SERVICES)[who % 3], list(TIERS)[where % 3]
        count = floor.numbers.get(SERVICES[service].letter, 0) + 1
        number = f"{SERVICES[service].letter}{count:03}"
        services = [service, "sim"] if minutes > 15 else [service]
        data = {"services": services, "tier": tier, "language": "zh", "letter": number[0], "count": count}
        return Event(seq, at, kind, number, None, data)
    if kind == "day_opened":
        return Event(seq, at, kind, data={"day": "2026-03-05", "counters": {"1": ["bills"], "2": ["sim", "loan"]}})
    if kind == "plan_changed":
        few = {"2": ["bills", "loan"], "4": ["sim"]}
        return Event(seq, at, kind, data={"counters": few if who % 2 else planned_counters(a_plan())})
    if kind.startswith("counter_"):
        return Event(seq, at, kind, counter=counter, data={"clerk": "wang"})
    if not floor.tickets:
        return None
    ticket = floor.tickets[sorted(floor.tickets)[who % len(floor.tickets)]]
    if kind == "leg_finished" and ticket.leg + 1 == len(ticket.legs):
        return None
    data = dict(an_event(kind).data)
    if "since" in data:
        data["since"] = (at + timedelta(minutes=minutes)).isoformat()
    if kind == "transferred":
        data |= {"wanted": counter if where % 2 else None}
    return Event(seq, at, kind, ticket.number, counter if kind in ("called", "started", "resumed") else None, data)


@given(STEPS)
def test_whatever_happens_everybody_stands_in_one_line_or_at_one_counter(steps) -> None:
    floor = a_floor()
    log = []
    for step in steps:
        event = an_event_of(floor, *step)
        if event is None:
            continue
        before, draft = deepcopy(floor), floor.draft()
        try:
            evolve(draft, event)
        except (Refused, Unknown):
            assert floor == before, "a refused event must leave the floor as it was"
            continue
        assert floor == before, "a draft must not reach into the floor it was made from"
        check_floor(draft)
        floor = draft
        log.append(event)
    assert replay(a_floor(), log) == floor


def test_an_event_out_of_turn_is_no_event() -> None:
    floor = a_floor()
    with pytest.raises(ValueError, match="cannot follow"):
        evolve(floor, Event(floor.seq + 2, WEDNESDAY, "counter_closed", counter="1"))
    with pytest.raises(ValueError, match="unknown event"):
        tell(floor, "thunder", WEDNESDAY)


def test_a_change_that_fails_leaves_the_published_floor_as_it_was() -> None:
    floor = a_floor(("gold", 5), ("standard", 9))
    before, draft = deepcopy(floor), floor.draft()
    summon(draft, "A001", "1")
    with pytest.raises(Refused):
        summon(draft, "A002", "1")
    assert floor == before


def test_one_counter_holds_one_customer() -> None:
    floor = a_floor(("gold", 5), ("standard", 9))
    summon(floor, "A001", "1")
    with pytest.raises(Refused) as fault:
        summon(floor, "A002", "1")
    assert (fault.value.code, fault.value.facts) == ("counter_busy", {"counter": "1", "number": "A001"})


def test_who_came_earlier_and_waits_on_is_overtaken() -> None:
    floor = a_floor(("standard", 20), ("standard", 15, "sim"), ("gold", 5), ("gold", 1))
    summon(floor, "A002", "1")
    # counter 1 does not serve sim: whoever waits for that has lost nothing
    assert floor.overtaken == {"A001": 1}
    summon(floor, "A003", "2")
    assert floor.overtaken == {"A001": 2, "B001": 1}


def test_a_walk_in_overtakes_nobody() -> None:
    floor = a_floor(("standard", 20))
    number = join(floor, "standard")
    tell(floor, "started", WEDNESDAY, number, "1", reason={"code": "walk_in"})
    assert floor.overtaken == {}
    assert floor.calls == {}
    assert floor.recent == ()


def test_who_stands_at_the_same_place_stays_as_often_overtaken() -> None:
    """A counter closes, and who waited for it alone may go to any: being overtaken there has not been made up for."""
    floor = a_floor(("standard", 30), ("gold", 1))
    summon(floor, "A001", "1")
    tell(floor, "transferred", WEDNESDAY, "A001", service="bills", wanted="2", since=WEDNESDAY.isoformat())
    later = WEDNESDAY + timedelta(minutes=1)
    join(floor, "gold", at=later)
    summon(floor, "A003", "2", later)
    assert floor.overtaken["A001"] == 1
    tell(floor, "rerouted", later, "A001")
    assert floor.tickets["A001"].line == ("bills", "standard")
    assert floor.overtaken["A001"] == 1


def test_the_wall_remembers_the_last_calls_newest_first() -> None:
    floor = a_floor(*[("standard", 20 - n) for n in range(12)])
    for n in range(1, 11):
        summon(floor, f"A{n:03}", "1")
        tell(floor, "missed", WEDNESDAY, f"A{n:03}", "1", mark=n)
    assert [call.number for call in floor.recent] == [f"A{n:03}" for n in range(10, 10 - LAST_CALLS, -1)]
    summon(floor, "A011", "1")
    tell(floor, "recalled", WEDNESDAY, "A011", "1")
    assert (floor.recent[0].number, floor.recent[0].recalls) == ("A011", 1)


def test_a_new_day_begins_with_nothing_but_its_counters() -> None:
    floor = a_floor(("gold", 5))
    opening = {"day": "2026-03-05", "counters": {"1": ["sim"]}}
    with pytest.raises(Refused):
        tell(floor, "day_opened", WEDNESDAY, **opening)
    floor = a_floor(("gold", 5))
    tell(floor, "left", WEDNESDAY, "A001")
    tell(floor, "day_opened", WEDNESDAY, **opening)
    fresh = empty_floor(a_plan(counters={"1": ("sim",)}), DAY + timedelta(days=1))
    fresh.seq, fresh.moment = floor.seq, floor.moment
    assert floor == fresh


def test_a_counter_the_plan_drops_goes_when_it_is_free() -> None:
    floor = a_floor(("gold", 5), ("gold", 4))
    summon(floor, "A001", "1")
    tell(floor, "plan_changed", WEDNESDAY, counters={"2": ["bills", "loan"]})
    assert set(floor.counters) == {"1", "2"}
    assert floor.counters["2"].services == ("bills", "loan")
    assert floor.counters["2"].state == "open"


def test_unknown_names_are_named() -> None:
    floor = a_floor()
    for ask, code in ((floor.ticket, "no_ticket"), (floor.counter, "no_counter")):
        with pytest.raises(Unknown) as fault:
            ask("Z999")
        assert fault.value.code == code


def test_questions_about_the_floor() -> None:
    floor = a_floor(("gold", 5), ("standard", 9), ("gold", 2, "sim"), closed=["3"])
    assert floor.waiting_count() == 3
    assert floor.waiting_count(["bills"]) == 2
    assert {ticket.number for ticket in floor.waiting(["bills"])} == {"A001", "A002"}
    assert {ticket.number for ticket in floor.waiting()} == {"A001", "A002", "B001"}
    assert [counter.key for counter in floor.open_counters()] == ["1", "2"]
    assert [counter.key for counter in floor.open_counters("sim")] == ["2"]
    summon(floor, "A001", "1")
    assert [ticket.number for ticket in floor.at("called")] == ["A001"]
