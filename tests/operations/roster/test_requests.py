"""A week's roster: requested, made by the worker, stored, used by the outlook; a gap or a failure is reported."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from hallflow.domain.refusals import Malformed, Refused
from hallflow.domain.roster.shifts import Person, RosterRules
from hallflow.foresight.roster import assignment
from hallflow.house import House
from hallflow.jobs import tasks
from hallflow.jobs.tasks import TASKS, run
from hallflow.operations.roster import requests
from hallflow.operations.roster.exporting import as_calendar
from hallflow.operations.roster.requests import ask_for, page_of
from hallflow.operations.roster.rostering import make_week
from hallflow.storage.records.rosters import seats_on
from tests.makers import DAY, open_all

pytestmark = pytest.mark.usefixtures("few_plays", "little_search")


@pytest.fixture
def little_search(monkeypatch: pytest.MonkeyPatch) -> None:
    """A week is sought for a second: what is found is not what is asked here."""
    monkeypatch.setattr(assignment, "SECONDS", 1.0)


def with_people(house: House, *people: Person) -> None:
    hall = house.hall("county")
    hall.plan = replace(hall.plan, roster=replace(hall.plan.roster, people={one.key: one for one in people}))


def test_the_worker_makes_what_is_asked_for_and_nobody_waits_any_more(demo_house: House) -> None:
    hall = demo_house.hall("county")
    before = page_of(demo_house, hall, DAY)
    assert (before["roster"], before["asked"], before["week"], before["over"]) == (None, None, "2026-03-02", False)
    ask_for(hall, DAY)
    ask_for(hall, DAY)
    assert page_of(demo_house, hall, DAY)["asked"] == {"days_known": 0, "failed": False}
    assert run(demo_house, TASKS["roster"])
    assert tasks.roster(demo_house) == 0
    after = page_of(demo_house, hall, DAY)
    assert after["asked"] is None
    roster = after["roster"]
    assert [person["key"] for person in roster["people"]] == list(hall.plan.roster.people)
    assert {row["day"] for row in roster["cover"]} == set(after["days"][:6]), "the county hall is closed on Sundays"
    first, *_, last = [row["from"] for row in roster["cover"] if row["day"] == DAY.isoformat()]
    assert (first >= "08:00", last < "20:00") == (True, True), "a demo's people have the hall's own hours"
    by_day = {(row["day"], row["from"]): row for row in roster["cover"]}
    for row in roster["short"]:
        start = row["from"][:3] + ("00" if row["from"][3:] < "30" else "30")
        assert by_day[row["day"], start]["covered"] < by_day[row["day"], start]["required"]
    assert all(row["required"] >= row["covered"] >= 0 for row in roster["cover"])


def test_the_kept_roster_of_today_is_in_the_outlook(demo_house: House) -> None:
    hall = demo_house.hall("county")
    open_all(hall)
    assert run(demo_house, TASKS["outlook"])
    demo_house.look_around()
    assert hall.outlook is not None
    assert not hall.outlook["rostered"]
    make_week(demo_house.turns, hall.plan, DAY, demo_house.clock.now(), 1.0, exact=False)
    with hall.reading() as connection:
        assert seats_on(connection, hall.plan, DAY)
        assert not seats_on(connection, hall.plan, DAY + timedelta(days=7))
    hall.clock.at += timedelta(minutes=2)  # type: ignore[attr-defined]
    assert run(demo_house, TASKS["outlook"])
    demo_house.look_around()
    assert hall.outlook["rostered"]


def test_the_week_planned_again_keeps_its_days_before_today_as_they_were(demo_house: House) -> None:
    hall, now = demo_house.hall("county"), demo_house.clock.now()
    first = make_week(demo_house.turns, hall.plan, DAY, now - timedelta(days=2), 1.0, exact=False)
    with_people(demo_house, *[one for key, one in hall.plan.roster.people.items() if key != "wang"])
    again = make_week(demo_house.turns, hall.plan, DAY, now, 1.0, exact=False)

    def past(made: dict[str, Any]) -> list[Any]:
        return [row for part in ("shifts", "cover", "short") for row in made[part] if row["day"] < DAY.isoformat()]

    assert past(again) == past(first) != []
    later = {row["person"] for row in again["shifts"] if row["day"] >= DAY.isoformat()}
    assert "wang" not in later
    whole = make_week(demo_house.turns, hall.plan, DAY + timedelta(days=7), now, 1.0, exact=False)
    assert len({row["day"] for row in whole["shifts"]}) == 6, "a week to come is planned whole"


def test_a_week_that_is_over_or_too_far_is_refused(demo_house: House) -> None:
    hall = demo_house.hall("county")
    with pytest.raises(Malformed) as refused:
        ask_for(hall, DAY - timedelta(days=7))
    assert refused.value.code == "week_over"
    with pytest.raises(Malformed) as refused:
        ask_for(hall, DAY + timedelta(weeks=20))
    assert refused.value.code == "week_far"


def test_a_hall_without_shifts_is_refused(demo_house: House) -> None:
    hall = demo_house.hall("county")
    hall.plan = replace(hall.plan, roster=RosterRules())
    with pytest.raises(Refused) as refused:
        ask_for(hall, DAY)
    assert refused.value.code == "no_shifts"
    assert page_of(demo_house, hall, DAY)["has_shifts"] is False


def test_a_roster_that_cannot_be_met_names_what_is_missing_and_who_has_no_certificate(demo_house: House) -> None:
    with_people(demo_house, Person("li", "李梅", frozenset()), Person("wang", "王强", frozenset(("bills",))))
    hall = demo_house.hall("county")
    ask_for(hall, DAY)
    assert run(demo_house, TASKS["roster"])
    roster = page_of(demo_house, hall, DAY)["roster"]
    assert not any(shift["counters"] for shift in roster["shifts"]), "no counter asks for bills alone"
    assert {person["key"]: person["note"] for person in roster["people"]} == {"li": "no_certificates", "wang": None}
    assert roster["short"]
    for row in roster["short"]:
        assert row["missing"] == sorted(row["services"]), "nobody at all is there"
        assert row["counters"] >= 1
    with hall.reading() as connection:
        assert not seats_on(connection, hall.plan, DAY)
    assert as_calendar(roster, hall.plan, "li")


def test_a_week_that_fails_is_told_and_can_be_asked_for_again(
    demo_house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    hall = demo_house.hall("county")
    ask_for(hall, DAY)
    with monkeypatch.context() as broken:
        broken.setattr(requests, "make_week", lambda *_, **__: 1 / 0)
        assert not run(demo_house, TASKS["roster"])
    assert page_of(demo_house, hall, DAY)["asked"]["failed"] is True
    assert tasks.roster(demo_house) == 0, "not over and over"
    ask_for(hall, DAY)
    assert page_of(demo_house, hall, DAY)["asked"] == {"days_known": 0, "failed": False}
