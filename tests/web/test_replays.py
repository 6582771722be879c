"""The API of the replay of a past day."""

from datetime import date, timedelta

import pytest

from hallflow.operations.floor.days import begin_day
from tests.makers import FakeClock, keep_roster
from tests.web.client import Api


@pytest.fixture
def past(api: Api, clock: FakeClock) -> dict[str, str]:
    """Yesterday: a number is taken, four minutes later called, and served; moments by name."""
    clerk = api.as_clerk()
    moments = {"opened": clock.now().isoformat()}
    clerk.verb("open")
    clock.forward(10)
    api.take(card="8812345678")
    moments["taken"] = clock.now().isoformat()
    clock.forward(4)
    clerk.verb("call-next")
    moments["called"] = clock.now().isoformat()
    clerk.verb("arrived")
    clock.forward(6)
    clerk.verb("finish")
    moments["served"] = clock.now().isoformat()
    clock.forward(days=1)
    begin_day(api.house.hall("central"))
    return moments


def ask(api: Api, **query: str) -> dict:
    answer = api.as_manager().get("/halls/central/replay", query_string=query)
    assert answer.status_code == 200, answer.text
    return answer.json


@pytest.mark.parametrize("path", ["replay", "replay/days"])
def test_only_the_halls_manager_sees_a_day_again(api: Api, past: dict[str, str], path: str) -> None:
    api.refuses(401, "not_signed_in", "GET", f"/halls/central/{path}")
    for somebody in (api.as_clerk(), api.as_manager("county")):
        somebody.refuses(403, "not_allowed", "GET", f"/halls/central/{path}")
    api.as_manager().refuses(404, "no_hall", "GET", f"/halls/nowhere/{path}")


def test_the_days_are_listed_and_the_last_one_over_is_shown_first(api: Api, past: dict[str, str]) -> None:
    days = api.as_manager().get("/halls/central/replay/days").json
    yesterday = api.house.hall("central").floor.day - timedelta(days=1)
    assert days["days"] == [yesterday.isoformat()], "of today nothing has happened yet"
    shown = ask(api)
    assert (shown["day"], shown["begins"], shown["ends"]) == (yesterday.isoformat(), past["opened"], past["served"])
    assert shown["at"] == shown["begins"]


def test_both_pictures_are_those_of_the_moment(api: Api, past: dict[str, str]) -> None:
    seq = api.house.hall("central").floor.seq
    waiting = ask(api, at=past["taken"])
    assert waiting["dashboard"]["figures"]["waiting"] == 1
    assert waiting["wall"]["calling"] == []
    called = ask(api, at=past["called"])
    assert called["wall"]["calling"][0]["number"] == "A001"
    assert called["dashboard"]["counters"][0]["ticket_state"] == "serving"
    assert called["dashboard"]["counters"][0]["clerk"]
    served = ask(api, at="2031-01-01T00:00:00Z")
    assert (served["at"], served["dashboard"]["figures"]["served"]) == (past["served"], 1)
    assert ask(api, at=past["taken"])["dashboard"] == waiting["dashboard"], "back again"
    assert api.house.hall("central").floor.seq == seq


def test_a_picture_of_a_tier_that_is_gone_is_still_drawn(api: Api, past: dict[str, str]) -> None:
    from dataclasses import replace

    hall = api.house.hall("central")
    hall.plan = replace(hall.plan, tiers={key: tier for key, tier in hall.plan.tiers.items() if key != "gold"})
    shown = ask(api, at=past["called"])["dashboard"]
    assert shown["counters"][0]["tier"] == "gold"
    assert {tier["key"]: tier["name"] for tier in shown["tiers"]}["gold"] == {"zh": "gold", "en": "gold"}
    assert ask(api, at=past["taken"])["dashboard"]["figures"]["waiting"] == 1


def test_what_cannot_be_shown_is_refused_in_words(api: Api, past: dict[str, str]) -> None:
    manager = api.as_manager()
    manager.refuses(404, "replay_no_day", "GET", "/halls/central/replay?day=2020-01-01", field="day")
    manager.refuses(400, "malformed", "GET", "/halls/central/replay?day=yesterday", field="day")
    manager.refuses(400, "malformed", "GET", "/halls/central/replay?at=2026-03-04T10:00:00", field="at")
    assert manager.page("/replay/central").status_code == 200


