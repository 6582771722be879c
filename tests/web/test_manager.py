"""The manager's API: the live hall, outlook, staffing, standards, the log."""

import pytest

from hallflow.foresight.staffing import required
from hallflow.house import House
from hallflow.jobs import tasks
from hallflow.operations.history.keeping import keep_closed_days
from hallflow.operations.roster.rostering import make_week
from hallflow.storage.records import models
from tests.makers import FakeClock
from tests.web.client import Api

PATHS = ("floor", "outlook", "staffing", "week", "standards", "record", "events")


@pytest.mark.parametrize("path", PATHS)
def test_only_the_halls_manager_sees_it(api: Api, path: str) -> None:
    api.refuses(401, "not_signed_in", "GET", f"/halls/central/{path}")
    for somebody in (api.as_clerk(), api.as_manager("county")):
        somebody.refuses(403, "not_allowed", "GET", f"/halls/central/{path}")
    api.as_manager().refuses(404, "no_hall", "GET", f"/halls/nowhere/{path}")
    assert api.as_manager().get(f"/halls/central/{path}").status_code == 200


def test_the_floor_is_the_dashboard(api: Api, clock: FakeClock) -> None:
    clerk = api.as_clerk()
    clerk.verb("open")
    api.take(card="8812345678")
    api.take("sim")
    clock.forward(4)
    clerk.verb("call-next")
    picture = api.as_manager().get("/halls/central/floor").json
    figures = picture["figures"]
    assert (figures["waiting"], figures["issued"], figures["counters_open"]) == (1, 2, 1)
    assert figures["longest"] == {"minutes": 4, "number": "C001"}
    assert figures["within_goal"] == 1.0
    assert picture["matrix"] == {"sim": {"standard": 1}}
    first = picture["counters"][0]
    assert (first["key"], first["state"], first["number"], first["ticket_state"]) == ("1", "open", "A001", "called")
    gold = next(tier for tier in picture["tiers"] if tier["key"] == "gold")
    assert (gold["attained"], gold["called"], gold["goal_minutes"]) == (1.0, 1, 5.0)


def test_the_log_is_read_in_stretches(api: Api) -> None:
    manager = api.as_manager()
    for _ in range(5):
        api.take()
    first = manager.get("/halls/central/events?limit=2").json
    assert [event["seq"] for event in first["events"]] == [1, 2]
    rest = manager.get(f"/halls/central/events?after={first['next']}").json
    assert [event["seq"] for event in rest["events"]] == [3, 4, 5, 6]
    assert manager.get("/halls/central/events?after=6").json == {"events": [], "next": 6}


@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("events?after=-1", "after"),
        ("events?limit=0", "limit"),
        ("events?limit=1001", "limit"),
        ("events?after=x", "after"),
        ("staffing?date=tomorrow", "date"),
        ("week?date=2026-02-30", "date"),
        ("standards?from=2026-13-01", "from"),
        ("standards?from=2026-03-04&to=2026-03-03", "to"),
        ("standards?from=2020-01-01&to=2026-03-03", "to"),
        ("record?from=2026-03-04&to=2026-03-03", "to"),
        ("record?from=2020-01-01&to=2026-03-03", "to"),
        ("record?to=yesterday", "to"),
    ],
)
def test_a_bad_question_names_the_field(api: Api, path: str, field: str) -> None:
    api.as_manager().refuses(400, "malformed", "GET", f"/halls/central/{path}", field)


def test_another_days_staffing_has_its_reasons_in_words(api: Api) -> None:
    day = api.as_manager().get("/halls/central/staffing?date=2026-03-05").json
    assert day["day"] == "2026-03-05"
    assert day["quarters"]
    assert {"start", "expected", "low", "high", "required", "advised", "period", "reason"} <= set(day["quarters"][0])
    assert set(day["quarters"][0]["reason"]) == {"zh", "en"}


