"""Wait promises as customers, clerks and the manager see them: kept, broken with an apology, at risk."""

import re
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import CONSOLE, PHONE, TABLET, Visitors, VisitorsOf
from tests.browser.house import Desk
from tests.browser.lived import Lived, lived_in
from tests.browser.looking import complaints, keep

# one house for all of them: they stay in one process
pytestmark = pytest.mark.xdist_group("lived")
BOTH = pytest.mark.parametrize("language", ["zh", "en"])
SORRY = {"zh": "抱歉", "en": "Sorry"}
APOLOGY = {"zh": "诚恳道歉", "en": "we apologise"}


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lived]:
    """A house with a day behind it; its own, for the others are quiet."""
    with lived_in(tmp_path_factory.mktemp("lived")) as house:
        yield house


@pytest.fixture
def guests(lived: Lived, visitors_of: VisitorsOf) -> Visitors:
    """Visitors of that house."""
    return visitors_of(lived.url)


@BOTH
def test_the_phone_says_sorry_with_a_new_range(lived: Lived, guests: Visitors, album: Path, language: str) -> None:
    phone = guests(f"/t/{lived.token}?lang={language}", PHONE, language, has_touch=True, is_mobile=True)
    breach = phone.locator('[data-at="breach"]')
    expect(breach).to_contain_text(SORRY[language])
    expect(breach).to_contain_text(APOLOGY[language])
    expect(phone.locator('[data-at="range"]')).not_to_be_empty()
    keep(phone, album, f"promise-phone-{language}", whole=True)
    assert complaints(phone) == []


@BOTH
def test_the_dashboard_lists_broken_promises(lived: Lived, guests: Visitors, album: Path, language: str) -> None:
    page = guests.sign_in(f"/dashboard/central?lang={language}", CONSOLE, "manager", language)
    task = page.locator(".task", has_text=lived.number)
    words = {"zh": r"承诺 \d\d:\d\d 前叫到", "en": r"was promised by \d\d:\d\d"}
    expect(task.filter(has_text=re.compile(words[language])).first).to_be_visible()
    page.locator('a[href^="/record/"]').click()
    expect(page.locator('[data-at="body"]')).to_be_visible()


@BOTH
def test_the_track_record(lived: Lived, guests: Visitors, album: Path, language: str) -> None:
    page = guests.sign_in(f"/record/central?lang={language}", CONSOLE, "manager", language)
    expect(page.locator('[data-at="services"] tr')).to_have_count(3)
    expect(page.locator('.chart[data-at="hours"] .trace').first).to_be_attached()
    expect(page.locator('[data-at="tiers"] tr')).to_have_count(3)
    expect(page.locator('[data-at="learned-services"] tr').first).to_contain_text(re.compile(r"\d\.\d"))
    expect(page.locator('[data-at="learned-facts"] li').first).to_contain_text(re.compile(r"\d\.\d"))
    wrong = []
    for width, height in (CONSOLE, TABLET, (1920, 1080)):
        page.set_viewport_size({"width": width, "height": height})
        wrong += complaints(page)
        keep(page, album, f"record-{language}-{width}", whole=True)
    assert wrong == []
    paper = album / f"record-{language}.pdf"
    page.set_viewport_size({"width": 1440, "height": 900})
    page.pdf(path=paper, format="A4", prefer_css_page_size=True)
    assert 1 <= len(re.findall(rb"/Type\s*/Page\b", paper.read_bytes())) <= 3


@BOTH
def test_without_outcomes_the_record_says_what_will_appear(guests: Visitors, album: Path, language: str) -> None:
    page = guests.sign_in(f"/record/county?lang={language}", CONSOLE, "manager", language, hall="county")
    expect(page.locator('[data-at="empty"]')).to_be_visible()
    expect(page.locator('[data-at="body"]')).to_be_hidden()
    keep(page, album, f"record-empty-{language}")
    assert complaints(page) == []


def test_the_clerk_is_told_to_say_sorry_first(lived: Lived, guests: Visitors, album: Path) -> None:
    """Last of these: it serves the customer, once the hall has apologised on the phone."""
    phone = guests(f"/t/{lived.token}", PHONE)
    expect(phone.locator('[data-at="breach"]')).to_contain_text(APOLOGY["zh"])
    with closing(Desk(lived.url)) as desk:
        desk.does("1", "call", ticket=lived.number)
    page = guests.sign_in("/console/central", CONSOLE, "1")
    expect(page.locator('[data-at="recovery"]')).to_contain_text("请先当面道歉")
    keep(page, album, "promise-console")
    assert complaints(page) == []
