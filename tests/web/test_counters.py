"""The clerk's API: every action, its permissions, and the console's snapshot."""

from pathlib import Path
from typing import Any

import pytest

from hallflow.domain.verbs import VERBS
from hallflow.web.bodies import VerbBody
from hallflow.web.counters import PARAMETERS, SENT_AS
from tests.makers import FakeClock, a_house
from tests.web.client import Api

NAMES = [verb.name for verb in VERBS]
CONSOLE = {
    *("screen", "seq", "at", "pace", "zone", "hall", "hall_name", "counter", "serving", "next", "parked", "missed"),
    *("waiting", "waiting_hall", "row", "can", "primary", "today", "services", "counters", "pause_reasons", "outcomes"),
}


@pytest.fixture
def clerk(api: Api) -> Api:
    """At the open counter 1."""
    signed_in = api.as_clerk()
    assert signed_in.verb("open").status_code == 200
    return signed_in


def test_a_whole_visit_at_the_counter(api: Api, clerk: Api, clock: FakeClock) -> None:
    token = api.take(card="8812345678")["token"]
    api.take()
    clock.forward(3)
    changed = clerk.verb("call-next").json
    console = clerk.get("/halls/central/counters/1").json
    assert set(console) >= CONSOLE
    assert set(changed) < CONSOLE | set(console)
    assert changed["serving"] == console["serving"]
    serving = console["serving"]
    assert (serving["number"], serving["state"], serving["tier"], serving["waited_minutes"]) == (
        "A001",
        "called",
        "gold",
        3,
    )
    assert set(serving["reason"]) == {"zh", "en"}
    assert [entry["number"] for entry in console["next"]] == ["A002"]
    assert (console["primary"], console["waiting"]) == ("arrived", 1)
    assert api.get(f"/tickets/{token}").json["counter"] == "1"
    assert clerk.verb("recall").json["serving"]["recalls"] == 1
    assert clerk.verb("arrived").json["primary"] == "finish"
    assert clerk.verb("add-service", service="sim").json["serving"]["legs"][1]["state"] == "to come"
    clock.forward(5)
    console = clerk.verb("finish", outcome="done").json
    assert console["serving"] is None
    assert console["today"] == {"served": 1, "mean_minutes": 5.0}
    assert [leg["state"] for leg in api.get(f"/tickets/{token}").json["legs"]] == ["done", "waiting"]


def test_every_other_verb_does_what_it_says(api: Api, clerk: Api) -> None:
    for _ in range(4):
        api.take()
    assert clerk.verb("call", ticket="A002").json["serving"]["number"] == "A002"
    clerk.verb("requeue", places=1)
    next_ones = clerk.get("/halls/central/counters/1").json["next"]
    assert [entry["number"] for entry in next_ones][:2] == ["A001", "A003"]
    assert clerk.verb("start", ticket="A001").json["serving"]["state"] == "serving"
    assert clerk.verb("park", reason="photo").json["parked"][0]["number"] == "A001"
    clerk.verb("call-next")
    assert clerk.verb("miss").json["missed"][0]["number"] == "A003"
    assert clerk.verb("resume", ticket="A001").json["serving"]["number"] == "A001"
    assert clerk.verb("transfer", service="sim").json["serving"] is None
    assert clerk.verb("walk-in", service="bills", language="en").json["serving"]["number"] == "A005"
    clerk.verb("finish")
    assert clerk.verb("pause", reason="lunch", minutes=30).json["counter"]["state"] == "paused"
    assert clerk.verb("open").json["counter"]["state"] == "open"
    assert clerk.verb("close").json["counter"]["state"] == "closed"


@pytest.mark.parametrize("verb", NAMES)
def test_the_verbs_offered_are_those_that_work(api: Api, clerk: Api, verb: str) -> None:
    """What `can` names is accepted, what it does not name is refused, in each situation of the counter."""
    bodies = {"call": {"ticket": "A002"}, "pause": {"reason": "lunch"}, "resume": {"ticket": "A001"}}
    bodies |= {"transfer": {"service": "sim"}, "add-service": {"service": "sim"}, "walk-in": {"service": "bills"}}
    can = clerk.get("/halls/central/counters/1").json["can"]
    if verb not in can:
        answer = clerk.verb(verb, **bodies.get(verb, {}))
        assert answer.status_code in (200, 404, 409)
        assert answer.status_code != 200 or verb == "open"


@pytest.mark.parametrize("verb", NAMES)
def test_an_operation_takes_only_what_the_body_may_say(verb: str) -> None:
    wanted = {SENT_AS.get(parameter.name, parameter.name) for parameter in PARAMETERS[verb]}
    assert wanted <= {*VerbBody.model_fields, "clerk"}


@pytest.mark.parametrize(
    ("verb", "body", "code", "field"),
    [
        ("call", {}, "missing_field", "ticket"),
        ("resume", {}, "missing_field", "ticket"),
        ("pause", {}, "missing_field", "reason"),
        ("add-service", {}, "missing_field", "service"),
        ("walk-in", {}, "missing_field", "service"),
        ("call", {"ticket": "nonsense"}, "malformed", "ticket"),
        ("call", {"ticket": 1}, "malformed", "ticket"),
        ("pause", {"reason": "boredom"}, "unknown_reason", "reason"),
        ("pause", {"reason": "lunch", "minutes": 0}, "malformed", "minutes"),
        ("pause", {"reason": "lunch", "minutes": "5"}, "malformed", "minutes"),
        ("requeue", {"places": 99}, "malformed", "places"),
        ("open", {"services": "bills"}, "malformed", "services"),
        ("open", {"clerk": "me"}, "unknown_field", "clerk"),
        ("transfer", {"note": "x" * 201}, "malformed", "note"),
        ("walk-in", {"service": "bills", "language": "fr"}, "malformed", "language"),
    ],
)
def test_a_bad_body_names_the_field(clerk: Api, verb: str, body: dict[str, Any], code: str, field: str) -> None:
    clerk.refuses(400, code, "POST", f"/halls/central/counters/1/{verb}", field, json=body)


