"""Subscriptions over a real socket: the current snapshot at once, changes promptly, nothing without permission."""

import json
import time

import pytest

from hallflow.hall import Hall
from hallflow.house import House
from hallflow.operations.floor import calling, counters, prefilling
from hallflow.storage.database.engine import open_engine
from hallflow.storage.turns import Turns
from tests.live.screen import PATIENCE_SECONDS
from tests.makers import take
from tests.web.client import Api


def test_watching_answers_with_the_present_picture(screens, demo_hall: Hall) -> None:
    take(demo_hall)
    calling.call_next(demo_hall, "1")
    wall = screens().watch("wall")
    assert (wall["screen"], wall["seq"]) == ("wall", demo_hall.floor.seq)
    assert [call["number"] for call in wall["calling"]] == ["A001"]


def test_a_call_reaches_every_screen_it_concerns(screens, demo_hall: Hall) -> None:
    held = take(demo_hall)
    watching = {name: screens() for name in ("wall", "window:1", "kiosk", f"ticket:{held.token}")}
    for name, screen in watching.items():
        assert screen.watch(name)["screen"] == name
    calling.call_next(demo_hall, "1")
    seen = {name: screen.see(demo_hall.floor.seq) for name, screen in watching.items()}
    assert seen["wall"]["calling"][0]["counter"] == "1"
    assert (seen["window:1"]["number"], seen["window:1"]["ticket_state"]) == ("A001", "called")
    assert seen[f"ticket:{held.token}"]["state"] == "called"
    assert all(picture["hall"] == "central" for picture in seen.values())
    key = seen["wall"]["calling"][0]["key"]
    calling.recall(demo_hall, "1")
    again = watching["wall"].see(demo_hall.floor.seq)
    assert again["calling"][0]["key"] != key


def test_a_burst_is_merged_into_few_pictures(screens, demo_hall: Hall) -> None:
    screen = screens()
    screen.watch("wall")
    began = time.monotonic()
    for _ in range(150):
        take(demo_hall)
    screen.see(demo_hall.floor.seq)
    seconds = time.monotonic() - began
    assert len(screen.pictures) <= 10 * seconds + 3
    assert screen.pictures[-1]["waiting"] == 150
    assert [p["seq"] for p in screen.pictures] == sorted(p["seq"] for p in screen.pictures)


def test_a_reconnect_has_no_gap(screens, demo_hall: Hall) -> None:
    first = screens()
    seq = first.watch("wall")["seq"]
    first.close()
    take(demo_hall)
    calling.call_next(demo_hall, "1")
    again = screens()
    picture = again.watch("wall")
    assert picture["seq"] == demo_hall.floor.seq > seq
    assert picture["calling"][0]["number"] == "A001"
    calling.recall(demo_hall, "1")
    assert again.see(demo_hall.floor.seq)["calling"][0]["recalls"] == 1


def test_another_process_is_seen_too(screens, demo_hall: Hall, demo_house: House) -> None:
    screen = screens()
    screen.watch("wall")
    engine = open_engine(demo_house.engine.url.render_as_string(hide_password=False))
    other = Hall(demo_hall.plan, Turns(engine), demo_hall.clock)
    take(other)
    assert screen.see(other.floor.seq)["waiting"] == 1
    engine.dispose()


def test_a_hall_is_not_told_of_another(screens, demo_hall: Hall) -> None:
    county = screens()
    county.watch("wall", hall="county")
    central = screens()
    central.watch("wall")
    take(demo_hall)
    central.see(demo_hall.floor.seq)
    assert {(picture["hall"], picture["seq"]) for picture in county.pictures} <= {("county", 1)}


@pytest.mark.parametrize("screen", ["console:1", "dashboard"])
def test_staff_screens_need_rights(screens, app, demo_house: House, screen: str) -> None:
    api = Api(demo_house, app)
    tokens = {
        "nobody": None,
        "forged": "x.y.z",
        "other counter": _token(api, "2"),
        "other hall": _token(api, None, "county"),
        "clerk": _token(api, "1"),
        "manager": _token(api, None),
    }
    seen = {}
    for who, token in tokens.items():
        asked = {"hall": "central", "screen": screen} | ({"token": token} if token else {})
        seen[who] = "picture" in screens().ask(asked)
    assert seen == {
        "nobody": False,
        "forged": False,
        "other counter": False,
        "other hall": False,
        "clerk": screen == "console:1",
        "manager": True,
    }
    with_cookie = screens(Cookie=f"hallflow_session={tokens['manager']}")
    assert with_cookie.watch(screen)["screen"] == screen


