"""A hall that adds French by one file in texts/: every page for customers is available in it."""

import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import CONSOLE, KIOSK, PHONE, WALL, Visitors, VisitorsOf
from tests.browser.house import Desk, open_house
from tests.browser.looking import complaints, keep
from tests.config.plans import a_config

FRENCH = Path(__file__).parents[1] / "data" / "fr.toml"
HAN = re.compile(r"[\u4e00-\u9fff]")


@pytest.fixture(scope="module")
def french_site() -> Iterator[str]:
    """The sample halls with French between English, which is complete and speaks for it, and Chinese."""
    with tempfile.TemporaryDirectory(prefix="hallflow-french-") as name:
        folder = Path(name)
        config = a_config(folder)
        shutil.copy(FRENCH, config / "texts" / "fr.toml")
        common = config / "hallflow.toml"
        common.write_text(common.read_text().replace('["zh", "en"]', '["en", "fr", "zh"]'))
        with open_house(folder, HALLFLOW_CONFIG=str(config)) as url:
            yield url


@pytest.fixture
def french_visitors(french_site: str, visitors_of: VisitorsOf) -> Visitors:
    return visitors_of(french_site)


@pytest.fixture
def french_desk(french_site: str) -> Iterator[Desk]:
    """Its city hall, quiet."""
    with closing(Desk(french_site)) as desk:
        desk.empty()
        yield desk


def speak(page: Page, language: str) -> None:
    """Choose a language from the list."""
    page.locator("h-languages summary").click()
    page.locator("h-languages button", has_text=language).click()


def in_place(page: Page, place: str) -> Locator:
    return page.locator(f'[data-at="{place}"]').first


def look(page: Page, album: Path, name: str, *, whole: bool = False) -> None:
    wrong = complaints(page)
    keep(page, album, f"french-{name}", whole=whole)
    assert not wrong, "\n".join(wrong)


def test_a_customer_walks_from_the_kiosk_to_the_wall_in_french(
    french_visitors: Visitors, french_desk: Desk, album: Path
) -> None:
    french_desk.open("2", "4")
    french_desk.take("bills")
    kiosk = french_visitors("/kiosk/central", KIOSK, "en")
    expect(kiosk.locator("[data-screen=welcome] h1")).to_have_text("What can we do for you?")
    kiosk.locator("h-languages summary").click()
    expect(kiosk.locator("h-languages button")).to_have_text(["English", "Français", "中文"])
    keep(kiosk, album, "french-choice")
    kiosk.locator("h-languages button", has_text="Français").click()
    expect(kiosk.locator("[data-screen=welcome] h1")).to_have_text("Que pouvons-nous faire pour vous ?")
    expect(kiosk.locator("html")).to_have_attribute("lang", "fr-FR")
    expect(in_place(kiosk, "day")).to_have_text(re.compile(r"^[a-zé]+ \d+ [a-zéû]+$"))
    look(kiosk, album, "kiosk")
    # no name of the plan is French: the hall's first language, which is whole, speaks for it
    kiosk.locator("[data-screen=welcome] .service", has_text="Bills and plans").click()
    look(kiosk, album, "kiosk-group")
    kiosk.locator("[data-screen=group] .service", has_text="Bills and payments").click()
    expect(kiosk.locator("[data-does=take]")).to_have_text("Prendre un numéro")
    look(kiosk, album, "kiosk-need")
    kiosk.locator("[data-does=take]").click()
    shown = kiosk.locator('[data-screen=ticket] [data-at="number"]')
    expect(shown).to_have_text(re.compile(r"^A\d{3}$"))
    number = shown.text_content() or ""
    expect(kiosk.locator('[data-screen=ticket] [data-at="range"]')).to_have_text(re.compile("min|attente"))
    expect(kiosk.locator("[data-screen=ticket]")).to_contain_text("Gardez-le sur votre téléphone")
    # the help below it is not translated
    expect(kiosk.locator("[data-screen=ticket]")).to_contain_text("Watch the queue")
    look(kiosk, album, "kiosk-ticket")

    code = kiosk.locator('[data-screen=ticket] [data-at="qr"]').get_attribute("src") or ""
    token = code.split("/")[4]
    assert french_desk.ticket(token)["language"] == "fr"
    phone = french_visitors(f"/t/{token}", PHONE, "fr", has_touch=True, is_mobile=True)
    expect(in_place(phone, "state")).to_have_text("En attente")
    expect(phone.locator('[data-at="story"] li').first).to_contain_text("Numéro pris")
    expect(in_place(phone, "story-hint")).to_have_text(re.compile("^When it is your turn"))
    look(phone, album, "phone", whole=True)

    wall = french_visitors("/wall/central?lang=fr&sound=off", WALL, "fr")
    expect(wall.locator("#calls-title")).to_have_text("Numéros appelés Now calling")
    expect(in_place(wall, "calls")).to_contain_text("Surveillez votre numéro")
    french_desk.does("2", "call", ticket=number)
    expect(wall.locator(".call").first).to_contain_text(number)
    expect(in_place(phone, "state")).to_have_text("C'est à vous")
    expect(in_place(phone, "counter")).to_have_text("Counter 2")
    expect(phone.locator('[data-at="story"] li').nth(1)).to_contain_text("Appelé : Counter 2")
    look(phone, album, "phone-called", whole=True)
    expect(in_place(wall, "clock")).to_have_text(re.compile(r"^\d\d:\d\d$"))
    look(wall, album, "wall")
    for page in (kiosk, phone, wall):
        assert not HAN.search(page.locator("main").inner_text()), "what is not French is said in the first language"


