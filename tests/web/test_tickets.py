"""The customer's API: take a number, view it, leave, defer, return late, fill in the form, rate."""

import json
from typing import Any

import pytest

from hallflow.storage.records import people
from tests.makers import FakeClock, a_house, a_visit
from tests.web.client import Api

TICKETS = "/halls/central/tickets"
TIER_WORDS = ('"tier', "gold", "silver", "standard", "金卡", "银卡", "guard", "weight", "B8860B")


def no_tier(data: Any) -> None:
    """The tier is never told in public."""
    text = json.dumps(data, ensure_ascii=False)
    assert [word for word in TIER_WORDS if word in text] == []


def test_a_ticket_is_taken_and_shown(api: Api, clock: FakeClock) -> None:
    api.as_clerk().verb("open")
    ticket = api.take(language="en")
    assert (ticket["number"], ticket["state"], ticket["hall"], ticket["language"]) == (
        "A001",
        "waiting",
        "central",
        "en",
    )
    assert ticket["ahead"] == 0
    assert set(ticket["wait"]) == {"low", "likely", "high", "from", "until"}
    assert ticket["promise"]["low"] <= ticket["promise"]["likely"] <= ticket["promise"]["high"]
    assert ticket["url"] == f"/t/{ticket['token']}"
    assert ticket["issued_at"] == clock.now().isoformat()
    assert ticket["can"] == ["leave", "defer", "prefill"]
    assert ticket["legs"] == [{"service": "bills", "name": ticket["service_name"], "state": "waiting", "counter": None}]
    assert set(ticket["service_name"]) == {"zh", "en"}
    wanted = {
        *("token", "url", "number", "hall", "hall_name", "zone", "at", "pace", "demo", "seq", "ask_again_s", "state"),
        *("service", "service_name", "ahead", "wait", "closed_reason", "promise", "counter", "counter_name", "where"),
        *("issued_at", "called_at", "language", "legs", "documents", "form", "story", "can"),
    }
    assert wanted <= set(ticket)
    assert api.get(f"/tickets/{ticket['token']}").json == ticket


def test_the_tier_is_never_told(api: Api) -> None:
    api.as_clerk().verb("open")
    ticket = api.take(card="8812345678")
    api.take(card="6612345678")
    for path in ("/halls", "/halls/central", "/halls/central/counters", f"/tickets/{ticket['token']}"):
        no_tier(api.get(path).json)
    api.as_clerk().verb("call-next")
    no_tier(api.get(f"/tickets/{ticket['token']}").json)


def test_the_same_visit_again_is_the_same_ticket(api: Api) -> None:
    visit = a_visit()
    first = api.post(TICKETS, {"service": "bills", "visit": visit})
    again = api.post(TICKETS, {"service": "sim", "visit": visit})
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json == first.json
    assert api.take()["number"] == "A002"


def test_a_retry_with_the_same_key_does_nothing_twice(api: Api) -> None:
    key = {"Idempotency-Key": a_visit()}
    first = api.post(TICKETS, {"service": "bills"}, headers=key)
    seq = api.written()
    again = api.post(TICKETS, {"service": "bills"}, headers=key)
    assert (again.status_code, again.json["token"]) == (201, first.json["token"])
    assert api.written() == seq
    api.refuses(409, "key_reused", "POST", TICKETS, json={"service": "sim"}, headers=key)


def test_several_services_are_several_legs(api: Api) -> None:
    ticket = api.post(TICKETS, {"services": ["bills", "sim"]}).json
    assert [leg["state"] for leg in ticket["legs"]] == ["waiting", "to come"]


def test_the_register_knows_a_phone(api: Api) -> None:
    with api.house.engine.begin() as connection:
        people.keep_customers(connection, [(api.house.vault.digest("+8613800138000"), "gold")])
    api.take(phone="138 0013 8000")
    assert api.house.hall("central").floor.tickets["A001"].tier == "gold"