def _token(api: Api, counter: str | None, hall: str = "central") -> str:
    body = {"hall": hall, "pin": "1111" if counter else "9999"} | ({"counter": counter} if counter else {})
    return api.post("/session", body).json["token"]


def test_an_answer_never_travels_over_the_socket(screens, app, demo_house: House, demo_hall: Hall) -> None:
    held = take(demo_hall)
    screen = screens()
    manager = _token(Api(demo_house, app), None)
    for name in ("console:1", "dashboard", "wall", "kiosk", "window:1", f"ticket:{held.token}"):
        screen.watch(name, token=manager)
    question = next(f for f in prefilling.form_of(demo_hall, held.ticket).fields if f.kind in ("phone", "text"))
    value = "13800138000" if question.kind == "phone" else "Quetzalcoatl"
    prefilling.save_answers(demo_hall, demo_house.vault, held, {question.key: value})
    calling.call_next(demo_hall, "1")
    screen.see(demo_hall.floor.seq, screens=4)
    assert value not in json.dumps(screen.pictures)


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        (None, "malformed"),
        ("wall", "malformed"),
        ({}, "missing_field"),
        ({"hall": "central"}, "missing_field"),
        ({"hall": 5, "screen": "wall"}, "missing_field"),
        ({"hall": "central", "screen": "x" * 200}, "missing_field"),
        ({"hall": "nowhere", "screen": "wall"}, "no_hall"),
        ({"hall": "central", "screen": "secret"}, "unknown_screen"),
        ({"hall": "central", "screen": "wall:1"}, "unknown_screen"),
        ({"hall": "central", "screen": "window"}, "unknown_screen"),
        ({"hall": "central", "screen": "window:99"}, "no_counter"),
        ({"hall": "central", "screen": "ticket:nobodys-token"}, "no_such_token"),
        ({"hall": "central", "screen": "dashboard", "token": 5}, "not_signed_in"),
        ({"hall": "central", "screen": "dashboard", "token": {"a": 1}}, "not_signed_in"),
        ({"hall": "central", "screen": "console:99", "token": "x"}, "not_signed_in"),
    ],
)
def test_a_watch_that_cannot_be_is_answered_with_why(screens, demo_hall: Hall, asked, code: str) -> None:
    answer = screens().ask(asked)
    assert answer["error"]["code"] == code
    assert set(answer["error"]["message"]) == {"zh", "en"}


def test_a_ticket_is_watched_in_its_own_hall_only(screens, demo_hall: Hall) -> None:
    held = take(demo_hall)
    answer = screens().ask({"hall": "county", "screen": f"ticket:{held.token}"})
    assert answer["error"]["code"] == "no_such_token"


def test_a_connection_watches_only_so_many_screens(screens, demo_hall: Hall) -> None:
    screen = screens()
    for n in range(1, 9):
        screen.watch(f"window:{n}")
    assert screen.ask({"hall": "central", "screen": "window:9"})["error"]["code"] == "too_many_screens"
    screen.watch("window:8")


def test_who_has_gone_is_watched_for_no_more(screens, app, demo_hall: Hall) -> None:
    drawer = app.extensions["hallflow.drawer"]
    screen = screens()
    screen.watch("wall")
    screen.watch("kiosk")
    assert drawer.watching() == 2
    screen.close()
    until = time.monotonic() + PATIENCE_SECONDS
    while drawer.watching() and time.monotonic() < until:
        time.sleep(0.02)
    assert drawer.watching() == 0


def test_a_picture_that_only_says_the_same_is_not_sent(screens, demo_hall: Hall) -> None:
    screen = screens()
    screen.watch("window:1")
    counters.pause_counter(demo_hall, "1", "lunch")
    screen.see(demo_hall.floor.seq)
    known = len(screen.pictures)
    wall = screens()
    wall.watch("wall")
    take(demo_hall)
    wall.see(demo_hall.floor.seq)
    assert len(screen.pictures) == known
