"""The alert rules: the threshold of each, and all of them on random halls."""

import itertools
from collections import Counter as Count
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hallflow.domain.alerts import LATE, LISTED, OF_A_RULE, ORDER, SOON, Alert, alerts, idle, long_queues
from hallflow.domain.floor import Floor
from hallflow.domain.plan import AlertRules
from hallflow.domain.screens import Silent
from hallflow.domain.waits.promises import breaches
from tests.domain.random_day import Day
from tests.makers import COUNTERS, SERVICES, TIERS, WEDNESDAY, a_floor, a_plan, a_ticket, join, summon, tell

PLAN = a_plan()


def at(minutes: float) -> datetime:
    return WEDNESDAY + timedelta(minutes=minutes)


def found(floor: Floor, minutes: float = 0, missing: tuple[Silent, ...] = ()) -> list[Alert]:
    return alerts(floor, PLAN, [], missing, at(minutes))


def codes(floor: Floor, minutes: float = 0) -> set[str]:
    return {alert.code for alert in found(floor, minutes)}


def serve(floor: Floor, counter: str, minutes: float = 0, service: str = "bills") -> str:
    """Somebody comes, is called and is served at once."""
    number = join(floor, "standard", service, at(minutes))
    summon(floor, number, counter, at(minutes))
    tell(floor, "arrived", at(minutes), number, counter)
    return number


def test_a_quiet_hall_has_nothing_to_tell() -> None:
    assert found(a_floor()) == []


def test_people_who_wait_where_nobody_is_there_for_them() -> None:
    floor = a_floor(("standard", 0, "loan"), ("gold", 0, "loan"), closed=["3"])
    (alert,) = found(floor)
    assert (alert.code, alert.level, alert.service, alert.facts) == ("no_counter", LATE, "loan", {"waiting": 2})
    tell(floor, "counter_opened", at(0), counter="3", clerk="wang")
    assert found(floor) == []


@pytest.mark.parametrize(
    ("minutes", "code"), [(23.9, None), (24, "near_guard"), (29.9, "near_guard"), (30, "past_guard")]
)
def test_a_wait_is_told_near_its_guard_and_past_it(minutes: float, code: str | None) -> None:
    floor = a_floor(("standard", minutes))
    told = [alert for alert in found(floor) if alert.number == "A001"]
    assert [alert.code for alert in told] == ([code] if code else [])


@pytest.mark.parametrize(("people", "is_long"), [(11, False), (12, True)])
def test_a_queue_is_long_by_the_work_that_waits_for_its_counters(people: int, *, is_long: bool) -> None:
    floor = a_floor(*[("standard", 1)] * people)
    assert ("long_queue" in codes(floor)) == is_long, "bills take 5 minutes, and two counters are open for them"


def test_a_clerk_is_idle_only_while_somebody_waits_whom_they_could_serve() -> None:
    floor = a_floor(closed=["1", "2"])
    assert "idle" not in codes(floor, 60), "nobody waits"
    join(floor, "standard", "bills", at(60))
    assert "idle" not in codes(floor, 90), "counter 3 does no bills"
    join(floor, "standard", "loan", at(90))
    assert "idle" not in codes(floor, 92.9), "it was free for an hour, but they have waited for three minutes only now"
    assert {alert.counter for alert in found(floor, 93) if alert.code == "idle"} == {"3"}
    summon(floor, "C001", "3", at(94))
    assert "idle" not in codes(floor, 94)


def test_a_wait_credited_from_elsewhere_is_not_held_against_an_idle_clerk() -> None:
    floor = a_floor(closed=["2"])
    number = serve(floor, "1")
    since = at(-40).isoformat()
    tell(floor, "transferred", at(10), number, "1", service="loan", since=since)
    assert "idle" not in {alert.code for alert in found(floor, 11) if alert.counter == "3"}
    assert "3" in {alert.counter for alert in found(floor, 13) if alert.code == "idle"}


@pytest.mark.parametrize(
    ("minutes", "code", "level"),
    [(9.9, None, None), (10, "long_service", SOON), (24.9, "long_service", SOON), (25, "not_finished", LATE)],
)
def test_a_service_is_long_and_then_probably_forgotten(minutes: float, code: str | None, level: str | None) -> None:
    floor = a_floor()
    serve(floor, "1")
    tell(floor, "counter_paused", at(1), counter="1", reason="lunch")
    told = [(alert.code, alert.level) for alert in found(floor, minutes) if alert.counter == "1"]
    assert told == ([(code, level)] if code else []), "bills take 5 minutes"


def test_a_call_that_nobody_has_come_to_is_told() -> None:
    floor = a_floor()
    summon(floor, join(floor, "standard", at=at(0)), "1", at(0))
    assert "called" not in codes(floor, 3.9)
    assert "called" in codes(floor, 4)


def test_whoever_was_forgotten_on_hold_is_told() -> None:
    floor = a_floor()
    for minutes in (0, 1):
        tell(floor, "parked", at(minutes), serve(floor, "1", minutes), "1", reason="system")
    assert "parked" not in codes(floor, 59)
    (alert,) = found(floor, 61)
    assert (alert.number, alert.facts) == ("A001", {"minutes": 61, "count": 2})


def test_promises_are_late_when_they_are_broken() -> None:
    late, soon = (a_ticket(number=n, promise=(5, 8, high)) for n, high in (("A001", 10), ("A002", 20)))
    breaking = breaches([late, soon], {"A002": at(25)}, at(12))
    told = alerts(a_floor(), PLAN, breaking, [], at(12))
    assert [(one.code, one.level, one.number) for one in told] == [
        ("promise_broken", LATE, "A001"),
        ("promise_breaking", SOON, "A002"),
    ]


