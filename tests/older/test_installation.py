"""A folder written by commit 6d82654 opens under this version without loss."""

import json
import shutil
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import requests
import segno
from itsdangerous import TimestampSigner

from tests.older.conftest import Left
from tests.older.installation import Halls

MOVING = frozenset({"at"})
"""What stands in an answer of the moment alone."""


# ---- before the halls open ----


def test_the_config_folder_as_it_was_is_in_order(left: Left) -> None:
    """A later version may remark on what is said otherwise now, but opens the halls."""
    told = json.loads(left.house.command("check", "--json"))
    assert (told["ok"], told["faults"]) == (True, [])
    assert left.house.command("check").endswith(
        "The plan is in order: central (12 counters, 8 services), county (4 counters, 5 services).\n"
    )


def test_what_the_company_has_worded_itself_stands_on_its_pages(left: Left) -> None:
    with left.opened() as halls:
        page = requests.get(f"{halls.url}/wall/central?lang=en", timeout=30).text
    assert '"wait_none": "No wait worth the name"' in page
    assert '"wait_none": "Hardly any wait"' not in page


def test_the_database_is_brought_to_this_version_once(left: Left) -> None:
    before = left.house.command("upgrade")
    after = left.house.command("upgrade")
    assert after.startswith("The database is at version ")
    assert before == after or before.startswith("The database went from ")


def test_the_log_is_whole_to_its_last_hash_and_explains_each_ticket_as_before(left: Left) -> None:
    for asked in left.said["commands"]:
        found = json.loads(left.house.command(*asked["command"], "--json"))
        assert not lost(asked["said"], found), asked["command"]
    log = left.said["commands"][0]
    assert (log["command"], log["said"]["ok"], len(log["said"]["halls"])) == (["log", "verify"], True, 2)


# ---- what it says ----


@pytest.mark.parametrize("way", ["as it was", "restored on sqlite", "restored on postgresql"])
def test_everything_that_was_said_is_still_said(left: Left, way: str, request: pytest.FixtureRequest) -> None:
    if way != "as it was":
        url = request.getfixturevalue("postgres_url") if way.endswith("postgresql") else ""
        restore(left, url)
    with left.opened() as halls:
        left.sign_in(halls, *left.said["sessions"])
        differing = {
            asked["path"]: gone
            for asked in left.said["answers"]
            if (gone := lost(asked["said"], halls.ask("GET", asked["path"], who=asked["who"])))
        }
    assert not differing, json.dumps(differing, indent=1, ensure_ascii=False)
    assert len(left.said["answers"]) > 40


def restore(left: Left, url: str) -> None:
    """The backup into an empty place: its data and its secret are all there is."""
    shutil.rmtree(left.house.folder / "data")
    if url:
        left.house.more["HALLFLOW_DATABASE_URL"] = url
    told = json.loads(left.house.command("restore", left.house.folder / "backup.zip", "--json"))
    assert told["verified"]["ok"]
    assert told["secret"].startswith("Its secret is in ")


def lost(before: Any, now: Any, place: str = "") -> list[str]:
    """Each place at which the present version says something else than was said; what it says beyond that is its own."""
    if isinstance(before, dict) and isinstance(now, dict):
        kept = [key for key in before if key not in MOVING]
        return [fault for key in kept for fault in lost(before[key], now.get(key), f"{place}.{key}")]
    if isinstance(before, list) and isinstance(now, list) and len(before) == len(now):
        return [fault for n, pair in enumerate(zip(before, now, strict=True)) for fault in lost(*pair, f"{place}[{n}]")]
    return [] if same(before, now) else [f"{place}: {before!r} was said, {now!r} is"]


def same(before: Any, now: Any) -> bool:
    """Whether both say one thing: the clock, which stands nearly still, moves the moments of a wait by milliseconds."""
    if before == now or not (isinstance(before, str) and isinstance(now, str)):
        return bool(before == now)
    try:
        return abs(datetime.fromisoformat(before) - datetime.fromisoformat(now)) < timedelta(seconds=1)
    except (ValueError, TypeError):
        return False


# ---- what people hold in their hands ----


def test_every_token_still_opens_its_ticket_and_the_printed_code_leads_there(left: Left) -> None:
    with left.opened() as halls:
        for name, token in left.said["tickets"].items():
            page = requests.get(f"{halls.url}/t/{token}", timeout=30)
            assert (page.status_code, f'data-token="{token}"' in page.text) == (200, True), name
        token = left.said["tickets"]["waiting"]
        drawn = halls.talk.get(f"{halls.url}/api/v1/tickets/{token}/qr.svg").text
    assert drawn == left.said["qr"]
    # the company's own address stands in the code, as its config says
    code = segno.make(f"https://hall.example.com/t/{token}", error="m")
    assert code.svg_inline(scale=8, border=2, dark="#16202E").partition("<path")[2] in drawn


def test_a_lost_answer_is_asked_for_again_and_is_the_same_ticket(left: Left) -> None:
    retried = left.said["retried"]
    with left.opened() as halls:
        for key in (retried["key"], None):
            again = halls.ask("POST", "/halls/central/tickets", retried["body"], key=key)
            assert again["token"] == left.said["tickets"]["waiting"]
            assert again["number"] == left.answer(f"/tickets/{again['token']}")["number"]


