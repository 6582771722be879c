"""A played day: some minutes of it over HTTP against a real server; its report agrees with the log."""

from typing import Any

import pytest
import requests

from hallflow.domain.roster.seats import monday_of
from hallflow.house import House
from hallflow.player.hall_day import CannotPlay
from hallflow.player.play import DayPlay, DayProgress
from hallflow.storage.records import rosters
from tests.makers import WEDNESDAY
from tests.servers import free_port


@pytest.mark.parametrize(("hall", "day"), [("county", "busy"), ("central", "normal")])
def test_half_an_hour_is_played_and_nothing_happens_twice(
    paced_house: House, paced_address: str, hall: str, day: str
) -> None:
    play, moments = DayPlay(paced_address, hall, day, 3, 40), []
    play.run(moments.append)
    report = play.report()
    assert report.clean, report
    # how many come within half an hour at this pace depends on the machine; that they are told of truly does not
    assert report.issued > 0
    assert report.served > 0
    assert report.issued == report.served + report.left + report.still_here
    assert report.waits["all"]["called"] > 0
    assert play.stage.issued + report.walked_in == report.issued
    shares = [moment.share for moment in moments]
    assert shares == sorted(shares)
    assert 0 < shares[-1] <= 1
    assert all(isinstance(moment, DayProgress) for moment in moments)
    assert set(play.line.refused) <= {
        "nobody_waiting",
        "not_now",
        "visit_over",
        "too_late",
        "nobody_here",
        "no_contact",
    }
    counters = requests.get(f"{paced_address}/api/v1/halls/{hall}/counters", timeout=60).json()["counters"]
    assert {counter["state"] for counter in counters} == {"closed"}
    with paced_house.engine.connect() as connection:
        asked = rosters.asked(connection, hall, monday_of(WEDNESDAY.date()))
    assert asked is not None, "the worker is asked for the week's roster"


def test_a_counter_that_a_person_pauses_is_left_to_them(paced_address: str) -> None:
    play = DayPlay(paced_address, "county", "busy", 1, 30)
    url = f"{paced_address}/api/v1/halls/county/counters/2"
    paused: list[int] = []

    def tell(moment: DayProgress) -> None:
        if not paused and moment.share > 0.2:
            token = sign_in(paced_address, "county", "2")
            paused.append(verb(url, "pause", token, reason="lunch"))

    play.run(tell)
    assert paused == [200]
    counters = requests.get(f"{paced_address}/api/v1/halls/county/counters", timeout=60).json()["counters"]
    assert {counter["key"]: counter["state"] for counter in counters} == {
        "1": "closed", "2": "paused", "3": "closed", "4": "closed",
    }  # fmt: skip
    assert play.report().clean


def sign_in(server: str, hall: str, counter: str) -> str:
    body = {"hall": hall, "pin": "1111", "counter": counter}
    return str(requests.post(f"{server}/api/v1/session", json=body, timeout=60).json()["token"])


def verb(url: str, name: str, token: str, **body: Any) -> int:
    headers = {"Authorization": f"Bearer {token}"}
    return requests.post(f"{url}/{name}", json=body, headers=headers, timeout=60).status_code


def test_it_says_why_it_cannot_be_played(paced_address: str) -> None:
    with pytest.raises(CannotPlay, match="moon"):
        DayPlay(paced_address, "moon", "normal", 1, 10)
    with pytest.raises(CannotPlay, match="no contact"):
        DayPlay(f"http://127.0.0.1:{free_port()}", "central", "normal", 1, 10)
