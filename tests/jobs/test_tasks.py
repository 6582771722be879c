"""The background jobs: each run by hand, and a failure of one does not affect the others."""

from datetime import timedelta
from pathlib import Path

from structlog.testing import capture_logs

from hallflow.house import House
from hallflow.jobs import tasks
from hallflow.jobs.tasks import TASKS, Task, run
from hallflow.operations.floor import calling, prefilling, serving
from hallflow.operations.outlook import drawing, learning
from hallflow.snapshots.public import kiosk
from hallflow.storage.records import history, outlooks, people, runs
from tests.makers import DAY, FakeClock, a_house, open_all, take


def do(house: House, name: str) -> None:
    assert run(house, TASKS[name])


def test_the_outlook_is_drawn_and_shows_at_the_kiosk(house: House, clock: FakeClock) -> None:
    hall = house.hall("central")
    open_all(hall)
    for _ in range(40):
        take(hall)
    before = {s["key"]: s["wait"] for s in kiosk(house.scene(hall))["services"]}
    do(house, "outlook")
    assert [changed.key for changed in house.look_around()] == ["central", "county"]
    assert house.look_around() == []
    shown = {s["key"]: s["wait"] for s in kiosk(house.scene(hall))["services"]}
    known = hall.outlook["ranges"]["next"]["bills"]["standard"]
    assert shown["bills"] != before["bills"]
    assert shown["bills"]["low"] <= known[0] <= known[2] <= shown["bills"]["high"]
    assert shown["bills"]["high"] > shown["device"]["high"]


def test_an_outlook_is_not_drawn_again_while_nothing_changes(house: House, clock: FakeClock) -> None:
    do(house, "outlook")
    clock.forward(0.5)
    assert drawing.draw_outlooks(house) == 0
    open_all(house.hall("county"))
    assert drawing.draw_outlooks(house) == 1
    clock.forward(0.6)
    assert drawing.draw_outlooks(house) == 1, "the city hall's has become a minute old"


def test_a_customer_who_does_not_come_is_missed(house: House, clock: FakeClock) -> None:
    hall = house.hall("central")
    open_all(hall)
    take(hall)
    calling.call_next(hall, "1")
    clock.forward(6)
    do(house, "sweep")
    assert hall.floor.tickets["A001"].state == "missed"


def test_the_day_ends_and_the_next_begins(house: House, clock: FakeClock) -> None:
    hall = house.hall("central")
    open_all(hall)
    take(hall)
    assert tasks.day(house) == 0
    clock.forward(hours=10, minutes=1)
    assert tasks.day(house) == 1
    assert not hall.floor.tickets
    assert hall.floor.day == DAY
    clock.forward(hours=10)
    assert tasks.day(house) == 2
    assert hall.floor.day == DAY + timedelta(days=1)
    do(house, "history")
    with hall.reading() as connection:
        assert history.days_kept(connection, "central") == (1, DAY, DAY)


def test_what_customers_wrote_is_forgotten_when_promised(house: House, clock: FakeClock) -> None:
    hall = house.hall("central")
    open_all(hall)
    held = take(hall)
    key = prefilling.form_of(hall, held.ticket).fields[0].key
    prefilling.save_answers(hall, house.vault, held, {key: ""})

    def kept() -> bool:
        with hall.reading() as connection:
            return people.prefill_of(connection, held.token, hall.plan.services["bills"].form) is not None

    assert kept()
    clock.forward(hours=23)
    do(house, "forget")
    assert kept()
    clock.forward(hours=1, seconds=1)
    do(house, "forget")
    assert not kept()


def test_a_hall_learns_from_its_days(house: House, clock: FakeClock) -> None:
    hall = house.hall("central")
    assert learning.learn_history(house) == 0
    open_all(hall)
    for _ in range(12):
        take(hall)
        calling.call_next(hall, "1")
        calling.arrived(hall, "1")
        clock.forward(9)
        serving.finish(hall, "1")
    clock.forward(hours=24)
    do(house, "day")
    do(house, "learn")
    with hall.reading() as connection:
        learned = outlooks.read_learned(connection, "central")
    assert learned is not None
    assert learned["learned_at"] == clock.now().isoformat()
    do(house, "outlook")


def test_a_job_that_fails_is_noted_and_ends_no_other(house: House, clock: FakeClock) -> None:
    def fail(_: House) -> int:
        raise ZeroDivisionError("no counters")

    with capture_logs() as logged:
        assert run(house, Task("broken", 5, fail)) is False
    assert ("job_failed", "broken") in {(entry["event"], entry["job"]) for entry in logged}
    with house.engine.connect() as connection:
        last = runs.last(connection, "broken")
    assert last is not None
    assert (last[0], last[2]) == (clock.now(), "ZeroDivisionError: no counters")
    do(house, "outlook")


def test_a_run_that_found_nothing_to_do_is_not_worth_a_line(house: House) -> None:
    do(house, "sweep")
    with house.engine.connect() as connection:
        assert runs.last(connection, "sweep") is None


def test_every_job_runs_on_postgresql_too(postgres_url: str, tmp_path: Path, clock: FakeClock) -> None:
    house = a_house(tmp_path, clock, postgres_url, demo=False)
    open_all(house.hall("central"))
    take(house.hall("central"))
    clock.forward(hours=24)
    for name in TASKS:
        do(house, name)
    house.engine.dispose()
