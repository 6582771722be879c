"""The replay of a past day: slider, speeds, and the dashboard and wall embedded in it."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import FrameLocator, Locator, Page, expect

from hallflow.config import load
from hallflow.domain.roster.seats import monday_of
from hallflow.storage.records import rosters
from tests.browser.by_hand import by_hand
from tests.browser.conftest import CONSOLE, TABLET, Visitors, VisitorsOf
from tests.browser.house import NOON, Desk
from tests.browser.looking import complaints, keep
from tests.makers import SAMPLES, ZONE, FakeClock, a_hall, an_engine, sqlite_url
from tests.played import next_day, play


def screen(page: Page, name: str) -> FrameLocator:
    return page.frame_locator(f"iframe[data-screen={name}]")


def test_the_day_is_watched_to_and_fro_and_the_hall_does_not_notice(visitors: Visitors, desk: Desk) -> None:
    desk.open("2")
    number = desk.take("bills")["number"]
    desk.does("2", "call-next")
    seq = desk.floor()["seq"]
    page = visitors.sign_in("/replay/central?lang=en", CONSOLE, "manager", "en")
    slider, tile = page.locator("[data-at=slider]"), screen(page, "dashboard").locator("#counter-2")
    expect(tile).to_be_visible()
    slider.press("End")
    expect(tile).to_have_attribute("data-state", "called")
    expect(tile).to_contain_text(number)
    slider.press("Home")
    expect(tile).not_to_have_attribute("data-state", "called")
    slider.press("End")
    expect(tile).to_contain_text(number)
    page.get_by_text("Wall", exact=True).click()
    expect(screen(page, "wall").locator(".call").first).to_contain_text(number)
    slider.press("Home")
    expect(screen(page, "wall").locator(".call", has_text=number)).to_have_count(0)
    assert desk.floor()["seq"] == seq, "nothing in the hall has changed"


def test_it_plays_at_the_speed_that_is_chosen_and_stops_at_the_end(visitors: Visitors, desk: Desk) -> None:
    desk.open("3")
    page = visitors.sign_in("/replay/central?lang=en", TABLET, "manager", "en")
    expect(screen(page, "dashboard").locator("#counter-3")).to_be_visible()
    page.locator("[data-at=speed]").select_option("1")
    began = page.locator("[data-at=clock]").inner_text()
    page.get_by_role("button", name="Play").click()
    expect(page.locator("[data-at=clock]")).not_to_have_text(began)
    page.get_by_role("button", name="Pause").click()
    expect(page.get_by_role("button", name="Play")).to_be_visible()
    desk.does("3", "pause", reason="break")
    page.locator("[data-at=speed]").select_option("120")
    page.get_by_role("button", name="Play").click()
    # the last picture of the day: as the hall stands
    expect(screen(page, "dashboard").locator("#counter-3")).to_have_attribute("data-state", "paused")
    expect(page.locator("[data-at=clock]")).to_have_text(re.compile(r"^\d\d:\d\d:\d\d$"))


def test_whoever_has_not_signed_in_is_led_to_the_sign_in(visitors: Visitors, desk: Desk) -> None:
    visitors.expect("401|403")
    page = visitors("/replay/central?lang=en", CONSOLE, "en")
    page.wait_for_url("**/sign-in/central?next=*")


@pytest.fixture
def yesterday(tmp_path: Path, visitors_of: VisitorsOf) -> Iterator[Visitors]:
    """A house of its own, with a lively day behind it."""
    engine, clock = an_engine(sqlite_url(tmp_path)), FakeClock(NOON - timedelta(days=1))
    hall = a_hall(engine, load(SAMPLES, demo=True).plans["central"], clock)
    play(hall, clock, steps=150, seed=3)
    clock.at = NOON - timedelta(days=1)
    next_day(hall, clock)
    engine.dispose()
    with by_hand(tmp_path) as house:
        yield visitors_of(house.url)


def keep_roster(tmp_path: Path, day: str) -> None:
    """A roster of yesterday: one counter all day long, another until noon."""
    shifts = [{"day": day, "person": "li", "counters": [["1", "00:00", "24:00"], ["2", "00:00", "12:00"]]}]
    engine = an_engine(sqlite_url(tmp_path))
    with engine.begin() as connection:
        data = {"zone": str(ZONE), "shifts": shifts}
        rosters.keep(connection, "central", monday_of(date.fromisoformat(day)), NOON, data)
    engine.dispose()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_day_is_run_again_with_other_counters_and_under_its_roster(
    yesterday: Visitors, tmp_path: Path, album: Path, language: str
) -> None:
    page = yesterday.sign_in(f"/replay/central?lang={language}", CONSOLE, "manager", language)
    grid, again = page.locator("[data-at=whatif-rows]"), page.locator("[data-does=again]")
    expect(grid.locator("td[data-open=true]").first).to_be_visible()
    expect(page.locator("[name=base][value=roster]")).to_be_disabled()
    expect(page.locator("[data-at=no-roster]")).to_be_visible()
    staff = page.locator("[data-at=again-staff]")
    again.click()
    was, same = hours(staff)
    assert was == same, "nothing is otherwise"
    closing = grid.locator("td[data-open=true]").first
    closing.focus()
    closing.press(" ")
    expect(page.locator("[data-does=as-base]")).to_be_visible()
    expect(grid.locator("td.differs")).to_have_count(1)
    again.click()
    expect(page.locator("[data-at=again-exact]")).to_contain_text("窗口按拖动" if language == "zh" else "as dragged")
    page.locator("[data-does=as-base]").click()
    expect(grid.locator("td.differs")).to_have_count(0)

    keep_roster(tmp_path, page.locator("[data-at=day]").input_value())
    page.reload()
    expect(page.locator("[data-at=bases]")).to_be_visible()
    expect(page.locator("[name=base][value=roster]")).to_be_enabled()
    # by its label: the page still settles as its charts are drawn, and this waits for that
    page.locator("label:has([name=base][value=roster])").click()
    expect(grid.locator('td[data-counter="3"][data-open=true]')).to_have_count(0)
    expect(grid.locator('td[data-counter="1"][data-open=false]')).to_have_count(0)
    again.click()
    expect(page.locator("[data-at=again-exact]")).to_contain_text("窗口按排班" if language == "zh" else "by the roster")
    was, under = hours(staff)
    assert 0 < float(under) < float(was), "one counter or two in place of twelve"
    for size in (CONSOLE, TABLET):
        page.set_viewport_size({"width": size[0], "height": size[1]})
        assert not complaints(page)
        keep(page, album, f"replay-roster-{language}-{size[0]}", whole=True)


def hours(staff: Locator) -> list[str]:
    """Counter-hours, of the day and of the day run again."""
    expect(staff).to_be_visible()
    return re.findall(r"[\d.]+", staff.inner_text())


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_day_that_is_over_is_run_again_under_another_policy(yesterday: Visitors, album: Path, language: str) -> None:
    page = yesterday.sign_in(f"/replay/central?lang={language}", CONSOLE, "manager", language)
    expect(screen(page, "dashboard").locator("#counter-3")).to_be_visible()
    page.locator("[data-at=slider]").press("End")
    expect(screen(page, "dashboard").locator(".figure-card").first).not_to_contain_text("–")
    page.locator("[data-at=policy]").select_option("strict")
    page.locator("[data-does=again]").click()
    expect(page.locator("[data-at=again-rows] tr")).to_have_count(4)
    said = "重算全部一致" if language == "zh" else "each comes out as it was made"
    expect(page.locator("[data-at=again-exact]")).to_contain_text(said)
    for size in (CONSOLE, TABLET):
        page.set_viewport_size({"width": size[0], "height": size[1]})
        assert not complaints(page)
        keep(page, album, f"replay-again-{language}-{size[0]}", whole=True)
