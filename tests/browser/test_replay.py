"""A manager watches a day again: to and fro with the slider, at any speed, on the dashboard and on the wall."""

import re

from playwright.sync_api import FrameLocator, Page, expect

from tests.browser.conftest import CONSOLE, TABLET, Visitors
from tests.browser.house import Desk


def screen(page: Page, name: str) -> FrameLocator:
    return page.frame_locator(f"iframe[data-screen={name}]")


def test_the_day_is_watched_to_and_fro_and_the_hall_does_not_notice(visitors: Visitors, hall: Desk) -> None:
    hall.open("2")
    number = hall.take("bills")["number"]
    hall.does("2", "call-next")
    seq = hall.floor()["seq"]
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
    assert hall.floor()["seq"] == seq, "nothing in the hall has changed"


def test_it_plays_at_the_speed_that_is_chosen_and_stops_at_the_end(visitors: Visitors, hall: Desk) -> None:
    hall.open("3")
    page = visitors.sign_in("/replay/central?lang=en", TABLET, "manager", "en")
    expect(screen(page, "dashboard").locator("#counter-3")).to_be_visible()
    page.locator("[data-at=speed]").select_option("1")
    began = page.locator("[data-at=clock]").inner_text()
    page.get_by_role("button", name="Play").click()
    expect(page.locator("[data-at=clock]")).not_to_have_text(began)
    page.get_by_role("button", name="Pause").click()
    expect(page.get_by_role("button", name="Play")).to_be_visible()
    hall.does("3", "pause", reason="break")
    page.locator("[data-at=speed]").select_option("120")
    page.get_by_role("button", name="Play").click()
    # the last picture of the day: as the hall stands
    expect(screen(page, "dashboard").locator("#counter-3")).to_have_attribute("data-state", "paused", timeout=60_000)
    expect(page.locator("[data-at=clock]")).to_have_text(re.compile(r"^\d\d:\d\d:\d\d$"))


def test_whoever_has_not_signed_in_is_led_to_the_sign_in(visitors: Visitors, hall: Desk) -> None:
    visitors.expect("401|403")
    page = visitors("/replay/central?lang=en", CONSOLE, "en")
    page.wait_for_url("**/sign-in/central?next=*")
