"""Every page, in both languages and all its sizes: nothing is cut off, covered, too small or untranslated."""

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import CONSOLE, KIOSK, PHONE, TABLET, WALL, Visitors
from tests.browser.house import Desk
from tests.browser.looking import complaints, keep

LAPTOP, SMALL_PHONE, LANDSCAPE, PORTRAIT, BAR = (1280, 800), (360, 640), (1920, 1080), (1080, 1920), (1440, 96)
BOTH = pytest.mark.parametrize("language", ["zh", "en"])


@pytest.fixture
def busy(desk: Desk) -> Desk:
    """The hall at work: somebody called, served, set aside, missed; two counters free of work, one at lunch."""
    desk.open("1", "2", "4", "7", "9", "12")
    for card in (None, "880001", "660001", None, None, "660002"):
        desk.take("bills", card)
    for service in ("plan_change", "sim", "new_line", "broadband", "complaint", "business", "device"):
        desk.take(service)
    desk.does("1", "call-next")
    desk.does("1", "arrived")
    desk.does("2", "call-next")
    desk.does("2", "miss")
    desk.does("2", "call-next")
    desk.does("4", "call-next")
    desk.does("4", "arrived")
    desk.does("4", "park", reason="papers")
    desk.does("7", "pause", reason="lunch", minutes=30)
    desk.does("12", "call-next")
    desk.does("12", "recall")
    return desk


def look(page: Page, album: Path, name: str, *sizes: tuple[int, int], whole: bool = False) -> None:
    wrong = []
    for width, height in sizes:
        page.set_viewport_size({"width": width, "height": height})
        wrong += [f"{width}x{height} {fault}" for fault in complaints(page)]
        keep(page, album, f"{name}-{width}", whole=whole)
    assert not wrong, "\n".join(wrong)


@BOTH
def test_the_kiosk(visitors: Visitors, busy: Desk, album: Path, language: str) -> None:
    page = visitors(f"/kiosk/central?lang={language}", KIOSK, language)
    expect(page.locator("[data-screen=welcome] .service").first).to_be_visible()
    look(page, album, f"every-kiosk-{language}", KIOSK, LANDSCAPE)
    page.locator("[data-does=search]").click()
    page.locator(".letters .key", has_text="S").click()
    look(page, album, f"every-kiosk-search-{language}", KIOSK, LANDSCAPE)
    page.locator("[data-screen=search] [data-does=welcome]").click()
    page.locator("[data-does=larger]").click()
    page.locator("[data-does=contrast]").click()
    look(page, album, f"every-kiosk-contrast-{language}", KIOSK, LANDSCAPE)
    page.locator("[data-screen=welcome] .service").nth(1).click()
    look(page, album, f"every-kiosk-group-{language}", KIOSK, LANDSCAPE)
    page.locator("[data-screen=group] .service").first.click()
    look(page, album, f"every-kiosk-need-{language}", KIOSK, LANDSCAPE)
    page.locator("[data-does=take]").click()
    expect(page.locator("[data-screen=ticket]")).to_be_visible()
    look(page, album, f"every-kiosk-ticket-{language}", KIOSK, LANDSCAPE)
    page.locator("[data-does=fill]").click()
    expect(page.locator("[data-screen=form] input").first).to_be_visible()
    look(page, album, f"every-kiosk-form-{language}", KIOSK, LANDSCAPE)


@BOTH
def test_the_kiosk_of_a_small_hall(visitors: Visitors, busy: Desk, album: Path, language: str) -> None:
    page = visitors(f"/kiosk/county?lang={language}", KIOSK, language)
    expect(page.locator("[data-screen=welcome] .service").first).to_be_visible()
    look(page, album, f"every-county-{language}", KIOSK, LANDSCAPE)


@BOTH
@pytest.mark.parametrize("service", ["plan_change", "new_line", "business"])
def test_the_phone_with_its_form_open(visitors: Visitors, busy: Desk, album: Path, language: str, service: str) -> None:
    ticket: dict[str, Any] = busy.take(service, language=language)
    page = visitors(f"/t/{ticket['token']}?lang={language}", PHONE, language, has_touch=True, is_mobile=True)
    page.locator("[data-does=fill]").click()
    expect(page.locator(".field").first).to_be_visible()
    look(page, album, f"every-phone-{service}-{language}", PHONE, SMALL_PHONE, whole=True)


@BOTH
def test_the_wall(visitors: Visitors, busy: Desk, album: Path, language: str) -> None:
    page = visitors(f"/wall/central?lang={language}&sound=off", WALL, language)
    expect(page.locator(".call").nth(4)).to_be_visible()
    look(page, album, f"every-wall-{language}", WALL, PORTRAIT, (1366, 768))


