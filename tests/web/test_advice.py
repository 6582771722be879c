"""Advice over the API: read, accepted, declined, and refused where that is impossible."""

import pytest

from hallflow.operations.floor.counters import open_counter
from tests.makers import DAY, keep_roster
from tests.web.client import Api

PATH = "/halls/central/advice"


@pytest.fixture
def short_handed(api: Api) -> Api:
    """The manager of a hall with too few counters open."""
    hall = api.house.hall("central")
    for key in ("2", "3", "9", "11", "12", "6"):
        open_counter(hall, key, f"clerk-{key}")
    for i in range(40):
        api.take(("bills", "plan_change", "bills", "sim")[i % 4])
    return api.as_manager()


def test_advice_is_asked_for_accepted_and_shown_to_whoever_is_asked(short_handed: Api, api: Api) -> None:
    assert short_handed.get(PATH).json["advice"] == []
    found = short_handed.post(PATH).json["advice"]
    first = next(one for one in found if one["kind"] == "open")
    assert first["state"] == "proposed"
    assert first["counter"] in first["text"]["en"]
    assert "%" in first["reason"]["zh"]
    for figure in ("wait", "within_goal", "left"):
        assert first["change"][figure]["low"] <= first["change"][figure]["likely"] <= first["change"][figure]["high"]
    told = short_handed.post(f"{PATH}/{first['id']}/accept").json["advice"]
    assert next(one for one in told if one["id"] == first["id"])["state"] == "accepted"
    asked = {c["key"]: c["asked"] for c in api.get("/halls/central/counters").json["counters"]}
    assert "asks you to open" in asked[first["counter"]]["en"]
    assert asked["2"] is None
    tiles = {c["key"]: c.get("asked", False) for c in short_handed.get("/halls/central/floor").json["counters"]}
    assert tiles[first["counter"]]
    console = api.as_clerk(first["counter"]).get(f"/halls/central/counters/{first['counter']}").json
    assert "请你开放" in console["counter"]["asked"]["zh"]
    short_handed.refuses(409, "advice_decided", "POST", f"{PATH}/{first['id']}/decline", json={})


def test_nobody_is_asked_to_come_who_comes_by_the_roster_in_five_minutes(short_handed: Api) -> None:
    asked = {one["counter"] for one in short_handed.post(PATH).json["advice"] if one["kind"] == "open"}
    assert asked
    rest = [key for key in ("1", "4", "5", "7", "8", "10") if key not in asked]
    planned = [[key, "10:05", "18:00"] for key in (*asked, *rest)]
    keep_roster(
        short_handed.house, DAY, *planned, *([key, "08:30", "18:00"] for key in ("2", "3", "9", "11", "12", "6"))
    )
    told = short_handed.post(PATH).json["advice"]
    assert not [one for one in told if one["kind"] == "open" and one["state"] == "proposed"]
    assert {one["state"] for one in told if one["counter"] in asked} == {"lapsed"}


def test_advice_is_declined_with_a_reason_and_asked_twice_by_one_key_is_declined_once(short_handed: Api) -> None:
    first = short_handed.post(PATH).json["advice"][0]
    path, key = f"{PATH}/{first['id']}/decline", {"Idempotency-Key": "a-retry"}
    for _ in range(2):
        answer = short_handed.post(path, {"reason": "两位同事去培训了"}, headers=key)
        told = next(one for one in answer.json["advice"] if one["id"] == first["id"])
        assert (told["state"], told["why"]) == ("declined", "两位同事去培训了")


def test_what_is_not_there_and_who_may_not_are_refused(short_handed: Api, api: Api) -> None:
    short_handed.refuses(404, "no_advice", "POST", f"{PATH}/99/accept", "advice", json={})
    short_handed.refuses(400, "unknown_field", "POST", f"{PATH}/1/accept", "why", json={"why": 1})
    api.as_clerk("1").refuses(403, "not_allowed", "POST", PATH, json={})
    api.refuses(401, "not_signed_in", "GET", PATH)
