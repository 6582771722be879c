"""An advice from its proposal to its measured effect, on a real hall."""

from dataclasses import replace
from datetime import timedelta

import pytest

from hallflow.domain.refusals import Refused, Unknown
from hallflow.domain.roster.seats import monday_of
from hallflow.house import House
from hallflow.jobs import tasks
from hallflow.operations.advice import advising
from hallflow.operations.floor import calling, serving
from hallflow.operations.floor.counters import close_counter, open_counter, pause_counter
from hallflow.snapshots.advice import asked_of, draw_advice
from hallflow.storage.records import advices, rosters
from hallflow.storage.records.advices import AdviceRow
from hallflow.storage.records.rosters import rests_on, seats_on
from tests.makers import DAY, WEDNESDAY, FakeClock, keep_roster, log_of, open_all, take


def crowded(house: House, opened: tuple[str, ...] = ("2", "3", "9", "11", "12", "6")):
    hall = house.hall("central")
    for key in opened:
        open_counter(hall, key, f"clerk-{key}")
    for i in range(40):
        take(hall, ("bills", "plan_change", "bills", "sim")[i % 4])
    return hall


def proposed(house: House, hall, kind: str | None = None) -> AdviceRow:
    advising.advise(house, hall)
    return next(one for one in hall.advice.given if one.state == "proposed" and kind in (None, one.data["kind"]))


def again(hall, kept: AdviceRow) -> AdviceRow:
    return next(one for one in hall.advice.given if one.id == kept.id)


SPARE = {"minutes": 60, "customers": 30, "before": 90, "after": 92, "wait": 5, "waits": 4}


def given(house: House, hall, kind: str, counter: str, **data: object) -> AdviceRow:
    """An advice of this kind, whatever the hall is like."""
    now = hall.clock.now()
    figures = {"wait": {"low": 1.0, "likely": 5.0, "high": 9.0}, "within_goal": {"low": 0.5, "likely": 0.6, "high": 0.7},
               "left": {"low": 0.0, "likely": 0.0, "high": 0.1}}  # fmt: skip
    whole = {
        "kind": kind, "counter": counter, "services": [], "lent": [], "reason": {"code": "advice.because_spare", "facts": SPARE},
        "staff_minutes": 0, "before": figures, "after": figures, "change": figures, "seq": hall.floor.seq, **data,
    }  # fmt: skip
    with house.turns.of(hall.key) as connection:
        return advices.add(connection, hall.key, hall.floor.day, now, now, now.replace(minute=now.minute + 50), whole)


def test_a_counter_to_open_is_asked_of_its_clerk_and_done_when_somebody_sits_there(
    house: House, clock: FakeClock
) -> None:
    hall = crowded(house)
    kept = proposed(house, hall, "open")
    counter = kept.data["counter"]
    written = hall.floor.seq
    assert advising.accept(house, hall, kept.id, "boss").state == "accepted"
    assert hall.floor.seq == written, "nobody sits there yet: the hall has not changed"
    clock.forward(4)
    open_counter(hall, counter, "clerk-new")
    assert advising.settle(house, hall) >= 1
    assert again(hall, kept).state == "done"


def a_break(house: House, hall, later: int = 15) -> AdviceRow:
    """A kept roster with a break at counter 2 from 10:20, local time, and the advice to begin it later, or earlier."""
    breaks, seats = [["10:20", "10:35"]], [["2", "08:30", "10:20"], ["2", "10:35", "12:00"]]
    shift = {"day": DAY.isoformat(), "person": "he", "shift": "half", "breaks": breaks, "counters": seats}
    with house.turns.of(hall.key) as connection:
        rosters.keep(connection, hall.key, monday_of(DAY), WEDNESDAY, {"zone": "Asia/Shanghai", "shifts": [shift]})
        rest = rests_on(connection, hall.plan, DAY)[0]
    moved = {
        "person": rest.person, "from": rest.start.isoformat(), "minutes": later,
        "to": (rest.start + timedelta(minutes=later)).isoformat(),
    }  # fmt: skip
    kept = given(house, hall, "break", "2", **{"break": moved})
    # from when the break was planned until it is over
    with house.turns.of(hall.key) as connection:
        moves = timedelta(minutes=later)
        kept = replace(kept, starts_at=min(rest.start, rest.start + moves), ends_at=max(rest.end, rest.end + moves))
        advices.keep(connection, kept)
    return kept


def breaks_of(house: House, hall) -> list[str]:
    with house.engine.connect() as connection:
        rests = rests_on(connection, hall.plan, DAY)
    return [f"{rest.start.astimezone(hall.plan.hours.zone):%H:%M}" for rest in rests]


