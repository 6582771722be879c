"""Alerts reach the manager's dashboard by themselves, and disappear when their cause does."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.by_hand import ByHand, by_hand
from tests.browser.conftest import CONSOLE, KIOSK, VisitorsOf
from tests.browser.house import Desk
from tests.config.plans import a_config


@pytest.fixture(scope="module")
def standing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ByHand]:
    """The sample halls; the city hall has a kiosk that should be on."""
    folder: Path = tmp_path_factory.mktemp("standing")
    config = a_config(folder)
    with (config / "halls/central.toml").open("a", encoding="utf-8") as hall:
        hall.write("\n[screens]\nkiosk = 1\n")
    with by_hand(folder, config) as house:
        yield house


def test_a_silent_kiosk_is_told_until_it_is_back(visitors_of: VisitorsOf, standing: ByHand) -> None:
    visitors = visitors_of(standing.url)
    page = visitors.sign_in("/dashboard/central?lang=en", CONSOLE, "manager", "en")
    expect(page.locator("#counter-1")).to_be_visible()
    standing.move(5)
    alert = page.locator(".task", has_text="A kiosk was")
    expect(alert).to_contain_text("Wrong now")
    expect(alert).to_contain_text("not connected today")
    kiosk = visitors("/kiosk/central", KIOSK)
    expect(alert).to_have_count(0)
    kiosk.close()
    standing.until_nobody_is_on_the_line()
    standing.move(5)
    expect(alert).to_contain_text("last heard of at 12:05")
    visitors("/kiosk/central", KIOSK)
    expect(alert).to_have_count(0)


def test_an_idle_clerk_is_told_until_they_call(visitors_of: VisitorsOf, standing: ByHand) -> None:
    visitors = visitors_of(standing.url)
    page = visitors.sign_in("/dashboard/central", CONSOLE, "manager")
    with closing(Desk(standing.url)) as desk:
        desk.open("10", "12")
        desk.take("complaint")
        alert = page.locator(".task", has_text="10号窗口已空闲")
        expect(page.locator("#counter-10")).to_have_attribute("data-state", "free")
        expect(alert).to_have_count(0)
        standing.move(4)
        expect(alert).to_contain_text("现在有问题")
        expect(alert.get_by_role("link")).to_have_attribute("href", "#counter-10")
        desk.does("10", "call-next")
        desk.does("10", "arrived")
        expect(page.locator(".task", has_text="已空闲")).to_have_count(0)
        # complaints take twelve minutes: four times that, and it was forgotten
        standing.move(49)
        expect(page.locator(".task", has_text="可能忘了点")).to_be_visible()
        desk.does("10", "finish")
        expect(page.locator(".task", has_text="可能忘了点")).to_have_count(0)
