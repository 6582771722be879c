"""The outlook has the documented fields, and every sentence in it exists in both languages."""

import json
import re
import tomllib
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from hallflow.domain.plan import StaffingRules
from hallflow.foresight.learning.learned import from_plan
from hallflow.foresight.outlook import draw_day, draw_outlook
from tests.foresight.makers import DAY, NOON, a_plan, an_open_floor, minutes, serve, take, tell

TEXTS = Path(__file__).parents[2] / "config" / "texts"
PLAN = a_plan(
    (("bills", "sim"), ("bills",), ("bills", "sim"), ("device",)),
    staffing=StaffingRules(arrivals_per_hour=20),
)


def an_outlook(plan=PLAN, waiting: int = 12, plays: int = 100):
    floor = an_open_floor(plan, NOON - minutes(30))
    tell(floor, "counter_closed", NOON - minutes(29), counter=list(plan.counters)[-1])
    serve(floor, take(floor, plan, "bills", "gold", NOON - minutes(25)), "1", NOON - minutes(4))
    for i in range(waiting):
        take(floor, plan, "bills" if i % 3 else "sim", "standard", NOON - minutes(20 - i))
    stuck = take(floor, plan, "device", "silver", NOON - minutes(3))
    outlook = draw_outlook(floor, plan, from_plan(plan), NOON, np.random.default_rng(1), plays)
    return outlook, outlook.as_data(), stuck


@pytest.fixture(scope="module")
def drawn():
    return an_outlook()


def sentences(data):
    if isinstance(data, dict):
        if data.keys() == {"code", "facts"}:
            yield data
        for value in data.values():
            yield from sentences(value)
    elif isinstance(data, list):
        for value in data:
            yield from sentences(value)


def test_it_is_the_contracts_json(drawn):
    _, data, _ = drawn
    assert json.loads(json.dumps(data)) == data
    assert data.keys() == {
        "at", "made_at", "zone", "day", "history_days", "level", "quarters", "recommendations", "requirement", "accuracy", "rostered", "roster", "ranges",
    }  # fmt: skip
    assert data["quarters"][0].keys() == {
        "start", "expected", "low", "high", "arrived", "required", "open", "advised", "period", "reason", "groups", "lacking", "services",
    }  # fmt: skip
    assert data["recommendations"][0].keys() == {"from", "until", "counters", "kind", "text", "reason"}
    assert len(data["quarters"]) == 32


def test_the_past_shows_who_came_and_the_rest_who_is_expected(drawn):
    _, data, _ = drawn
    noon = next(i for i, q in enumerate(data["quarters"]) if q["start"] == NOON.isoformat())
    assert sum(q["arrived"] for q in data["quarters"][:noon]) == 14
    assert {q["open"] for q in data["quarters"][:noon]} == {None}
    assert {q["open"] for q in data["quarters"][noon:]} == {3}
    assert data["quarters"][noon + 1]["arrived"] is None


def test_everybody_who_can_be_called_has_a_range(drawn):
    outlook, data, stuck = drawn
    assert len(data["ranges"]["tickets"]) == 12
    assert stuck not in data["ranges"]["tickets"]
    assert set(data["ranges"]["next"]["device"].values()) == {None}
    low, likely, high = data["ranges"]["next"]["bills"]["standard"]
    assert low <= likely <= high
    assert outlook.advised is not None


def test_steps_follow_each_other_to_closing_and_say_what_to_do_first(drawn):
    _, data, _ = drawn
    steps = data["recommendations"]
    assert steps[0]["from"] == NOON.isoformat()
    assert steps[-1]["until"] == NOON.replace(hour=17).isoformat()
    assert all(a["until"] == b["from"] and a["counters"] != b["counters"] for a, b in pairwise(steps))
    assert steps[0]["kind"] == "open"
    assert steps[0]["text"]["facts"]["change"] == steps[0]["counters"] - 3
    assert steps[0]["reason"]["code"] in ("outlook.because_backlog", "outlook.because_most")


def test_every_sentence_is_in_both_languages_with_its_blanks_filled(drawn):
    quiet = draw_day(a_plan(), from_plan(a_plan()), DAY, NOON).as_data()
    closed = a_plan(hours=type(PLAN.hours)(PLAN.hours.zone, {}))
    full = draw_day(a_plan(staffing=StaffingRules(arrivals_per_hour=200)), from_plan(PLAN), DAY, NOON).as_data()
    said = [*sentences(drawn[1]), *sentences(quiet), *sentences(full)]
    said += sentences(draw_day(closed, from_plan(closed), DAY, NOON).as_data())
    assert len({s["code"] for s in said}) >= 6
    for lang in ("zh", "en"):
        texts = tomllib.loads((TEXTS / f"{lang}.toml").read_text("utf-8"))["outlook"]
        for sentence in said:
            words = texts[sentence["code"].removeprefix("outlook.")]
            assert set(re.findall(r"\{(\w+)\}", words)) <= sentence["facts"].keys(), sentence


def test_another_day_is_foreseen_without_waits():
    data = draw_day(PLAN, from_plan(PLAN), DAY, NOON).as_data()
    assert data["ranges"] == {"next": {}, "tickets": {}}
    assert {q["open"] for q in data["quarters"]} == {None}
    assert data["recommendations"][0]["kind"] == "hold"


def test_a_closed_day_has_nothing_to_say_but_that():
    closed = a_plan(hours=type(PLAN.hours)(PLAN.hours.zone, {}))
    data = draw_day(closed, from_plan(closed), DAY, NOON).as_data()
    assert data["quarters"] == data["recommendations"] == []
    assert data["level"] == {"code": "outlook.level_closed", "facts": {}}
