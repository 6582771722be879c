"""The manager's week ahead: busy and quiet periods, and the measures for them."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import CONSOLE, TABLET, Visitors
from tests.browser.house import Desk
from tests.browser.looking import complaints, keep


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_week_shows_its_map_and_what_to_do(visitors: Visitors, desk: Desk, album: Path, language: str) -> None:
    page = visitors.sign_in(f"/week/central?lang={language}", CONSOLE, "manager", language)
    cells = page.locator('.chart[data-at="map"] .heatmaplayer image')
    expect(cells.first).to_be_attached()
    expect(page.locator(".modebar")).to_have_count(0)
    expect(page.locator(".week-day")).to_have_count(7)
    first = page.locator(".week-stretch").first
    expect(first.locator('[data-at="time"]')).to_have_text(re.compile(r"^\d\d:\d\d–\d\d:\d\d$"))
    expect(first.locator("li").first).not_to_be_empty()
    expect(page.locator('[data-at="no-accuracy"], [data-at="accuracy-table"]').locator("visible=true")).to_have_count(1)
    wrong = []
    for width, height in (CONSOLE, TABLET):
        page.set_viewport_size({"width": width, "height": height})
        wrong += complaints(page)
        keep(page, album, f"week-{language}-{width}", whole=True)
    assert wrong == []
    page.set_viewport_size({"width": CONSOLE[0], "height": CONSOLE[1]})
    day = page.locator('.week-day [data-at="name"]').first.text_content()
    page.locator('[data-at="after"]').click()
    page.wait_for_url("**date=*")
    expect(page.locator('.week-day [data-at="name"]').first).not_to_have_text(day or "")


def test_the_dashboard_leads_to_the_week_and_a_bad_day_is_named(visitors: Visitors, desk: Desk) -> None:
    page = visitors.sign_in("/dashboard/central?lang=en", CONSOLE, "manager", "en")
    page.locator('a[href^="/week/"]').click()
    expect(page.locator(".week-day")).to_have_count(7)
    visitors.expect("400")
    page.goto(f"{desk.url}/week/central?lang=en&date=someday")
    expect(page.locator('[data-at="refused"]')).to_be_visible()