VOICES = """
    const said = (window.said = []);
    const voices = ["zh-CN", "en-US", "fr-FR"].map((lang) => ({lang, localService: true}));
    window.SpeechSynthesisUtterance = class { constructor(text) { this.text = text; } };
    Object.defineProperty(window, "speechSynthesis", {value: {
        getVoices: () => voices,
        speak(words) { said.push([words.lang, words.text]); setTimeout(() => words.onend());
        window.onsaid?.(said.length); },
    }});
"""
"""A machine with a voice for each language, that writes down what it is given to say."""


def test_the_wall_calls_in_each_language_the_first_one_twice(french_visitors: Visitors, french_desk: Desk) -> None:
    french_desk.open("2")
    number = french_desk.take("bills")["number"]
    wall = french_visitors("/", WALL, "fr")
    wall.add_init_script(VOICES)
    french_visitors.go(wall, "/wall/central?lang=fr")
    expect(in_place(wall, "clock")).to_have_text(re.compile(r"^\d\d:\d\d$"))
    wall.mouse.click(400, 400)
    french_desk.does("2", "call", ticket=number)
    signs = " ".join(number)
    zh = "".join("零一二三四五六七八九"[int(sign)] if sign.isdigit() else sign for sign in number)
    expect(wall.locator(".call").first).to_contain_text(number)
    wall.locator("html").evaluate(
        "() => new Promise((done) => (said.length === 4 ? done() : (window.onsaid = (n) => n === 4 && done())))"
    )
    assert wall.evaluate("said") == [
        ["en-US", f"Number {signs}, please go to Counter 2"],
        ["en-US", f"Number {signs}, please go to Counter 2"],
        ["fr-FR", f"Numéro {signs}, Counter 2, s'il vous plaît"],
        ["zh-CN", f"请{zh}号到2号窗口办理业务"],
    ]


def test_the_clerk_reads_what_the_customer_speaks(french_visitors: Visitors, french_desk: Desk, album: Path) -> None:
    french_desk.open("4")
    french_desk.take("bills", language="fr")
    french_desk.does("4", "call-next")
    console = french_visitors.sign_in("/console/central?lang=fr", CONSOLE, "4", "fr")
    speaks = console.locator('.who-customer [data-at="language"]')
    expect(speaks).to_have_text("Speaks français")
    look(console, album, "console")
    speak(console, "中文")
    expect(speaks).to_have_text("说法语")
    # the line goes on in the new language
    french_desk.does("4", "arrived")
    expect(in_place(console, "state")).to_have_text(HAN)


def test_a_page_that_comes_anew_keeps_its_address(french_visitors: Visitors, french_desk: Desk, album: Path) -> None:
    page = french_visitors.sign_in("/week/central?date=2026-03-09&lang=en", CONSOLE, "manager", "en")
    expect(page.locator('[data-at="days"] > *')).to_have_count(7)
    speak(page, "Français")
    page.wait_for_url("**/week/central?date=2026-03-09&lang=fr")
    expect(page.locator("html")).to_have_attribute("lang", "fr-FR")
    look(page, album, "week", whole=True)
