"""The benchmarks count correctly; no test asks how fast anything is."""

import json
from typing import Any

from bench.rig.wire import Answer
from bench.service.push import Seen, latencies
from bench.service.traffic import count_twice

# ---- what is counted ----


def test_a_number_given_out_twice_and_a_customer_called_twice_are_counted():
    log = [
        event(1, "issued", "A001"),
        event(2, "issued", "A002"),
        event(3, "called", "A001", "1"),
        event(5, "called", "A001", "2"),
    ]
    told = count_twice([ticket("A001"), ticket("A001"), ticket("A003")], [call("A001"), call("A001")], log)
    assert told == {
        "numbers told": 3,
        "told twice": 1,
        "in the log twice": 0,
        "told, but not in the log": 1,
        "calls told": 2,
        "customers called twice, as told": 1,
        "customers or counters called twice, in the log": 1,
        "gaps in the log": 1,
    }


def test_a_change_is_late_by_the_time_until_each_screen_shows_it():
    seen = Seen(
        [(1, "bench", "wall"), (1, "bench", "ticket:a"), (1, "bench", "ticket:b")],
        # the wall shows both changes at once; each phone only the one that is about it
        [[(9, 0.0), (11, 5.3), (12, 6.1)], [(9, 0.0), (10, 5.2)], [(9, 0.0), (11, 5.5)]],
    )
    late = [round(each, 3) for each in latencies(seen, [(10, 5.0), (11, 5.1), (12, 6.0)])]
    assert late == [0.3, 0.2, 0.1, 0.2, 0.4]


def test_a_change_that_a_screen_has_nothing_to_show_of_does_not_make_it_late():
    seen = Seen(
        [(1, "bench", "wall"), (1, "bench", "window:3")],
        # the window was drawn with the first change too, and looked as before
        [[(9, 0.0), (10, 5.05), (11, 5.2), (12, 6.1)], [(9, 0.0), (11, 5.3)]],
    )
    late = [round(each, 3) for each in latencies(seen, [(10, 5.0), (11, 5.1), (12, 6.0)])]
    assert late == [0.05, 0.1, 0.1, 0.2]


def test_a_picture_that_a_new_outlook_brings_does_not_make_the_change_before_it_late():
    seen = Seen(
        [(1, "bench", "wall"), (1, "bench", "kiosk"), (1, "bench", "ticket:a")],
        # the kiosk is drawn again by an outlook in the pause between two changes, and the phone in that after the last
        [[(9, 0.0), (10, 5.1), (11, 6.1)], [(9, 0.0), (10, 5.2), (10, 5.9), (11, 6.2)], [(9, 0.0), (11, 7.1)]],
    )
    late = [round(each, 3) for each in latencies(seen, [(10, 5.0), (11, 6.0)])]
    assert late == [0.1, 0.1, 0.2]


def test_a_change_that_never_reaches_a_wall_is_late_without_end():
    seen = Seen([(1, "bench", "wall")], [[(9, 0.0)]])
    assert list(latencies(seen, [(10, 5.0)])) == [float("inf")]


def event(seq: int, kind: str, number: str, counter: str | None = None) -> dict[str, Any]:
    return {"seq": seq, "kind": kind, "ticket": number, "counter": counter}


def ticket(number: str) -> Answer:
    return Answer(201, b"HTTP/1.1 201 CREATED\r\n\r\n" + json.dumps({"number": number}).encode(), 0.0)


def call(number: str) -> Answer:
    return Answer(200, b"HTTP/1.1 200 OK\r\n\r\n" + json.dumps({"serving": {"number": number}}).encode(), 0.0)
