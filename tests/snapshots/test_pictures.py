"""The content of each snapshot, beyond what the screens' own tests ask."""

import json
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from hallflow.domain.waits.current import next_wait, ticket_wait
from hallflow.domain.waits.ranges import WaitRange
from hallflow.hall import Hall
from hallflow.house import House
from hallflow.jobs.tasks import TASKS, run
from hallflow.operations.floor import calling, counters, serving
from hallflow.snapshots.console import console
from hallflow.snapshots.dashboard import dashboard
from hallflow.snapshots.outlook import draw_outlook
from hallflow.snapshots.public import kiosk, wall, window
from hallflow.snapshots.ticket import ticket
from hallflow.snapshots.waits import as_data
from tests.makers import WEDNESDAY, FakeClock, keep_roster, open_all, take


def test_every_public_picture_keeps_the_tier_to_itself(house: House, hall: Hall) -> None:
    held = take(hall, card="8812345678")
    take(hall, card="6612345678")
    calling.call(hall, "1", held.ticket.number)
    scene = house.scene(hall)
    shown = [kiosk(scene), wall(scene), window(scene, "1"), ticket(scene, held.token, hall.floor.tickets["A001"])]
    for picture in shown:
        text = json.dumps(picture, ensure_ascii=False)
        for word in ("tier", "gold", "silver", "standard", "金卡", "银卡", "8812345678"):
            assert word not in text, f"{word} in {picture['screen']}"


def test_moments_are_iso_with_their_offset(house: House, hall: Hall) -> None:
    held = take(hall)
    scene = house.scene(hall)
    for picture in (kiosk(scene), wall(scene), ticket(scene, held.token, held.ticket), dashboard(scene)):
        for key, value in picture.items():
            if key == "at" or key.endswith("_at"):
                assert value is None or datetime.fromisoformat(value).tzinfo is not None, key


def test_the_wait_moves_with_those_who_came_since_the_outlook_was_drawn(hall: Hall, clock: FakeClock) -> None:
    floor, plan = hall.floor, hall.plan
    outlook = {
        "made_at": WEDNESDAY.isoformat(),
        "ranges": {
            "next": {"bills": {"standard": [4.0, 6.0, 9.0]}},
            "turns": {"bills": {"standard": 0.0}},
            "tickets": {},
        },
    }
    assert next_wait(floor, plan, outlook, "bills", "standard", clock.now()) == WaitRange(4, 6, 10)
    for _ in range(5):
        take(hall)
    moved = next_wait(hall.floor, plan, outlook, "bills", "standard", clock.now())
    assert moved is not None
    assert moved.likely > 6
    # past its time it tells nothing: the plan's own minutes are used
    later = clock.now() + timedelta(minutes=21)
    assert next_wait(hall.floor, plan, outlook, "bills", "standard", later) == next_wait(
        hall.floor, plan, None, "bills", "standard", later
    )


def test_a_tickets_wait_runs_down_with_the_clock(hall: Hall, clock: FakeClock) -> None:
    held = take(hall)
    known = {"next": {}, "turns": {}, "tickets": {"A001": [8.0, 10.0, 14.0]}}
    outlook = {"made_at": clock.now().isoformat(), "ranges": known}
    waits = []
    for _ in range(4):
        wait = ticket_wait(hall.floor, hall.plan, outlook, held.ticket, clock.now())
        assert wait is not None
        waits.append(wait.likely)
        clock.forward(4)
    assert waits == sorted(waits, reverse=True)
    assert waits[-1] <= 1


def test_no_open_counter_is_no_wait(hall: Hall, clock: FakeClock) -> None:
    for key in ("1", "2", "3", "4", "5"):
        counters.close_counter(hall, key)
    assert next_wait(hall.floor, hall.plan, None, "bills", "standard", clock.now()) is None
    assert as_data(None, clock.now()) is None


def test_a_wait_says_from_when_until_when(clock: FakeClock) -> None:
    told = as_data(WaitRange(5, 8, 15), clock.now())
    assert told is not None
    assert datetime.fromisoformat(told["from"]) == WEDNESDAY + timedelta(minutes=5)
    assert datetime.fromisoformat(told["until"]) == WEDNESDAY + timedelta(minutes=15)


def test_the_console_lists_the_next_in_the_order_it_would_call_them(house: House, hall: Hall, clock: FakeClock) -> None:
    for n in range(9):
        take(hall, card="8812" if n % 3 == 2 else None)
        clock.forward(1)
    listed = [entry["number"] for entry in console(house.scene(hall), "1")["next"]]
    assert len(listed) == 6
    called = []
    for _ in listed:
        called.append(calling.call_next(hall, "1").number)
        calling.miss(hall, "1")
    assert called == listed


def test_the_console_offers_what_fits_the_counter(house: House, hall: Hall) -> None:
    def can(key: str = "1") -> tuple[set[str], str | None]:
        picture = console(house.scene(hall), key)
        return set(picture["can"]), picture["primary"]

    assert can()[1] is None
    assert "call-next" not in can()[0]
    take(hall)
    assert can()[1] == "call-next"
    calling.call_next(hall, "1")
    assert can()[1] == "arrived"
    calling.arrived(hall, "1")
    assert can()[1] == "finish"
    serving.finish(hall, "1")
    counters.pause_counter(hall, "1", "lunch")
    assert can() == ({"open", "close"}, "open")
    counters.close_counter(hall, "1")
    assert can() == ({"open"}, "open")


