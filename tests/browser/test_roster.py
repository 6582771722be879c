"""The manager's roster: request a week, see shifts, coverage and gaps, and delete it."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import CONSOLE, TABLET, Visitors
from tests.browser.house import Desk
from tests.browser.looking import complaints, keep

MADE_MS = 240_000
"""Without the compiled kernel a week is half a minute a day."""


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("place", ["county", "central"])
def test_a_week_is_planned_and_looked_at(
    visitors: Visitors, desk: Desk, album: Path, language: str, place: str
) -> None:
    page = visitors.sign_in(f"/roster/{place}?lang={language}", CONSOLE, "manager", language, place)
    if place == "central":
        # the week to come: the other tests live in this hall today, and by no roster
        expect(page.locator('[data-at="body"]')).to_be_visible()
        page.locator('[data-at="after"]').click()
        page.wait_for_url("**week=*")
    expect(page.locator('[data-at="body"]')).to_be_visible()
    if page.locator('[data-at="empty"]').is_visible():
        keep(page, album, f"roster-empty-{place}-{language}", whole=True)
        assert complaints(page) == []
        page.locator("[data-does=make]").click()
        expect(page.locator('[data-at="making"]')).to_be_visible()
        keep(page, album, f"roster-making-{place}-{language}", whole=True)
    expect(page.locator('[data-at="table-card"]')).to_be_visible(timeout=MADE_MS)
    expect(page.locator('[data-at="making"]')).to_be_hidden()
    expect(page.locator('.chart[data-at="cover"] .barlayer .point').first).to_be_attached()
    rows = page.locator('[data-at="people"] tr')
    expect(rows.first).to_contain_text("李梅" if place == "county" else "何静")
    expect(page.locator(".roster-shift .number").first).to_have_text(re.compile(r"^\d\d:\d\d–\d\d:\d\d( ×\d+)?$"))
    expect(page.locator('[data-at="how"]')).not_to_be_empty()
    wrong = []
    for width, height in (CONSOLE, TABLET):
        page.set_viewport_size({"width": width, "height": height})
        wrong += complaints(page)
        keep(page, album, f"roster-{place}-{language}-{width}", whole=True)
    assert wrong == []
    page.emulate_media(media="print")
    keep(page, album, f"roster-print-{place}-{language}", whole=True)


def test_it_is_taken_away_as_a_table_and_as_calendars(visitors: Visitors, desk: Desk) -> None:
    page = visitors.sign_in("/roster/county?lang=en", CONSOLE, "manager", "en", "county")
    expect(page.locator('[data-at="body"]')).to_be_visible()
    if page.locator('[data-at="empty"]').is_visible():
        page.locator("[data-does=make]").click()
    expect(page.locator('[data-at="table-card"]')).to_be_visible(timeout=MADE_MS)
    with page.expect_download() as table:
        page.locator('[data-at="csv"]').click()
    assert table.value.suggested_filename.startswith("roster-county-")
    assert Path(table.value.path()).read_text(encoding="utf-8-sig").startswith("day,person,name")
    with page.expect_download() as calendar:
        page.locator('[data-at="ics"]:visible').first.click()
    assert Path(calendar.value.path()).read_text(encoding="utf-8").startswith("BEGIN:VCALENDAR")


def test_the_dashboard_leads_to_it_and_what_cannot_be_is_said(visitors: Visitors, desk: Desk) -> None:
    page = visitors.sign_in("/dashboard/central?lang=en", CONSOLE, "manager", "en")
    page.locator('a[href^="/roster/"]').click()
    expect(page.locator('[data-at="body"]')).to_be_visible()
    page.goto(f"{desk.url}/roster/central?lang=en&week=2020-01-01")
    expect(page.locator('[data-at="empty-help"]')).to_contain_text("The week is over")
    expect(page.locator("[data-does=make]")).to_be_hidden()
    visitors.expect("400")
    page.goto(f"{desk.url}/roster/central?lang=en&week=someday")
    expect(page.locator('[data-at="refused"]')).to_be_visible()
    visitors.expect("404")
    page.goto(f"{desk.url}/roster/nowhere?lang=en")
    expect(page.locator('[data-at="refused"]')).to_contain_text("nowhere")
