"""What is wrong comes to the manager by itself, and goes when it is mended; an hour of this hall is a minute."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import CONSOLE, KIOSK, Visitors
from tests.browser.house import Desk, at_noon, open_house

PACE = "60"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The sample halls, in a hurry; the city hall has a kiosk that should be on."""
    folder: Path = tmp_path_factory.mktemp("quick")
    config = at_noon(folder / "config")
    with (config / "halls/central.toml").open("a", encoding="utf-8") as hall:
        hall.write("\n[screens]\nkiosk = 1\n")
    with open_house(folder, HALLFLOW_CONFIG=str(config), HALLFLOW_DEMO_PACE=PACE) as url:
        yield url


def test_a_silent_kiosk_is_told_until_it_is_back(visitors: Visitors) -> None:
    page = visitors.sign_in("/dashboard/central?lang=en", CONSOLE, "manager", "en")
    alert = page.locator(".task", has_text="A kiosk was")
    expect(alert).to_contain_text("Wrong now", timeout=30_000)
    expect(alert).to_contain_text("not connected today")
    kiosk = visitors("/kiosk/central", KIOSK)
    expect(alert).to_have_count(0)
    kiosk.close()
    expect(alert).to_contain_text("last heard of at")
    visitors("/kiosk/central", KIOSK)
    expect(alert).to_have_count(0)


def test_an_idle_clerk_is_told_until_they_call(visitors: Visitors, house: str) -> None:
    page = visitors.sign_in("/dashboard/central", CONSOLE, "manager")
    with closing(Desk(house)) as hall:
        hall.open("10", "12")
        hall.take("complaint")
        alert = page.locator(".task", has_text="10号窗口已空闲")
        expect(alert).to_contain_text("现在有问题")
        expect(alert.get_by_role("link")).to_have_attribute("href", "#counter-10")
        hall.does("10", "call-next")
        hall.does("10", "arrived")
        expect(page.locator(".task", has_text="已空闲")).to_have_count(0)
        # complaints take twelve minutes: four times that, and it was forgotten
        expect(page.locator(".task", has_text="可能忘了点")).to_be_visible(timeout=120_000)
        hall.does("10", "finish")
        expect(page.locator(".task", has_text="可能忘了点")).to_have_count(0)