def test_a_weeks_roster_is_read_as_a_table_and_as_ones_own_calendar(
    api: Api, demo_house: House, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    # few plays: what is found is not what is asked here
    for name in ("FEWEST", "MOST"):
        monkeypatch.setattr(required, name, 3)
    manager = api.as_manager("county")
    manager.refuses(404, "no_roster", "GET", "/halls/county/roster?week=2026-03-04", "week")
    plan = demo_house.hall("county").plan
    made = make_week(demo_house.turns, plan, clock.now().date(), clock.now(), 1.0, exact=False)
    assert manager.get("/halls/county/roster?week=2026-03-04").json == made
    table = manager.get("/halls/county/roster?format=csv")
    assert table.headers["Content-Type"].startswith("text/csv")
    assert table.get_data(as_text=True).count("\r\n") == len(made["shifts"]) + 1
    calendar = manager.get("/halls/county/roster?person=li")
    assert calendar.headers["Content-Type"].startswith("text/calendar")
    assert calendar.get_data(as_text=True).startswith("BEGIN:VCALENDAR")
    manager.refuses(404, "no_such_person", "GET", "/halls/county/roster?person=nobody", "person")
    manager.refuses(400, "malformed", "GET", "/halls/county/roster?week=soon", "week")
    api.as_clerk(hall="county").refuses(403, "not_allowed", "GET", "/halls/county/roster")


def test_a_weeks_roster_is_asked_for_and_told_how_far_it_has_come(api: Api, demo_house: House) -> None:
    manager, path = api.as_manager("county"), "/halls/county/roster"
    key = {"Idempotency-Key": "a-week-once"}
    asked = manager.post(path, {"week": "2026-03-05"}, headers=key)
    assert asked.status_code == 202
    assert (asked.json["week"], asked.json["asked"]) == ("2026-03-02", {"days_known": 0, "failed": False})
    again = manager.post(path, {"week": "2026-03-05"}, headers=key)
    assert (again.status_code, again.headers["Idempotent-Replay"]) == (202, "true")
    assert manager.get(f"{path}/week?week=2026-03-04").json["asked"] == asked.json["asked"]
    assert manager.get(f"{path}/week").json["history_days"] == 0
    manager.refuses(400, "week_over", "POST", path, "week", json={"week": "2026-02-01"})
    manager.refuses(400, "week_far", "POST", path, "week", json={"week": "2027-02-01"})
    manager.refuses(400, "malformed", "POST", path, "week", json={"week": "soon"})
    manager.refuses(400, "missing_field", "POST", path, "week", json={})
    for somebody in (api.as_clerk(hall="county"), api.as_manager("central")):
        somebody.refuses(403, "not_allowed", "POST", path, json={"week": "2026-03-05"})
        somebody.refuses(403, "not_allowed", "GET", f"{path}/week")
    manager.refuses(404, "no_hall", "POST", "/halls/nowhere/roster", json={"week": "2026-03-05"})
    assert api.page("/roster/county").status_code == 200


def test_standards_tell_how_goals_were_met(api: Api) -> None:
    clerk = api.as_clerk()
    clerk.verb("open")
    api.take()
    clerk.verb("call-next")
    found = api.as_manager().get("/halls/central/standards").json["days"]
    assert found == [{"day": "2026-03-04", "tiers": [{"tier": "standard", "called": 1, "attained": 1.0}]}]


def test_what_the_hall_has_learned_is_told_in_plain_numbers(api: Api, clock: FakeClock) -> None:
    manager, house = api.as_manager(), api.house
    first = manager.get("/halls/central/learned").json
    assert (first["learned_at"], first["history_days"], first["waits"]) == (None, 0, {"asked": "auto", "by": None})
    bills = first["services"]["bills"]
    assert bills["minutes"] == bills["planned"] == house.hall("central").plan.services["bills"].minutes
    assert bills["name"]["en"]
    clerk = api.as_clerk()
    clerk.verb("open")
    for _ in range(30):
        api.take()
        clerk.verb("call-next")
        clerk.verb("arrived")
        clock.forward(12)
        clerk.verb("finish")
    clock.forward(days=1)
    api.take()
    for job in ("learn", "model", "outlook"):
        assert tasks.run(house, tasks.TASKS[job])
    house.look_around()
    told = manager.get("/halls/central/learned").json
    assert told["history_days"] == 1
    assert told["learned_at"] == clock.now().isoformat()
    assert told["services"]["bills"]["visits"] == 30
    assert told["services"]["bills"]["minutes"] > bills["minutes"]
    assert told["waits"] == {"asked": "auto", "by": "twin"}, "thirty visits make no model"
    with house.turns.of("central") as connection:
        made = {"estimator": "corrected", "waits": 1200, "trial": None, "believed": True, "model": {"trees": []}}
        models.keep(connection, "central", clock.now(), made)
    model = manager.get("/halls/central/learned").json["waits"]["model"]
    assert (model["waits"], model["believed"], "model" in model) == (1200, True, False)


def test_the_record_tells_how_often_a_shown_wait_was_right(api: Api, clock: FakeClock) -> None:
    manager, clerk = api.as_manager(), api.as_clerk()
    empty = manager.get("/halls/central/record").json
    assert (empty["overall"]["n"], empty["overall"]["coverage"], empty["services"]) == (0, None, [])
    clerk.verb("open")
    first = api.take(card="8812345678")["promise"]
    api.take()
    clock.forward(first["high"])
    clerk.verb("call-next")
    clerk.verb("arrived")
    clerk.verb("finish")
    clock.forward(90)
    clerk.verb("call-next")
    record = manager.get("/halls/central/record").json
    overall = record["overall"]
    assert (overall["n"], overall["coverage"], record["promised"]) == (2, 0.5, 0.8)
    assert overall["winkler"] > overall["width"]
    assert {tier["key"]: tier["coverage"] for tier in record["tiers"]} == {"gold": 1.0, "standard": 0.0}
    assert [(hour["key"], hour["n"]) for hour in record["hours"]] == [("10", 2)]
    assert {load["key"]: load["n"] for load in record["loads"]} == {"nobody": 1, "few": 1}
    assert record["services"][0]["beside"]["typical"]["n"] == 2
    clock.forward(days=1)
    api.take()
    keep_closed_days(api.house.turns, api.house.hall("central"))
    assert manager.get("/halls/central/record?from=2026-03-04&to=2026-03-04").json["overall"] == overall
    assert manager.get("/halls/central/record?from=2026-03-05").json["overall"]["n"] == 0


def test_the_week_tells_what_is_busy_and_what_to_do_in_words(api: Api) -> None:
    week = api.as_manager().get("/halls/central/week?date=2026-09-28").json
    assert [day["day"][-2:] for day in week["days"]] == ["28", "29", "30", "01", "02", "03", "04"]
    assert week["accuracy"] is None
    eve = week["days"][2]
    assert eve["effects"][0]["en"].startswith("Before National Day: +10 % by the plan")
    assert "国庆节" in eve["effects"][0]["zh"]
    stretch = week["days"][0]["stretches"][-1]
    assert stretch["text"]["en"].startswith("Mon ")
    assert stretch["text"]["zh"].startswith("周一")
    assert stretch["plays"][0].keys() == {"zh", "en"}
    half = week["days"][0]["halves"][0]
    assert half.keys() == {"start", "time", "expected", "load", "counters", "period"}


def test_the_outlook_says_what_is_left_of_todays_busy_and_quiet_stretches(api: Api, clock: FakeClock) -> None:
    manager = api.as_manager()
    stretches = manager.get("/halls/central/outlook").json["stretches"]
    assert stretches
    clock.forward(60 * 7)
    later = manager.get("/halls/central/outlook").json["stretches"]
    assert later == stretches[len(stretches) - len(later) :]
