"""One visit from taking a number to the rating, with every page of the hall open and up to date."""

import re
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.conftest import CONSOLE, KIOSK, PHONE, WALL, Visitors
from tests.browser.house import Desk
from tests.browser.looking import complaints, keep


class Album:
    """Keeps a picture of every stop in both languages, and what was wrong there."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.wrong: list[str] = []

    def keep(self, page: Page, name: str, *, whole: bool = False) -> None:
        """The page as it is, and again in the other language: the page changes it in place."""
        toggle = page.locator("[data-does=language], [data-do=language]")
        self.take(page, f"{name}-zh", whole=whole)
        if toggle.count():
            toggle.first.evaluate("button => button.click()")
            self.take(page, f"{name}-en", whole=whole)
            toggle.first.evaluate("button => button.click()")

    def take(self, page: Page, name: str, *, whole: bool = False) -> None:
        self.wrong += [f"{name}: {fault}" for fault in complaints(page)]
        keep(page, self.folder, name, whole=whole)


def test_a_visit_from_the_door_to_the_thanks(visitors: Visitors, desk: Desk, album: Path) -> None:
    pictures = Album(album)
    two_good_cards_wait_before(desk)
    served_before = desk.floor()["figures"]["served"]

    walls = {language: visitors(f"/wall/central?lang={language}", WALL, language) for language in ("zh", "en")}
    windows = {language: visitors(f"/window/central/1?lang={language}", WALL, language) for language in ("zh", "en")}
    manager = visitors.sign_in("/dashboard/central", CONSOLE, "manager")
    expect(manager.locator("#floor .tile")).to_have_count(12)

    # at the kiosk
    kiosk = visitors("/kiosk/central", KIOSK)
    number, token = takes_a_number(kiosk, pictures)

    # on the phone, on a chair
    phone = visitors(f"/t/{token}", PHONE, has_touch=True, is_mobile=True)
    expect(phone.locator('[data-at="number"]')).to_have_text(number)
    expect(phone.locator('[data-at="ahead"]')).to_have_text("前面还有 2 人")
    expect(phone.locator('[data-at="range"]')).to_have_text(re.compile(r"\d+ ?分钟|几乎不用等"))
    pictures.keep(phone, "phone-waiting", whole=True)
    fills_in_the_request(phone, pictures)

    # the two before go to other counters
    for counter in ("2", "3"):
        desk.does(counter, "finish")
        desk.does(counter, "call-next")
        desk.does(counter, "arrived")
    expect(phone.locator('[data-at="ahead"]')).to_have_text(re.compile("下一位"))

    # at counter 1
    clerk = signs_in(visitors, pictures)
    clerk.keyboard.press("o")
    expect(clerk.locator('[data-at="state"].mark')).to_have_text(re.compile(".+"))
    expect(clerk.locator(".next-one").first).to_contain_text(number)
    pictures.keep(clerk, "console-free")
    clerk.keyboard.press("n")
    expect(clerk.locator('[data-at="present"] [data-at="number"]')).to_have_text(number)
    expect(clerk.locator(".who .tier")).to_have_text("金卡客户")
    expect(clerk.locator(".answer", has_text="要办理的手机号码")).to_contain_text("13800138000")
    pictures.keep(clerk, "console-called")

    # everywhere at once
    for language, counter in (("zh", "1号窗口"), ("en", "Counter 1")):
        newest = walls[language].locator(".call").first
        expect(newest).to_contain_text(number)
        expect(newest).to_contain_text(re.compile(r"\s*".join(counter.replace(" ", ""))))
        expect(windows[language].locator('[data-at="number"]')).to_have_text(number)
        pictures.take(walls[language], f"wall-{language}")
        pictures.take(windows[language], f"window-called-{language}")
    expect(phone.locator(".go-to")).to_have_text("请到")
    expect(phone.locator('[data-at="counter"]')).to_have_text("1号窗口")
    pictures.keep(phone, "phone-called")
    phone.locator("[data-does=language]").click()
    expect(phone.locator('[data-at="call"]')).to_contain_text(re.compile(r"Go to\s+Counter 1"))
    phone.locator("[data-does=language]").click()

    clerk.keyboard.press("a")
    expect(clerk.locator('[data-at="present"]')).to_have_attribute("data-phase", "serving")
    pictures.keep(clerk, "console-serving")
    expect(phone.locator('[data-at="sentence"]')).to_contain_text("1号窗口")
    pictures.keep(phone, "phone-serving", whole=True)
    expect(manager.locator("#counter-1")).to_contain_text(number)

    clerk.keyboard.press("f")
    pictures.take(clerk, "console-outcome-zh")
    clerk.keyboard.press("1")
    expect(clerk.locator('[data-at="present"]')).to_have_attribute("data-phase", "free")

    # thank you
    expect(phone.locator('[data-at="thanks"]')).to_be_visible()
    phone.locator(".star").nth(4).click()
    pictures.keep(phone, "phone-thanks")
    phone.locator("[data-does=thank]").click()
    expect(phone.locator('[data-at="thanked"]')).to_be_visible()
    pictures.keep(phone, "phone-thanked", whole=True)

    # and the manager has counted it
    served = manager.locator(".figure-card", has_text="今日办结")
    expect(served.locator('[data-at="value"]')).to_have_text(str(served_before + 3))
    assert desk.floor()["figures"]["served"] == served_before + 3
    assert not pictures.wrong, "\n".join(pictures.wrong)


def two_good_cards_wait_before(hall: Desk) -> None:
    hall.open("2", "3")
    for counter in ("2", "3"):
        hall.take("bills")
        hall.does(counter, "call-next")
        hall.does(counter, "arrived")
    for card in ("880010", "880020"):
        hall.take("bills", card)
    hall.take("bills")
    hall.take("plan_change")


def takes_a_number(kiosk: Page, pictures: Album) -> tuple[str, str]:
    expect(kiosk.locator("[data-screen=welcome]")).to_be_visible()
    pictures.keep(kiosk, "kiosk-welcome")
    kiosk.locator("[data-does=keypad]").click()
    for digit in "88001234":
        kiosk.locator(".digits .key", has_text=digit).click()
    pictures.keep(kiosk, "kiosk-card")
    kiosk.locator("[data-does=use-number]").click()
    kiosk.locator(".service", has_text="话费与套餐").click()
    pictures.keep(kiosk, "kiosk-group")
    kiosk.locator("[data-screen=group] .service", has_text="话费缴纳与账单").click()
    expect(kiosk.locator("[data-screen=need] .checklist li")).to_have_count(1)
    expect(kiosk.locator("[data-screen=need] .checklist")).to_contain_text("身份证件")
    pictures.keep(kiosk, "kiosk-need")
    kiosk.locator("[data-does=take]").click()
    number = kiosk.locator('[data-screen=ticket] [data-at="number"]')
    expect(number).to_have_text(re.compile(r"^A\d{3}$"))
    qr = kiosk.locator('[data-at="qr"]')
    assert qr.evaluate("image => image.decode().then(() => image.naturalWidth)") > 100
    pictures.keep(kiosk, "kiosk-ticket")
    return number.inner_text(), (qr.get_attribute("src") or "").split("/")[-2]


def fills_in_the_request(phone: Page, pictures: Album) -> None:
    phone.locator("[data-does=fill]").click()
    field = phone.locator("[data-field=phone]")
    field.locator("input").fill("1380013")
    phone.locator("[data-field=matter] label", has_text="缴纳话费").click()
    expect(field.locator(".fault")).to_contain_text("13800138000")
    expect(field.locator("input")).to_have_attribute("aria-invalid", "true")
    expect(field.locator("input")).to_have_value("1380013")
    pictures.keep(phone, "phone-form-wrong", whole=True)
    field.locator("input").fill("13800138000")
    field.locator("input").press("Tab")
    expect(field.locator(".fault")).to_be_hidden()
    phone.locator("[data-field=amount] input").fill("100")
    phone.locator("[data-field=email] input").fill("li@example.com")
    phone.locator("[data-field=email] input").press("Tab")
    expect(phone.locator(".form-state [data-at=saved]")).to_have_text(re.compile(r"\d\d:\d\d"))
    expect(phone.locator('[data-at="request"]')).to_have_class(re.compile("accepted"))
    pictures.keep(phone, "phone-form-done", whole=True)
    phone.locator("[data-does=fold]").click()


def signs_in(visitors: Visitors, pictures: Album) -> Page:
    clerk = visitors("/sign-in/central", CONSOLE)
    expect(clerk.locator("input[name=place]")).to_have_count(13)
    pictures.keep(clerk, "sign-in")
    clerk.locator(".place", has=clerk.locator('input[value="1"]')).click()
    clerk.locator("#pin").press_sequentially("1111")
    clerk.keyboard.press("Enter")
    clerk.wait_for_url("**/console/central*")
    expect(clerk.locator('[data-at="present"]')).to_have_attribute("data-phase", "closed")
    pictures.keep(clerk, "console-closed")
    return clerk
