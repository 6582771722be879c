"""What-if over the API: its result, and errors that name the faulty field."""

import threading

import pytest

from hallflow.foresight.twin import compiled
from hallflow.operations.outlook import heavy
from tests.makers import DAY, keep_roster, open_all
from tests.web.client import Api

PATH = "/halls/central/what-if"
TOMORROW = "2026-03-05T04:30:00+08:00"
"""The demo's day ends at four."""


@pytest.fixture
def manager(api: Api) -> Api:
    """The manager of a hall with every counter open."""
    # until the kernel is compiled there are fewer plays: not in the middle of a test
    compiled.wait()
    hall = api.house.hall("central")
    open_all(hall)
    for _ in range(12):
        api.take("bills")
    return api.as_manager()


def test_a_manager_sees_waits_goals_and_cost_before_and_after(manager: Api) -> None:
    written = manager.written()
    change = {"counter": "4", "close": True, "at": "10:30", "until": "11:30"}
    answer = manager.post(PATH, {"changes": [change]})
    assert answer.status_code == 200, answer.text
    told = answer.json
    assert told["change"]["staff_minutes"] == -60
    assert told["before"]["staff_minutes"] - told["after"]["staff_minutes"] == 60
    for side in ("before", "after", "change"):
        assert told[side]["tiers"].keys() == told["goals"].keys()
        assert told[side]["services"].keys() == told["names"].keys()
        wait = told[side]["all"]["wait"]
        assert wait["low"] <= wait["likely"] <= wait["high"]
    assert told["quarters"][2]["open"] == {"before": 12, "after": 11}
    assert manager.written() == written, "supposing changes nothing"
    again = manager.post(PATH, {"changes": [{"counter": "4", "open": False, "at": "10:30", "until": "11:30"}]}).json
    assert again["after"] == told["after"], "the same chance, however it is said"


@pytest.mark.parametrize(
    ("status", "code", "field", "changes"),
    [
        (404, "no_counter", "changes.1.counter", [{"counter": "1", "close": True}, {"counter": "99", "open": True}]),
        (404, "no_service", "changes.0.services", [{"counter": "1", "open": True, "services": ["loans"]}]),
        (400, "moment_past", "changes.0.at", [{"counter": "1", "open": True, "at": "09:00"}]),
        (400, "moment_after_closing", "changes.0.at", [{"counter": "1", "open": True, "at": TOMORROW}]),
        (400, "moments_reversed", "changes.0.until", [{"counter": "1", "open": True, "at": "12:00", "until": "11:00"}]),
        (400, "malformed", "changes.0.at", [{"counter": "1", "open": True, "at": "noon"}]),
        (400, "malformed", "changes.0.at", [{"counter": "1", "open": True, "at": "2026-03-04T11:00:00"}]),
        (400, "malformed", "changes.0", [{"counter": "1"}]),
        (400, "malformed", "changes.0", [{"counter": "1", "open": True, "close": True}]),
        (400, "malformed", "changes.0.services", [{"counter": "1", "open": True, "services": []}]),
        (
            400,
            "changes_overlap",
            "changes.1",
            [{"counter": "1", "close": True, "until": "11:00"}, {"counter": "1", "open": True, "at": "10:45"}],
        ),
    ],
)
def test_what_cannot_be_is_refused_by_its_place(
    manager: Api, status: int, code: str, field: str, changes: list[dict[str, object]]
) -> None:
    manager.refuses(status, code, "POST", PATH, field, json={"changes": changes})


def test_the_counters_go_by_the_roster_and_what_is_dragged_changes_it(manager: Api) -> None:
    keep_roster(manager.house, DAY, ["1", "08:30", "12:00"], ["4", "08:30", "11:00"], ["4", "12:30", "18:00"])
    told = manager.post(PATH, {"changes": [{"counter": "4", "open": True, "at": "11:30"}]}).json
    opened = {quarter["from"][11:16]: quarter["open"] for quarter in told["quarters"]}
    # in UTC; whoever is nowhere planned stays
    assert opened["02:45"] == {"before": 12, "after": 12}
    assert opened["03:00"] == {"before": 11, "after": 11}
    assert opened["03:30"] == {"before": 11, "after": 12}
    assert opened["04:00"] == {"before": 10, "after": 11}
    assert opened["04:30"] == {"before": 11, "after": 11}
    assert told["change"]["staff_minutes"] == 60


def test_only_the_manager_may_suppose(api: Api) -> None:
    api.refuses(401, "not_signed_in", "POST", PATH, json={"changes": []})
    api.as_clerk("1").refuses(403, "not_allowed", "POST", PATH, json={"changes": []})


def test_one_what_if_at_a_time_and_the_next_is_told_to_come_back(manager: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(heavy, "PATIENCE_SECONDS", 0.01)
    with heavy._turn:
        manager.refuses(429, "sums_busy", "POST", PATH, json={"changes": []})
    assert manager.post(PATH, {"changes": []}).status_code == 200


def test_many_at_once_are_all_answered(manager: Api) -> None:
    codes: list[int] = []

    def ask() -> None:
        one = Api(manager.house, manager.app).as_manager()
        codes.append(one.post(PATH, {"changes": [{"counter": "2", "close": True}]}).status_code)

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert codes == [200] * 4