def test_a_kept_promise_is_told_from_a_broken_one(house: House, hall: Hall, clock: FakeClock) -> None:
    promised = take(hall).ticket.promise
    assert promised is not None
    clock.forward(promised[2] + 1)
    calling.call_next(hall, "1")
    assert console(house.scene(hall), "1")["serving"]["promise_kept"] is False


def test_the_manager_is_warned_of_what_is_wrong(house: House, hall: Hall, clock: FakeClock) -> None:
    take(hall)
    for key in ("12",):
        counters.close_counter(hall, key)
    take(hall, "business")
    clock.forward(31)
    calling.start(hall, "1", "A001")
    alerts = {alert["kind"]: alert for alert in dashboard(house.scene(hall))["alerts"]}
    assert alerts["no_counter"]["service"] == "business"
    assert alerts["past_guard"]["number"] == "H001"
    clock.forward(11)
    alerts = {alert["kind"]: alert for alert in dashboard(house.scene(hall))["alerts"]}
    assert alerts["long_service"]["counter"] == "1"
    take(hall, "sim")
    clock.forward(3)
    picture = dashboard(house.scene(hall))
    assert "idle" in {alert["kind"] for alert in picture["alerts"]}
    levels = [alert["level"] for alert in picture["alerts"]]
    assert levels == sorted(levels, key=lambda level: level != "late"), "the worst first"
    assert all(set(alert["text"]) == {"zh", "en"} for alert in picture["alerts"])


def test_a_new_ticket_is_shown_what_it_was_promised_until_the_next_outlook(hall: Hall, clock: FakeClock) -> None:
    open_all(hall)
    known = {"next": {"bills": {"standard": [40.0, 50.0, 60.0]}}, "tickets": {}, "waiting": {"bills": 0}}
    hall.outlook = {"made_at": clock.now().isoformat(), "ranges": known}
    held = take(hall, "bills")
    assert held.ticket.promise == (40, 50, 60)
    clock.forward(10)
    shown = ticket_wait(hall.floor, hall.plan, hall.outlook, held.ticket, clock.now())
    assert shown == WaitRange(30, 40, 50)


def test_before_the_first_outlook_there_is_an_empty_one(house: House, hall: Hall) -> None:
    drawn = draw_outlook(house.scene(hall))
    assert (drawn["made_at"], drawn["quarters"], drawn["recommendations"]) == (None, [], [])


def test_a_ticket_tells_its_story(house: House, hall: Hall, clock: FakeClock) -> None:
    held = take(hall, "bills", "sim")
    clock.forward(2)
    calling.call_next(hall, "1")
    clock.forward(1)
    calling.arrived(hall, "1")
    clock.forward(4)
    serving.finish(hall, "1")
    shown = ticket(house.scene(hall), held.token, hall.floor.tickets["A001"])
    assert [entry["kind"] for entry in shown["story"]] == ["issued", "called", "arrived", "finished"]
    assert [entry["at"] for entry in shown["story"]] == sorted(entry["at"] for entry in shown["story"])
    assert [leg["state"] for leg in shown["legs"]] == ["done", "waiting"]


@pytest.mark.parametrize(
    ("waiting", "zh", "en"),
    [
        (12, "约有 60 分钟的活", "about 60 minutes of work"),
        (60, "约有 5 小时的活", "about 5 hours of work"),
        (400, "一天也办不完", "more than a day of work"),
    ],
)
def test_a_long_queue_is_told_in_minutes_hours_or_as_more_than_a_day(
    house: House, hall: Hall, waiting: int, zh: str, en: str
) -> None:
    service, minutes = hall.plan.services["bills"], 5.0 * hall.floor.open_count("bills")
    hall.plan = replace(hall.plan, services={**hall.plan.services, "bills": replace(service, minutes=minutes)})
    for _ in range(waiting):
        take(hall, "bills")
    (told,) = [alert["text"] for alert in dashboard(house.scene(hall))["alerts"] if alert["kind"] == "long_queue"]
    assert zh in told["zh"]
    assert en in told["en"]


def test_the_manager_hears_who_has_not_come_by_the_roster(house: House, clock: FakeClock) -> None:
    hall = house.hall("central")
    keep_roster(house, hall.floor.day, ["1", "08:30", "12:00"], ["2", "10:00", "12:00"])
    counters.open_counter(hall, "1", "li")
    assert run(house, TASKS["outlook"])
    house.look_around()
    clock.forward(6)
    (told,) = [alert for alert in dashboard(house.scene(hall))["alerts"] if alert["kind"] == "absent"]
    assert (told["counter"], told["level"]) == ("2", "soon")
    assert told["text"] == {
        "zh": "2号窗口按排班 10:00 应开放，现在没有人在岗",
        "en": "Counter 2 should be open since 10:00 by the roster, and nobody is there",
    }
