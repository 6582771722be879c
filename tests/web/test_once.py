"""Idempotent retries: the first response again, at every POST, in any process, and after a restart."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from hallflow.house import House
from hallflow.storage.log import ledger
from tests.makers import FakeClock, a_house
from tests.web.client import Api

KEY = {"Idempotency-Key": "3f2a"}


@pytest.fixture
def houses(tmp_path: Path, url: str | None) -> Iterator[tuple[House, House]]:
    """Two processes on one database: another memory each."""
    clock = FakeClock()
    opened = a_house(tmp_path, clock, url), a_house(tmp_path, clock, url)
    yield opened
    for house in opened:
        house.engine.dispose()


@pytest.fixture
def forgetful(monkeypatch: pytest.MonkeyPatch) -> None:
    """What one process remembers of its answers, the other does not."""
    monkeypatch.setattr("hallflow.web.once._remembered.find", lambda key: None)


def test_every_post_looks_at_its_key(api: Api) -> None:
    ticket = api.take()
    at = {"hall": "central", "counter": "1", "verb": "open", "token": ticket["token"], "advice": "1"}
    bodies = {
        "tickets": {"service": "bills"},
        "session": {"hall": "central", "pin": "9999"},
        "feedback": {"stars": 5},
        "what-if": {"changes": []},
        "again": {"day": "2026-03-04"},
        "roster": {"week": "2026-03-09"},
    }
    clerk, manager = api.as_clerk(), api.as_manager()
    posts = [rule.rule for rule in api.app.url_map.iter_rules() if "POST" in (rule.methods or ())]
    assert len(posts) >= 7
    for rule in posts:
        path = rule.removeprefix("/api/v1")
        for name, value in at.items():
            path = path.replace(f"<{name}>", value)
        body = bodies.get(path.rpartition("/")[2], {})
        asking = clerk if "/counters/" in path else manager
        answer = asking.post(path, body, headers={"Idempotency-Key": "x" * 101})
        assert (answer.status_code, answer.json["error"].get("field")) == (400, "Idempotency-Key"), rule


@pytest.mark.usefixtures("forgetful")
def test_a_call_whose_answer_was_lost_is_told_by_the_other_process(houses: tuple[House, House]) -> None:
    first, second = (Api(house).as_clerk() for house in houses)
    first.verb("open")
    number = first.take()["number"]
    houses[1].look_around()
    path = "/halls/central/counters/1/call-next"
    said = first.post(path, headers=KEY).json
    again = second.post(path, headers=KEY)
    assert again.status_code == 200
    assert again.headers["Idempotent-Replay"] == "true"
    assert again.json["serving"]["number"] == said["serving"]["number"] == number
    assert again.json["seq"] == said["seq"]


@pytest.mark.usefixtures("forgetful")
@pytest.mark.parametrize("visit", [None, "9f0f6a9e-3a55-4c0e-8f6e-5b6c1a2d7e10"])
def test_a_ticket_whose_answer_was_lost_is_told_by_the_other_process(
    houses: tuple[House, House], visit: str | None
) -> None:
    first, second = (Api(house) for house in houses)
    body = {"service": "bills"} | ({"visit": visit} if visit else {})
    said = first.post("/halls/central/tickets", body, headers=KEY).json
    again = second.post("/halls/central/tickets", body, headers=KEY)
    assert (again.status_code, again.headers["Idempotent-Replay"]) == (201, "true")
    assert {key: again.json[key] for key in ("number", "token", "state", "ahead", "seq")} == {
        key: said[key] for key in ("number", "token", "state", "ahead", "seq")
    }
    with houses[0].engine.connect() as connection:
        assert len(ledger.tickets_of(connection, "central", houses[0].hall("central").floor.day)) == 1


@pytest.mark.usefixtures("forgetful")
def test_what_a_customer_asked_of_their_ticket_is_done_once_by_either_process(houses: tuple[House, House]) -> None:
    first, second = (Api(house) for house in houses)
    mine = first.take()
    for _ in range(4):
        houses[0].clock.forward(1)
        first.take()
    said = first.post(f"/tickets/{mine['token']}/defer", {"places": 2}, headers=KEY)
    again = second.post(f"/tickets/{mine['token']}/defer", {"places": 2}, headers=KEY)
    assert (said.status_code, again.status_code) == (200, 200)
    assert again.json["ahead"] == said.json["ahead"] == 2
    assert again.headers["Idempotent-Replay"] == "true"
