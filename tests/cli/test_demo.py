"""The demo: some minutes of a day, played over HTTP against a real server; its report agrees with the log."""

import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import requests

from hallflow.app import create_app
from hallflow.cli.demo import _ending_well
from hallflow.clock import PacedClock
from hallflow.domain.prefill import missing, sort_answers
from hallflow.domain.roster.seats import monday_of
from hallflow.house import House
from hallflow.operations.checks import CHECKS
from hallflow.player.answers import answers, half
from hallflow.player.audit import audit
from hallflow.player.hall_day import CannotPlay
from hallflow.player.play import DayPlay, DayProgress
from hallflow.player.roster import Roster
from hallflow.storage.records import rosters
from tests.cli.offices import run
from tests.makers import SAMPLES, WEDNESDAY, a_house
from tests.served import served
from tests.servers import free_port

SPEED = 240


@pytest.fixture
def paced_house(tmp_path: Path) -> House:
    """The sample halls on a clock that plays four minutes a second from ten in the morning."""
    return a_house(tmp_path, PacedClock(WEDNESDAY, SPEED, time.time()))  # type: ignore[arg-type]


@pytest.fixture
def paced_address(paced_house: House) -> Iterator[str]:
    app, _ = create_app(paced_house)
    with served(app) as url:
        yield url
    paced_house.engine.dispose()


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