def test_a_kiosk_is_missed_most_where_none_is_left() -> None:
    told = found(a_floor(), missing=(Silent("kiosk", 1, at(-5), 0), Silent("wall", 1, None, 1)))
    assert [(one.facts["kind"], one.level, one.facts["never"]) for one in told] == [
        ("kiosk", LATE, False),
        ("wall", SOON, True),
    ]


def test_silent_windows_are_one_alert() -> None:
    missing = tuple(Silent(f"window:{n}", 1, at(-n), 0) for n in (3, 5, 9))
    (alert,) = found(a_floor(), missing=missing)
    assert (alert.level, alert.screens, alert.at) == (SOON, ("window:3", "window:5", "window:9"), at(-9))


# ---- halls at random ----


@settings(max_examples=6, deadline=None)
@given(st.integers(0, 10_000), st.lists(st.floats(0, 120), min_size=1))
def test_every_alert_is_true_and_the_list_stays_short(seed: int, later: list[float]) -> None:
    """Each day is looked at sixty times, after each of the waits in turn in which nothing happens."""
    day, waits = Day("attainment", seed), itertools.cycle(later)
    day.play(lambda: check_alerts(day, day.now + timedelta(minutes=next(waits))))


def check_alerts(day: Day, now: datetime) -> None:
    floor = day.floor
    told = alerts(floor, day.plan, [], [], now)
    assert len(told) <= LISTED
    assert max(Count(alert.code for alert in told).values(), default=0) <= OF_A_RULE
    assert [alert.level for alert in told] == sorted((alert.level for alert in told), key=lambda level: level != LATE)
    rules = day.plan.alerts
    for alert in told:
        assert alert.code in ORDER
        counter = floor.counters[alert.counter] if alert.counter else None
        if alert.code == "no_counter":
            assert not any(alert.service in c.services for c in floor.open_counters())
        elif alert.code == "idle" and counter:
            assert (counter.state, counter.ticket) == ("open", None)
            waited = [(now - (t.state_at or t.issued_at)) for t in floor.waiting(counter.lines)]
            assert max(waited) >= timedelta(minutes=rules.idle_minutes)
        elif alert.code in ("called", "long_service", "not_finished") and counter:
            assert counter.ticket == alert.number
        elif alert.code == "past_guard" and alert.number:
            ticket = floor.tickets[alert.number]
            assert ticket.waited(now) >= day.plan.tiers[ticket.tier].guard_minutes


def rostered(floor: Floor, minutes: float, *keys: str) -> list[Alert]:
    seats = {key: [(at(0), at(60))] for key in keys}
    return [one for one in alerts(floor, PLAN, [], [], at(minutes), seats) if one.code == "absent"]


def test_who_should_have_come_by_the_roster_is_missed_after_five_minutes_until_they_come() -> None:
    floor = a_floor(closed=["3"])
    assert rostered(floor, 4.9, "1", "2", "3") == []
    (alert,) = rostered(floor, 5, "1", "2", "3")
    assert (alert.counter, alert.level, alert.at, alert.facts) == ("3", SOON, at(0), {"minutes": 5})
    join(floor, "standard", "loan", at(5))
    assert [one.level for one in rostered(floor, 6, "1", "2", "3")] == [LATE], "somebody waits whom they could serve"
    tell(floor, "counter_opened", at(7), counter="3", clerk="wang")
    assert rostered(floor, 8, "1", "2", "3") == []
    tell(floor, "counter_closed", at(9), counter="3")
    assert rostered(floor, 20, "1", "2", "3") == [], "who came and went was sent away"


def test_nobody_is_missed_for_whom_somebody_sits_elsewhere_or_whose_time_is_over() -> None:
    floor = a_floor(closed=["3"])
    assert rostered(floor, 10, "2", "3") == [], "1 is there in place of 3"
    assert rostered(floor, 61, "1", "2", "3") == []


@given(
    st.lists(st.tuples(st.sampled_from(sorted(TIERS)), st.floats(0, 30), st.sampled_from(sorted(SERVICES)))),
    st.floats(0, 60),
    st.floats(0.5, 30),
)
def test_no_clerk_who_could_serve_somebody_is_overlooked(
    waiting: list[tuple[str, float, str]], later: float, threshold: float
) -> None:
    floor, now = a_floor(*waiting), at(later)
    told = {alert.counter for alert in idle(floor, AlertRules(idle_minutes=threshold), now)}
    for key, offered in COUNTERS.items():
        # the counters have been open and free for hours: how long they are idle is how long somebody has waited
        longest = max((minutes + later for _, minutes, service in waiting if service in offered), default=0)
        if abs(longest - threshold) > 1e-3:
            assert (key in told) == (longest >= threshold)


@given(st.integers(0, 60), st.integers(0, 60), st.floats(1, 120))
def test_a_longer_queue_is_never_told_less(bills: int, more: int, threshold: float) -> None:
    plan = a_plan()
    rules = AlertRules(queue_minutes=threshold)
    object.__setattr__(plan, "alerts", rules)
    few, many = (a_floor(*[("standard", 1)] * people) for people in (bills, bills + more))
    told = [bool(list(long_queues(floor, plan))) for floor in (few, many)]
    assert told[1] or not told[0]
