"""An outage of PostgreSQL: users are informed, nothing is done twice, and no restart is needed."""

import time
import uuid
from pathlib import Path

from playwright.sync_api import expect

from tests.browser.conftest import KIOSK, WALL
from tests.chromium import PageAt
from tests.faults.crowd import busy
from tests.faults.house import PATIENCE_SECONDS, Caller, log_of, running
from tests.faults.postgres import Postgres, a_postgres
from tests.faults.screens import Faithful, check_all_the_same, watching
from tests.servers import session_folder


def test_when_postgresql_goes_everybody_is_told_and_when_it_is_back_everything_goes_on(
    tmp_path: Path, page_at: PageAt
) -> None:
    folder = session_folder() / f"gone-{uuid.uuid4().hex[:8]}"
    with (
        a_postgres(folder) as postgres,
        running(tmp_path / "house", postgres.url) as house,
        watching(house.addresses * 2) as screens,
    ):
        with busy(house.addresses) as crowd:
            crowd.goes_on()
            away(postgres, house.addresses, screens)
            crowd.goes_on()
        assert crowd.lost, "nobody noticed that the database was gone"
        crowd.check(log_of(postgres.url))
        crowd.ask_again(10)
        crowd.check(log_of(postgres.url))
        assert all(screen.adrift for screen in screens)
        check_all_the_same(screens, house.addresses[0])
        assert house.said("process_ended") == 0, "nobody had to be restarted"
        assert house.said("drawing_failed") == 0
        the_pages_say_so(house.addresses[0], postgres, page_at)


def away(postgres: Postgres, addresses: list[str], screens: list[Faithful]) -> None:
    """Gone until every screen has noticed, in which everything that needs it is answered with why it cannot be."""
    postgres.stop()
    caller = Caller(addresses)
    for method, path, body in (
        ("POST", "/halls/central/tickets", {"service": "bills"}),
        ("GET", "/halls/central", None),
        ("POST", "/session", {"hall": "central", "pin": "9999"}),
    ):
        answer = caller.once(method, path, json=body, headers={"Accept-Language": "en"})
        # signing in by a demo PIN needs no records
        if path != "/session":
            assert (answer.status_code, answer.headers["Retry-After"]) == (503, "2")
            error = answer.json()["error"]
            assert error["code"] == "records_unreachable"
            assert "nothing is done twice" in error["message"]
    caller.close()
    until = time.monotonic() + PATIENCE_SECONDS
    while not all(screen.adrift for screen in screens) and time.monotonic() < until:
        time.sleep(0.05)
    postgres.start()


def the_pages_say_so(address: str, postgres: Postgres, page_at: PageAt) -> None:
    """The wall keeps its picture with its time; the kiosk sends people to the desk, and gives one number afterwards."""
    before = len([event for event in log_of(postgres.url) if event.kind == "issued"])
    wall, kiosk = page_at(*WALL, "zh-CN"), page_at(*KIOSK, "zh-CN")
    for page, path in ((wall, "wall"), (kiosk, "kiosk")):
        page.goto(f"{address}/{path}/central")
    calls = wall.locator(".call-number")
    expect(calls.first).to_be_visible()
    shown = calls.all_inner_texts()
    kiosk.locator("[data-screen=welcome] .service", has_text="话费与套餐").click()
    kiosk.locator("[data-screen=group] .service", has_text="套餐变更").click()
    postgres.stop()
    expect(wall.locator('[data-at="as-of"]')).to_contain_text("截至")
    assert calls.all_inner_texts() == shown
    kiosk.locator("[data-does=take]").click()
    expect(kiosk.locator("[data-screen=out]")).to_contain_text("咨询台")
    postgres.start()
    expect(kiosk.locator('[data-screen=need] [data-at="title"]')).to_have_text("套餐变更")
    expect(wall.locator('[data-at="as-of"]')).to_be_hidden()
    kiosk.locator("[data-does=take]").click()
    expect(kiosk.locator('[data-screen=ticket] [data-at="number"]')).to_be_visible()
    assert len([event for event in log_of(postgres.url) if event.kind == "issued"]) == before + 1