def test_whoever_was_signed_in_still_is_and_a_session_still_ends(left: Left) -> None:
    with left.opened() as halls:
        halls.sessions = dict(left.said["sessions"])
        secret = (left.house.folder / "data/secret").read_text().strip()
        for who, token in left.said["sessions"].items():
            halls.sessions[who] = given(token, secret, hours_ago=15)
            assert halls.tried("GET", "/session", who=who).status_code == 401
            halls.sessions[who] = given(token, secret, hours_ago=13)
            hall, _, counter = who.partition("/")
            signed_in = halls.ask("GET", "/session", who=who)
            assert (signed_in["hall"], signed_in["counter"]) == (hall, counter or None)
        seen = halls.ask("GET", "/halls/central/counters/1", who="central/1")
        assert seen["serving"]["number"] == "A006"
        cookie = {"hallflow_session": halls.sessions["central"]}
        assert requests.get(f"{halls.url}/api/v1/halls/central/floor", cookies=cookie, timeout=30).ok


def given(token: str, secret: str, hours_ago: int) -> str:
    """The very session that was signed then, as if it had been signed so long ago: the machine's own clock counts its hours."""

    class Then(TimestampSigner):
        def get_timestamp(self) -> int:
            return super().get_timestamp() - hours_ago * 3600

    signer = Then(secret, salt="session")
    return signer.sign(signer.unsign(token)).decode()


# ---- the day goes on ----


def test_numbers_go_on_and_everybody_who_was_here_is_served(left: Left) -> None:
    with left.opened() as halls:
        left.sign_in(halls, *left.said["sessions"])
        floor = left.answer("/halls/central/floor")
        taken = halls.take("central", "bills")
        assert taken["number"] == next_number(left)
        assert taken["seq"] == floor["seq"] + 1
        halls.take("central", "bills", phone="13800138001")
        last_tier = halls.ask("GET", "/halls/central/events?limit=1000", who="central")["events"][-1]["data"]["tier"]
        assert last_tier == "gold", "a known customer's phone is known"
        seen = halls.ask("GET", "/halls/central/counters/1", who="central/1")
        answers = {one["key"]: one["value"] for one in seen["serving"]["form"]["fields"]}
        assert answers["email"] == "somebody@example.com"
        halls.does("central/1", "finish", outcome="done")
        halls.does("central/1", "resume", ticket=number(halls, left, "parked"))
        assert halls.ticket(left.said["tickets"]["parked"])["state"] == "serving"
        halls.does("central/1", "finish", outcome="done")
        halls.does("central/2", "arrived")
        halls.does("central/2", "finish", outcome="done")
        halls.ask("POST", f"/tickets/{left.said['tickets']['missed']}/late", {})
        expected = halls.ask("GET", "/halls/central/counters/2", who="central/2")["next"][0]["number"]
        assert halls.does("central/2", "call-next")["serving"]["number"] == expected
        before = {one["id"]: one["state"] for one in left.answer("/halls/central/advice")["advice"]}
        now = {one["id"]: one["state"] for one in halls.ask("POST", "/halls/central/advice", {}, "central")["advice"]}
        assert before.keys() <= now.keys(), "a new look ahead counts on from the advice before the upgrade"
        assert before[2] == now[2] == "declined"
    verified = json.loads(left.house.command("log", "verify", "--json"))
    assert verified["ok"]


def number(halls: Halls, left: Left, name: str) -> str:
    return str(halls.ticket(left.said["tickets"][name])["number"])


def next_number(left: Left) -> str:
    """The number after the last of service A that was given out before the upgrade."""
    issued = [
        event["ticket"]
        for event in left.answer("/halls/central/events?limit=1000")["events"]
        if event["kind"] == "issued" and event["at"] >= left.said["at"][:10] and event["ticket"].startswith("A")
    ]
    return f"A{int(max(issued)[1:]) + 1:03}"


def test_the_next_day_begins_and_learns_from_the_days_before_the_upgrade(left: Left) -> None:
    thursday = datetime.fromisoformat(left.said["at"]) + timedelta(days=1)
    left.house.set_clock(thursday.isoformat())
    for job in ("day", "history", "learn", "outlook"):
        left.house.command("work", "--once", job)
    learned = json.loads(left.house.command("history", "learned", "--json"))
    before = next(one["said"] for one in left.said["commands"] if one["command"] == ["history", "learned"])
    for now, then in zip(learned, before, strict=True):
        assert now["history_days"] == then["history_days"] + 1, now["hall"]
    with left.opened() as halls:
        left.sign_in(halls, "central", "county")
        assert halls.take("central", "bills")["number"] == "A001"
        days = halls.ask("GET", "/halls/central/replay/days", who="central")["days"]
        assert days == ["2026-03-05", "2026-03-04", "2026-03-03"]
        yesterdays = halls.tried("GET", f"/tickets/{left.said['tickets']['waiting']}")
        assert (yesterdays.status_code, yesterdays.json()["error"]["code"]) == (410, "token_expired")
        roster = halls.ask("GET", "/halls/county/roster?week=2026-03-04", who="county")
        assert roster["shifts"] == left.answer("/halls/county/roster?week=2026-03-04")["shifts"]
    assert json.loads(left.house.command("log", "verify", "--json"))["ok"]


def test_a_backup_of_the_upgraded_halls_comes_back_too(left: Left, tmp_path: Path) -> None:
    left.house.command("backup", tmp_path / "after.zip", "--with-secret")
    before = json.loads(left.house.command("log", "verify", "--json"))
    shutil.rmtree(left.house.folder / "data")
    told = json.loads(left.house.command("restore", tmp_path / "after.zip", "--json"))
    assert told["verified"]["halls"] == before["halls"]