@BOTH
def test_the_window_of_a_counter(visitors: Visitors, busy: Desk, album: Path, language: str) -> None:
    for counter, state in (("1", "serving"), ("2", "called"), ("4", "free"), ("7", "paused"), ("8", "closed")):
        page = visitors(f"/window/central/{counter}?lang={language}", WALL, language)
        expect(page.locator("body")).to_have_attribute("data-state", state)
        look(page, album, f"every-window-{state}-{language}", WALL, (1280, 720))


@BOTH
def test_the_console(visitors: Visitors, busy: Desk, album: Path, language: str) -> None:
    for counter, phase in (("1", "serving"), ("2", "called"), ("4", "free"), ("7", "paused")):
        page = visitors.sign_in(f"/console/central?lang={language}", CONSOLE, counter, language)
        expect(page.locator('[data-at="present"]')).to_have_attribute("data-phase", phase)
        look(page, album, f"every-console-{phase}-{language}", CONSOLE, LAPTOP)
    page.goto(f"{visitors.address}/console/central?lang={language}&bar=1")
    expect(page.locator('[data-at="present"]')).to_have_attribute("data-phase", "paused")
    look(page, album, f"every-bar-{language}", BAR)


@BOTH
def test_the_questions_of_the_console(visitors: Visitors, busy: Desk, album: Path, language: str) -> None:
    page = visitors.sign_in(f"/console/central?lang={language}", CONSOLE, "1", language)
    expect(page.locator('[data-at="present"]')).to_have_attribute("data-phase", "serving")
    for key in ("f", "d", "p", "t", "b", "?"):
        page.keyboard.press(key)
        expect(page.locator("dialog#ask")).to_be_visible()
        look(page, album, f"every-question-{'help' if key == '?' else key}-{language}", CONSOLE, LAPTOP)
        page.keyboard.press("Escape")
        expect(page.locator("body")).to_be_focused()


@BOTH
def test_the_dashboard(visitors: Visitors, busy: Desk, album: Path, language: str) -> None:
    page = visitors.sign_in(f"/dashboard/central?lang={language}", CONSOLE, "manager", language)
    expect(page.locator('.chart[data-at="counters"] .trace').first).to_be_attached()
    look(page, album, f"every-dashboard-{language}", (1920, 1080), CONSOLE, TABLET, whole=True)


@BOTH
def test_the_track_record(visitors: Visitors, busy: Desk, album: Path, language: str) -> None:
    page = visitors.sign_in(f"/record/central?lang={language}", CONSOLE, "manager", language)
    expect(page.locator('[data-at="body"]')).to_be_visible()
    expect(page.locator('.chart[data-at="hours"] .trace').first).to_be_attached()
    look(page, album, f"every-record-{language}", CONSOLE, TABLET, whole=True)


@BOTH
def test_the_roster(visitors: Visitors, busy: Desk, album: Path, language: str) -> None:
    page = visitors.sign_in(f"/roster/central?lang={language}", CONSOLE, "manager", language)
    expect(page.locator('[data-at="body"]')).to_be_visible()
    look(page, album, f"every-roster-{language}", CONSOLE, TABLET, whole=True)


@BOTH
def test_the_replay(visitors: Visitors, busy: Desk, album: Path, language: str) -> None:
    page = visitors.sign_in(f"/replay/central?lang={language}", CONSOLE, "manager", language)
    dashboard = page.frame_locator("iframe[data-screen=dashboard]")
    expect(dashboard.locator("#counter-12")).to_be_visible()
    page.locator("[data-at=slider]").press("End")
    expect(dashboard.locator("#counter-12 [data-at=number]")).to_have_text(re.compile(r"^[A-Z]\d+$"))
    look(page, album, f"every-replay-{language}", CONSOLE, TABLET, whole=True)
    page.locator("[name=view][value=wall]").check(force=True)
    expect(page.frame_locator("iframe[data-screen=wall]").locator(".call").first).to_be_visible()
    look(page, album, f"every-replay-wall-{language}", CONSOLE, TABLET, whole=True)


@BOTH
def test_the_first_page_the_sign_in_and_a_page_that_is_not_there(
    visitors: Visitors, busy: Desk, album: Path, language: str
) -> None:
    page = visitors(f"/?lang={language}", CONSOLE, language)
    expect(page.locator("[data-glance=central] .chip").first).to_be_visible()
    look(page, album, f"every-home-{language}", CONSOLE, TABLET, PHONE, whole=True)
    page = visitors(f"/sign-in/central?lang={language}", CONSOLE, language)
    expect(page.locator("input[name=place]")).to_have_count(13)
    look(page, album, f"every-sign-in-{language}", CONSOLE, TABLET, PHONE, whole=True)
    visitors.expect("404")
    page = visitors(f"/nowhere?lang={language}", CONSOLE, language)
    look(page, album, f"every-lost-{language}", CONSOLE, PHONE)