def test_an_accepted_break_moves_in_the_kept_roster_and_its_clerk_is_told_until_it_begins(
    house: House, clock: FakeClock
) -> None:
    hall = crowded(house)
    kept = a_break(house, hall)
    assert breaks_of(house, hall) == ["10:20"]
    assert advising.accept(house, hall, kept.id, "boss").state == "accepted"
    assert breaks_of(house, hall) == ["10:35"]
    with house.engine.connect() as connection:
        spells = seats_on(connection, hall.plan, DAY)["2"]
    assert [f"{end.astimezone(hall.plan.hours.zone):%H:%M}" for _, end in spells] == ["10:35", "12:00"]
    asked = asked_of(house.scene(hall), "2")
    assert asked == {
        "zh": "经理请你把休息从 10:20 推迟到 10:35",
        "en": "The manager asks you to start your break at 10:35 instead of 10:20",
    }
    clock.forward(34)
    advising.settle(house, hall)
    assert again(hall, kept).state == "accepted", "it is not late as long as the break has not begun"
    clock.forward(1)
    advising.settle(house, hall)
    assert again(hall, kept).state == "done"
    assert asked_of(house.scene(hall), "2") is None
    clock.forward(16)
    advising.settle(house, hall)
    assert again(hall, kept).data["measured"]["calls"] == 0


def test_an_accepted_break_that_comes_first_moves_and_is_measured_until_it_would_have_been_over(
    house: House, clock: FakeClock
) -> None:
    hall = crowded(house)
    kept = a_break(house, hall, later=-15)
    house.read_advice(hall)
    [told] = [one for one in draw_advice(house.scene(hall))["advice"] if one["id"] == kept.id]
    assert told["text"] == {
        "zh": "2号窗口的休息从 10:20 提前到 10:05 开始",
        "en": "Start the break at Counter 2 earlier: at 10:05 instead of 10:20",
    }
    advising.accept(house, hall, kept.id, "boss")
    assert breaks_of(house, hall) == ["10:05"]
    asked = asked_of(house.scene(hall), "2")
    assert asked is not None
    assert asked["zh"] == "经理请你把休息从 10:20 提前到 10:05"
    clock.forward(5)
    advising.settle(house, hall)
    assert again(hall, kept).state == "done"
    clock.forward(29)
    advising.settle(house, hall)
    assert "measured" not in again(hall, kept).data
    clock.forward(1)
    advising.settle(house, hall)
    assert again(hall, kept).data["measured"]["calls"] == 0


def test_it_is_too_late_to_begin_a_break_earlier_once_it_should_have_begun(house: House, clock: FakeClock) -> None:
    hall = crowded(house)
    kept = a_break(house, hall, later=-15)
    clock.forward(6)
    with pytest.raises(Refused) as refused:
        advising.accept(house, hall, kept.id, "boss")
    assert refused.value.code == "advice_over"
    assert breaks_of(house, hall) == ["10:20"]


def test_a_break_that_has_begun_or_is_no_longer_planned_cannot_be_moved(house: House, clock: FakeClock) -> None:
    hall = crowded(house)
    kept = a_break(house, hall)
    keep_roster(house, DAY, ["2", "08:30", "12:00"])
    with pytest.raises(Refused) as refused:
        advising.accept(house, hall, kept.id, "boss")
    assert refused.value.code == "break_gone"
    kept = a_break(house, hall)
    clock.forward(20)
    with pytest.raises(Refused) as refused:
        advising.accept(house, hall, kept.id, "boss")
    assert refused.value.code == "advice_over"
    assert breaks_of(house, hall) == ["10:20"]


def test_who_does_not_come_lets_it_lapse(house: House, clock: FakeClock) -> None:
    hall = crowded(house)
    kept = proposed(house, hall, "open")
    advising.accept(house, hall, kept.id, "boss")
    clock.forward(21)
    advising.settle(house, hall)
    assert (again(hall, kept).state, again(hall, kept).data["why"]) == ("lapsed", "nobody_came")


def test_what_nobody_decides_on_lapses(house: House, clock: FakeClock) -> None:
    hall = crowded(house)
    kept = proposed(house, hall)
    clock.forward(16)
    advising.settle(house, hall)
    assert again(hall, kept).data["why"] == "undecided"
    with pytest.raises(Refused, match="advice_decided"):
        advising.accept(house, hall, kept.id, "boss")
    with pytest.raises(Unknown, match="no_advice"):
        advising.decline(house, hall, 999, "boss")


def test_a_free_counter_closes_at_once_and_the_log_says_by_which_advice(house: House) -> None:
    hall = house.hall("central")
    open_all(hall)
    kept = given(house, hall, "close", "5")
    assert advising.accept(house, hall, kept.id, "boss").state == "done"
    last = log_of(hall)[-1]
    assert (last.kind, last.counter, last.data["advice"]) == ("counter_closed", "5", kept.id)


def test_a_busy_counter_closes_when_its_customer_has_been_served(house: House, clock: FakeClock) -> None:
    hall = house.hall("central")
    open_all(hall)
    take(hall)
    calling.call_next(hall, "2")
    calling.arrived(hall, "2")
    kept = given(house, hall, "close", "2")
    assert advising.accept(house, hall, kept.id, "boss").state == "accepted"
    assert hall.floor.counters["2"].state == "paused"
    assert advising.settle(house, hall) == 0
    serving.finish(hall, "2")
    advising.settle(house, hall)
    assert hall.floor.counters["2"].state == "closed"
    assert again(hall, kept).state == "done"