@pytest.mark.parametrize(
    ("verb", "body", "status", "code"),
    [
        ("call-next", {}, 409, "nobody_waiting"),
        ("arrived", {}, 409, "nobody_here"),
        ("finish", {}, 409, "nobody_here"),
        ("call", {"ticket": "A999"}, 404, "no_ticket"),
        ("walk-in", {"service": "nothing"}, 404, "no_service"),
        ("dance", {}, 404, "unknown_verb"),
    ],
)
def test_a_verb_that_cannot_be_is_refused(clerk: Api, verb: str, body: dict, status: int, code: str) -> None:
    clerk.refuses(status, code, "POST", f"/halls/central/counters/1/{verb}", json=body)


def test_an_unknown_hall_or_counter_is_named(clerk: Api) -> None:
    clerk.refuses(404, "no_hall", "POST", "/halls/nowhere/counters/1/open", json={})
    clerk.refuses(404, "no_counter", "POST", "/halls/central/counters/99/open", json={})
    clerk.refuses(404, "no_counter", "GET", "/halls/central/counters/99")


@pytest.mark.parametrize("verb", NAMES)
def test_only_the_clerk_of_a_counter_works_there(api: Api, clerk: Api, verb: str) -> None:
    body = {"ticket": "A001", "reason": "lunch", "service": "bills"}
    path = f"/halls/central/counters/1/{verb}"
    api.refuses(401, "not_signed_in", "POST", path, json=body)
    for somebody in (api.as_clerk("2"), api.as_clerk("1", hall="county"), api.as_manager()):
        somebody.refuses(403, "not_allowed", "POST", path, json=body)


def test_a_console_is_seen_by_its_clerk_and_the_manager(api: Api, clerk: Api) -> None:
    path = "/halls/central/counters/1"
    assert clerk.get(path).status_code == 200
    assert api.as_manager().get(path).status_code == 200
    api.refuses(401, "not_signed_in", "GET", path)
    for somebody in (api.as_clerk("2"), api.as_clerk("1", hall="county"), api.as_manager("county")):
        somebody.refuses(403, "not_allowed", "GET", path)


def test_answers_are_shown_to_the_clerk_in_front_of_the_customer_alone(api: Api, clerk: Api) -> None:
    token = api.take()["token"]
    form = api.get(f"/tickets/{token}/prefill").json["form"]
    text = next(field for field in form["fields"] if field["kind"] in ("text", "phone"))
    value = "13800138000" if text["kind"] == "phone" else "Zhang"
    api.put(f"/tickets/{token}/prefill", {"answers": {text["key"]: value}})
    assert value not in clerk.get("/halls/central/counters/1").text
    shown = clerk.verb("call-next").json["serving"]["form"]
    assert value in {field["value"] for field in shown["fields"] if isinstance(field["value"], str)}
    assert value in clerk.get("/halls/central/counters/1").text
    assert value not in api.as_manager().get("/halls/central/counters/1").text


def test_a_note_reaches_the_next_clerk(api: Api, clerk: Api) -> None:
    api.take()
    clerk.verb("call-next")
    clerk.verb("arrived")
    sent_on = ("POST", "/halls/central/counters/1/transfer")
    clerk.refuses(409, "counter_closed", *sent_on, json={"counter": "2"})
    other = api.as_clerk("2")
    other.verb("open", "2")
    clerk.post(sent_on[1], {"counter": "2", "note": "wants the old tariff"})
    answer = other.verb("call-next", "2")
    assert answer.status_code == 200, answer.text
    assert answer.json["serving"]["note"] == "wants the old tariff"
    assert "old tariff" not in api.as_manager().get("/halls/central/events").text


def test_a_verb_asked_again_with_its_key_is_done_once(api: Api, clerk: Api) -> None:
    api.take()
    api.take()
    path, key = "/halls/central/counters/1/call-next", {"Idempotency-Key": "tap-1"}
    first = clerk.post(path, {}, headers=key)
    again = clerk.post(path, {}, headers=key)
    assert (first.status_code, again.status_code) == (200, 200)
    assert again.json["serving"]["number"] == first.json["serving"]["number"] == "A001"
    assert again.json["seq"] == first.json["seq"]
    # somebody who may not do it learns nothing from knowing the key
    api.refuses(401, "not_signed_in", "POST", path, json={}, headers=key)


def test_the_sentences_of_a_refusal_can_be_acted_on(clerk: Api) -> None:
    answer = clerk.post("/halls/central/counters/1/call-next", {}, headers={"Accept-Language": "en"})
    assert answer.json["error"]["message"].startswith("Nobody is waiting for Counter 1.")
    answer = clerk.post("/halls/central/counters/1/call-next?lang=zh", {}, headers={"Accept-Language": "en"})
    assert "1号窗口" in answer.json["error"]["message"]


def test_demo_pins_do_not_exist_outside_a_demo(tmp_path: Path) -> None:
    api = Api(a_house(tmp_path, demo=False))
    for body in ({"hall": "central", "pin": "1111", "counter": "1"}, {"hall": "central", "pin": "9999"}):
        api.refuses(401, "wrong_pin", "POST", "/session", json=body)