@pytest.mark.parametrize(
    ("body", "code", "field"),
    [
        ({}, "missing_field", "service"),
        ({"service": "bills", "services": ["sim"]}, "missing_field", "service"),
        ({"service": 5}, "malformed", "service"),
        ({"service": ""}, "malformed", "service"),
        ({"service": "x" * 40}, "malformed", "service"),
        ({"services": []}, "malformed", "services"),
        ({"services": ["bills"] * 7}, "malformed", "services"),
        ({"services": "bills"}, "malformed", "services"),
        ({"service": "bills", "vip": True}, "unknown_field", "vip"),
        ({"service": "bills", "visit": "short"}, "malformed", "visit"),
        ({"service": "bills", "language": "fr"}, "malformed", "language"),
        ({"service": "bills", "card": "!!!!"}, "bad_card", "card"),
        ({"service": "bills", "card": "8" * 65}, "malformed", "card"),
        ({"service": "bills", "phone": "12345"}, "bad_phone", "phone"),
        ([], "malformed", None),
        ("bills", "malformed", None),
        (None, "malformed", None),
    ],
)
def test_a_bad_body_names_the_field(api: Api, body: Any, code: str, field: str | None) -> None:
    data = json.dumps(body)
    api.refuses(400, code, "POST", TICKETS, field, data=data, content_type="application/json")


@pytest.mark.parametrize("data", [b"{", b"", b"\xff\xfe", b"nonsense", b'{"service": NaN}'])
def test_what_is_no_json_is_refused(api: Api, data: bytes) -> None:
    before = api.written()
    answer = api.call("POST", TICKETS, data=data, content_type="application/json")
    assert answer.status_code == 400, answer.text
    assert answer.json["error"]["message"]
    assert api.written() == before


@pytest.mark.parametrize(
    ("path", "body", "status", "code"),
    [
        ("/halls/nowhere/tickets", {"service": "bills"}, 404, "no_hall"),
        ("/halls/central/tickets", {"service": "nothing"}, 404, "no_service"),
        ("/halls/county/tickets", {"service": "device"}, 404, "not_offered"),
        ("/tickets/nobodys-token/leave", {}, 404, "no_such_token"),
        ("/tickets/nobodys-token/defer", {"places": 2}, 404, "no_such_token"),
        ("/tickets/nobodys-token/late", {}, 404, "no_such_token"),
        ("/tickets/nobodys-token/feedback", {"stars": 5}, 404, "no_such_token"),
    ],
)
def test_what_is_not_there_is_named(api: Api, path: str, body: dict, status: int, code: str) -> None:
    api.refuses(status, code, "POST", path, json=body)


@pytest.mark.parametrize(
    "path", ["/tickets/nobodys-token", "/tickets/nobodys-token/prefill", "/tickets/nobodys-token/qr.svg"]
)
def test_nobodys_token_shows_nothing(api: Api, path: str) -> None:
    api.refuses(404, "no_such_token", "GET", path)


def test_a_closed_hall_gives_no_number(tmp_path, clock: FakeClock) -> None:
    clock.forward(hours=10)
    api = Api(a_house(tmp_path, clock, demo=False))
    api.refuses(409, "closed_hall", "POST", TICKETS, json={"service": "bills"})
    shown = api.get("/halls/central").json
    assert shown["open"] is False
    assert shown["opens_at"].startswith("2026-03-05T08:30:00")
    assert all(service["closed_reason"] for service in shown["services"])


def test_without_a_counter_the_wait_is_not_known_and_it_is_said_why(api: Api) -> None:
    ticket = api.take()
    assert ticket["wait"] is None
    assert set(ticket["closed_reason"]) == {"zh", "en"}