def test_a_counter_that_closes_is_written_once_however_long_its_customer_stays(house: House, clock: FakeClock) -> None:
    hall = house.hall("central")
    open_all(hall)
    take(hall)
    calling.call_next(hall, "2")
    calling.arrived(hall, "2")
    kept = given(house, hall, "close", "2")
    advising.accept(house, hall, kept.id, "boss")
    told, accepted = hall.advice.version, again(hall, kept)
    for _ in range(3):
        clock.forward(advising.DECIDE_MINUTES)
        assert advising.settle(house, hall) == 0
    house.read_advice(hall)
    assert (hall.advice.version, again(hall, kept)) == (told, accepted)
    serving.finish(hall, "2")
    assert advising.settle(house, hall) == 1
    assert hall.floor.counters["2"].state == "closed"


def test_advice_that_still_stands_as_it_was_said_is_not_written_again(house: House) -> None:
    hall = crowded(house)
    proposed(house, hall)
    told = hall.advice.version
    assert advising.advise(house, hall) == 0
    house.read_advice(hall)
    assert hall.advice.version == told


def test_a_service_is_lent_until_the_advice_ends_and_then_given_back(house: House, clock: FakeClock) -> None:
    hall = house.hall("central")
    open_all(hall)
    before = hall.floor.counters["8"]
    kept = given(house, hall, "lend", "8", lent=["bills"], services=[*before.services, "bills"])
    assert advising.accept(house, hall, kept.id, "boss").state == "done"
    lent = hall.floor.counters["8"]
    assert lent.services == (*before.services, "bills")
    assert lent.clerk == before.clerk
    take(hall)
    clock.forward(3)
    calling.call_next(hall, "8")
    clock.forward(50)
    advising.settle(house, hall)
    assert hall.floor.counters["8"].services == before.services
    measured = again(hall, kept).data["measured"]
    assert (measured["calls"], measured["wait"], measured["effect"]["wait"]) == (1, 3.0, -2.0)


def test_a_counter_that_has_closed_meanwhile_cannot_be_lent(house: House) -> None:
    hall = house.hall("central")
    open_all(hall)
    kept = given(house, hall, "lend", "8", lent=["bills"])
    close_counter(hall, "8")
    with pytest.raises(Refused, match="counter_closed"):
        advising.accept(house, hall, kept.id, "boss")
    hall.catch_up()
    house.read_advice(hall)
    assert again(hall, kept).state == "proposed", "what was refused has changed nothing"


def test_a_pause_is_ended_by_its_clerk(house: House, clock: FakeClock) -> None:
    hall = house.hall("central")
    open_counter(hall, "2", "a")
    pause_counter(hall, "2", next(iter(hall.plan.pause_reasons)), 40)
    kept = given(house, hall, "back", "2")
    assert advising.accept(house, hall, kept.id, "boss").state == "accepted"
    open_counter(hall, "2", "a")
    advising.settle(house, hall)
    assert again(hall, kept).state == "done"


def test_what_was_declined_is_kept_with_its_reason_and_not_said_again(house: House, clock: FakeClock) -> None:
    hall = crowded(house)
    kept = proposed(house, hall)
    advising.decline(house, hall, kept.id, "boss", "nobody is free")
    advising.advise(house, hall)
    open_now = [one for one in hall.advice.given if one.state == "proposed"]
    same = (kept.data["kind"], kept.data["counter"], kept.data["services"])
    assert same not in [(one.data["kind"], one.data["counter"], one.data["services"]) for one in open_now]
    assert again(hall, kept).data["why"] == "nobody is free"


def test_the_job_looks_every_few_minutes_and_at_once_after_a_large_change(house: House, clock: FakeClock) -> None:
    hall = crowded(house)
    assert advising.is_time(hall)
    clock.forward(1)
    assert not advising.is_time(hall)
    for _ in range(20):
        take(hall)
    assert advising.is_time(hall)
    clock.forward(5)
    assert advising.is_time(hall)
    clock.forward(5)
    assert tasks.advice(house) > 0
    house.look_around()
    assert any(one.state == "proposed" for one in hall.advice.given)


def test_a_proposal_that_still_helps_stays_with_the_figures_of_now(house: House, clock: FakeClock) -> None:
    hall = crowded(house)
    kept = proposed(house, hall)
    clock.forward(2)
    for _ in range(8):
        take(hall)
    advising.advise(house, hall)
    now = again(hall, kept)
    assert now.state == "proposed"
    assert now.data["seq"] == hall.floor.seq
    seen = {one.data["reason"]["facts"]["waiting"] for one in hall.advice.given if one.state == "proposed"}
    assert seen == {48}, "all proposals tell of one hour"