def test_it_says_why_it_cannot_be_played(paced_address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(CannotPlay, match="moon"):
        DayPlay(paced_address, "moon", "normal", 1, 10)
    with pytest.raises(CannotPlay, match="no contact"):
        DayPlay(f"http://127.0.0.1:{free_port()}", "central", "normal", 1, 10)
    nobody = run("demo", "--url", f"http://127.0.0.1:{free_port()}")
    assert nobody.exit_code == 1
    assert "no contact" in nobody.output
    assert run("demo", "--from", "25:00").exit_code == 2
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    moon = run("demo", "--hall", "moon")
    assert (moon.exit_code, moon.output) == (1, "Error: there is no hall 'moon'; the plan has central, county\n")
    assert not list(tmp_path.glob("hallflow-demo-*"))


@pytest.mark.slow
def test_the_command_starts_its_own_halls_and_ends_what_it_started(tmp_path: Path) -> None:
    port = free_port()
    done = subprocess.run(
        [*COMMAND, "--speed", "600", "--minutes", "45", "--hall", "county", "--port", str(port), "--json"],
        env=environment(tmp_path),
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    said = json.loads(done.stdout)
    assert said["clean"]
    assert said["issued"] > 0
    with pytest.raises(requests.ConnectionError):
        requests.get(f"http://127.0.0.1:{port}/healthz", timeout=2)
    assert not list(tmp_path.glob("hallflow-demo-*"))


def test_told_to_end_it_ends_as_on_ctrl_c() -> None:
    before = signal.getsignal(signal.SIGTERM)
    with pytest.raises(KeyboardInterrupt), _ending_well():
        signal.raise_signal(signal.SIGTERM)
    assert signal.getsignal(signal.SIGTERM) == before


@pytest.mark.slow
def test_stopped_in_the_middle_it_still_sums_up_and_ends_its_server(tmp_path: Path) -> None:
    port = free_port()
    arguments = [*COMMAND, "--speed", "120", "--hall", "county", "--port", str(port)]
    with subprocess.Popen(arguments, env=environment(tmp_path), stdout=subprocess.PIPE, text=True) as demo:
        assert demo.stdout is not None
        for line in demo.stdout:
            if "waiting" in line:
                break
        demo.send_signal(signal.SIGINT)
        rest = demo.stdout.read()
        assert demo.wait(120) == 0, rest
    assert "Stopped." in rest
    assert "0 numbers given twice" in rest
    with pytest.raises(requests.ConnectionError):
        requests.get(f"http://127.0.0.1:{port}/healthz", timeout=2)
    assert not list(tmp_path.glob("hallflow-demo-*"))


COMMAND = (sys.executable, "-m", "hallflow", "demo")


def environment(folder: Path) -> dict[str, str]:
    return os.environ | {"HALLFLOW_CONFIG": str(SAMPLES), "TMPDIR": str(folder), "PYTHONUNBUFFERED": "1"}


# ---- its parts ----


def test_forms_are_filled_in_rightly_or_by_half(paced_house: House) -> None:
    rng = random.Random(1)
    for form in paced_house.halls["central"].plan.forms.values():
        fields = [
            {"key": f.key, "kind": f.kind, "required": f.required, "max": f.max,
             "choices": [{"value": c.value} for c in f.choices]}
            for f in form.fields
        ]  # fmt: skip
        for _ in range(30):
            good, faults = sort_answers(form, answers(fields, rng, date(2026, 3, 4)), CHECKS)
            assert (faults, missing(form, good)) == ({}, [])
            _, slips = sort_answers(form, half(fields, rng, date(2026, 3, 4)), CHECKS)
            assert len(slips) == (
                1 if any(f["kind"] in CHECKS or f["kind"] in ("date", "amount") for f in fields) else 0
            )


def test_the_roster_opens_more_counters_at_the_peak_and_every_service_has_one(paced_address: str) -> None:
    play = DayPlay(paced_address, "central", "normal", 1, 60)
    plan = {key: list(counter.services) for key, counter in house_plan().counters.items()}
    roster = Roster(play.stage, plan)
    peak, noon = (datetime(2026, 3, 4, hour, 10, tzinfo=UTC) for hour in (2, 5))
    assert roster.needed(noon) < roster.needed(peak) <= 12
    lunches = {roster.breaks(counter, peak)[1].at for counter in plan}
    assert len(lunches) == 12


def test_clerks_go_by_the_roster_that_the_hall_keeps(paced_address: str) -> None:
    play = DayPlay(paced_address, "central", "normal", 1, 300)
    roster = Roster(play.stage, {key: list(counter.services) for key, counter in house_plan().counters.items()})
    at = play.begins
    coffee, lunch = at + timedelta(minutes=60), at + timedelta(minutes=120)
    back = [coffee + timedelta(minutes=15), lunch + timedelta(minutes=45)]
    roster.follow({"5": [(at, coffee), (back[0], lunch), (back[1], at + timedelta(minutes=200))]})
    assert [(b.at, b.minutes, b.reason) for b in roster.breaks("5", at)] == [
        (coffee, 15, "break"),
        (lunch, 45, "lunch"),
    ]
    assert roster.works("5", at)
    assert roster.works("5", coffee), "whoever rests pauses, and does not go home"
    assert not roster.works("5", at + timedelta(minutes=200))
    assert not roster.works("1", at)
    assert roster.breaks("1", at) == []
    roster.follow({})
    assert roster.works(roster.order[0], at)


def house_plan():
    from hallflow.config import load

    return load(SAMPLES).plans["central"]


def log(*events: tuple[str, str | None, str | None]) -> list[dict[str, Any]]:
    data = {"tier": "gold", "promise": [1, 2, 5]}
    start = datetime(2026, 3, 4, 2, tzinfo=UTC)
    return [
        {"seq": i + 1, "at": (start + timedelta(minutes=i)).isoformat(), "kind": kind, "ticket": ticket,
         "counter": counter, "data": data}
        for i, (kind, ticket, counter) in enumerate(events)
    ]  # fmt: skip


def test_the_audit_finds_what_may_never_happen() -> None:
    good = [("issued", "A001", None), ("called", "A001", "1"), ("arrived", "A001", "1"), ("finished", "A001", "1")]
    report = audit(log(*good))
    assert report.clean
    assert (report.issued, report.served, report.still_here) == (1, 1, 0)
    assert report.waits["gold"] == {"called": 1, "mean": 1.0, "nine_in_ten_under": 1.0, "longest": 1.0}
    assert (report.promises, report.promises_kept, report.promises_in_range) == (1, 1, 1)
    twice = audit(log(("issued", "A001", None), ("issued", "A001", None)))
    assert twice.duplicate_numbers == ["A001"]
    called = audit(log(("issued", "A001", None), ("called", "A001", "1"), ("called", "A001", "2")))
    assert called.double_calls == ["A001 at 2 (seq 3)"]
    busy = audit(log(*good[:2], ("issued", "A002", None), ("called", "A002", "1")))
    assert busy.double_calls == ["A002 at 1 (seq 4)"]
    served = audit(log(*good, ("finished", "A001", "1")))
    assert served.served_twice == ["A001"]
    gap = log(*good)
    gap[2]["seq"] = 9
    assert not audit(gap).clean