def test_a_day_is_run_again_beside_the_day_as_it_was(api: Api, past: dict[str, str]) -> None:
    seq, manager = api.house.hall("central").floor.seq, api.as_manager()
    day = past["opened"][:10]
    told = manager.post("/halls/central/replay/again", {"day": day, "policy": "first_come"}).json
    assert (told["exact"], told["calls"]) == (True, 1)
    assert told["before"]["policy"] == "attainment"
    assert told["after"]["policy"] == "first_come"
    assert told["before"]["all"] == told["after"]["all"]
    assert told["before"]["by_tier"]["gold"]["wait"] == 4.0
    changes = [{"counter": "1", "close": True, "at": "10:00", "until": "10:30"}]
    later = manager.post("/halls/central/replay/again", {"day": day, "changes": changes}).json
    assert later["after"]["by_tier"]["gold"]["wait"] >= 20.0, "nobody could call them before half past"
    assert (later["before"]["staff_minutes"], later["after"]["staff_minutes"]) == (20, 0), "of the day as it lasted"
    assert api.house.hall("central").floor.seq == seq


def test_the_counters_of_a_day_are_told_as_they_were_and_as_they_were_planned(api: Api, past: dict[str, str]) -> None:
    manager, day = api.as_manager(), past["opened"][:10]
    told = manager.get(f"/halls/central/replay/openings?day={day}").json
    assert (told["begins"], told["ends"], told["rostered"]) == (past["opened"], past["served"], False)
    first, second = told["counters"][:2]
    assert (first["key"], first["was"], first["rostered"]) == ("1", [[past["opened"], past["served"]]], [])
    assert second["was"] == []
    keep_roster(api.house, date.fromisoformat(day), ["2", "10:00", "12:00"], ["2", "12:00", "13:00"])
    told = manager.get(f"/halls/central/replay/openings?day={day}").json
    assert told["rostered"]
    assert [c["rostered"] for c in told["counters"][:2]] == [[], [[f"{day}T10:00:00+08:00", f"{day}T13:00:00+08:00"]]]


def test_a_day_is_run_again_under_its_roster_and_with_changes_on_top(api: Api, past: dict[str, str]) -> None:
    manager, path, day = api.as_manager(), "/halls/central/replay/again", past["opened"][:10]
    manager.refuses(404, "no_roster", "POST", path, field="roster", json={"day": day, "roster": True})
    keep_roster(api.house, date.fromisoformat(day), ["1", "08:30", "10:05"], ["2", "10:18", "12:00"])
    told = manager.post(path, {"day": day, "roster": True}).json
    assert told["exact"]
    assert told["before"]["by_tier"]["gold"]["wait"] == 4.0
    assert told["after"]["by_tier"]["gold"]["wait"] >= 8.0, "nobody sat at a counter between five and eighteen past"
    assert (told["before"]["staff_minutes"], told["after"]["staff_minutes"]) == (20, 7), "five minutes, then two"
    changes = [{"counter": "1", "open": True, "at": "10:05", "until": "11:00"}]
    mended = manager.post(path, {"day": day, "roster": True, "changes": changes}).json
    assert mended["after"]["by_tier"]["gold"]["wait"] < told["after"]["by_tier"]["gold"]["wait"]


def test_the_counters_of_a_day_that_is_not_there_or_not_over_are_refused(api: Api, past: dict[str, str]) -> None:
    manager, path = api.as_manager(), "/halls/central/replay/openings"
    api.refuses(401, "not_signed_in", "GET", f"{path}?day=2026-03-04")
    manager.refuses(404, "replay_no_day", "GET", f"{path}?day=2020-01-01", field="day")
    manager.refuses(400, "malformed", "GET", f"{path}?day=someday", field="day")
    today = api.house.hall("central").floor.day.isoformat()
    manager.refuses(409, "replay_not_over", "GET", f"{path}?day={today}", field="day")


def test_what_cannot_be_run_again_is_refused_in_words(api: Api, past: dict[str, str]) -> None:
    manager, path, day = api.as_manager(), "/halls/central/replay/again", past["opened"][:10]
    api.refuses(401, "not_signed_in", "POST", path, json={"day": day})
    today = api.house.hall("central").floor.day.isoformat()
    manager.refuses(409, "replay_not_over", "POST", path, field="day", json={"day": today})
    manager.refuses(404, "replay_no_day", "POST", path, field="day", json={"day": "2020-01-01"})
    manager.refuses(400, "unknown_policy", "POST", path, field="policy", json={"day": day, "policy": "loudest"})
    for change, code, field in (
        ({"counter": "99", "open": True, "at": "10:00"}, "no_counter", "changes.0.counter"),
        ({"counter": "1", "open": True, "at": "10:00", "services": ["x"]}, "no_service", "changes.0.services"),
        ({"counter": "1", "open": True}, "missing_field", "changes.0.at"),
        ({"counter": "1", "open": True, "at": "soon"}, "malformed", "changes.0.at"),
        ({"counter": "1", "open": True, "at": "11:00", "until": "10:00"}, "moments_reversed", "changes.0.until"),
    ):
        status = 404 if code.startswith("no_") else 400
        manager.refuses(status, code, "POST", path, field=field, json={"day": day, "changes": [change]})