def test_leave_defer_late_and_their_refusals(api: Api) -> None:
    clerk = api.as_clerk()
    clerk.verb("open")
    first, second = api.take(), api.take()
    deferred = api.post(f"/tickets/{first['token']}/defer", {"places": 1}).json
    assert deferred["ahead"] == 1
    assert clerk.verb("call-next").json["serving"]["number"] == second["number"]
    clerk.verb("miss")
    path = f"/tickets/{second['token']}"
    assert api.get(path).json["can"] == ["late", "leave", "prefill"]
    assert api.post(f"{path}/late").json["state"] == "waiting"
    api.refuses(409, "not_now", "POST", f"{path}/late", json={})
    api.refuses(400, "malformed", "POST", f"{path}/defer", "places", json={"places": 0})
    api.refuses(400, "malformed", "POST", f"{path}/defer", "places", json={"places": "2"})
    api.refuses(400, "unknown_field", "POST", f"{path}/leave", "why", json={"why": "x"})
    assert api.post(f"{path}/leave").json["state"] == "left"
    api.refuses(409, "visit_over", "POST", f"{path}/leave", json={})


def test_feedback_is_given_once_after_the_visit(api: Api) -> None:
    clerk = api.as_clerk()
    clerk.verb("open")
    path = f"/tickets/{api.take()['token']}/feedback"
    api.refuses(409, "not_over", "POST", path, json={"stars": 5})
    clerk.verb("call-next")
    clerk.verb("arrived")
    clerk.verb("finish")
    for stars in (0, 6, "5", 4.5, None):
        api.refuses(400, "malformed", "POST", path, "stars", json={"stars": stars})
    assert api.post(path, {"stars": 4}).json["stars"] == 4
    api.refuses(409, "rated_already", "POST", path, json={"stars": 5})


def test_a_day_later_a_token_is_worth_nothing(api: Api, clock: FakeClock) -> None:
    token = api.take()["token"]
    clock.forward(hours=24, minutes=1)
    api.refuses(410, "token_expired", "GET", f"/tickets/{token}")
    api.refuses(410, "token_expired", "POST", f"/tickets/{token}/leave", json={})
    api.refuses(410, "token_expired", "PUT", f"/tickets/{token}/prefill", json={"answers": {}})


def test_the_form_is_filled_in_field_by_field(api: Api) -> None:
    path = f"/tickets/{api.take('new_line')['token']}/prefill"
    form = api.get(path).json
    assert (form["answers"], form["accepted"], form["filled"], form["of"]) == ({}, False, 0, 7)
    assert {"key", "kind", "label", "help", "required", "choices", "max", "example"} == set(form["form"]["fields"][0])
    saved = api.put(path, {"answers": {"name": "张三", "identity_number": "123", "porting": False}}).json
    assert saved["answers"] == {"name": "张三", "porting": False}
    assert set(saved["faults"]) == {"identity_number"}
    assert set(saved["faults"]["identity_number"]) == {"zh", "en"}
    saved = api.put(path, {"answers": {"identity_number": "11010519491231002X"}}).json
    assert saved["accepted"] is True
    assert api.get(path).json["answers"] == saved["answers"]


@pytest.mark.parametrize(
    ("answers", "code", "field"),
    [
        ({"name": 5}, "wrong_kind", "answers.name"),
        ({"porting": "yes"}, "wrong_kind", "answers.porting"),
        ({"use": "calls"}, "wrong_kind", "answers.use"),
        ({"pin": "1234"}, "unknown_answer", "answers.pin"),
        ("name", "malformed", "answers"),
    ],
)
def test_an_answer_of_the_wrong_kind_writes_nothing(api: Api, answers: Any, code: str, field: str) -> None:
    path = f"/tickets/{api.take('new_line')['token']}/prefill"
    if isinstance(answers, dict):
        answers |= {"address": "Good Street 1"}
    api.refuses(400, code, "PUT", path, field, json={"answers": answers})
    assert api.get(path).json["answers"] == {}


def test_the_code_on_the_ticket_leads_to_its_page(api: Api) -> None:
    token = api.take()["token"]
    answer = api.get(f"/tickets/{token}/qr.svg")
    assert answer.mimetype == "image/svg+xml"
    assert answer.data.startswith(b"<?xml")
    assert "private" in answer.headers["Cache-Control"]
