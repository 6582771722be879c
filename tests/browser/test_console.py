"""The clerk's console, operated by keyboard alone."""

import re

import pytest
from playwright.sync_api import Page, expect

from hallflow.config import load
from hallflow.domain.verbs import VERBS
from tests.browser.conftest import CONSOLE, Visitors
from tests.browser.house import Desk
from tests.makers import SAMPLES

PRESENT = '[data-at="present"]'
NUMBER = f'{PRESENT} .customer [data-at="number"]'


class Clerk:
    """Presses keys at counter 1, and sees what comes of it."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def press(self, key: str, *answers: str, phase: str | None = None) -> None:
        """A verb's key, once the last verb is done; then whatever its question is answered with."""
        expect(self.page.locator("button[aria-busy=true]")).to_have_count(0)
        self.page.keyboard.press(key.lower())
        for answer in answers:
            expect(self.page.locator("dialog#ask")).to_be_visible()
            if len(answer) > 1 and answer != "Enter":
                self.page.keyboard.type(answer)
            else:
                self.page.keyboard.press(answer)
        expect(self.page.locator("dialog#ask")).to_be_hidden()
        if phase:
            expect(self.page.locator(PRESENT)).to_have_attribute("data-phase", phase)


@pytest.fixture
def clerk_page(visitors: Visitors, desk: Desk) -> Clerk:
    page = visitors.sign_in("/console/central", CONSOLE, "1")
    expect(page.locator(PRESENT)).to_have_attribute("data-phase", "closed")
    return Clerk(page)


def test_a_day_is_worked_without_leaving_the_keyboard(clerk_page: Clerk, desk: Desk) -> None:
    page = clerk_page.page
    clerk_page.press("O", phase="free")
    # somebody at the counter already, with a second wish
    clerk_page.press("W", "1", phase="serving")
    clerk_page.press("D", "1")
    expect(page.locator(".leg")).to_have_count(2)
    clerk_page.press("F", "1", phase="free")

    # called, recalled, here, set aside, back, sent on
    first = desk.take("bills")["number"]
    expect(page.locator(".next-one").first).to_contain_text(first)
    clerk_page.press("N", phase="called")
    clerk_page.press("R")
    expect(page.locator(f'{PRESENT} [data-at="moment"]')).to_contain_text("1")
    clerk_page.press("A", phase="serving")
    clerk_page.press("P", "1", phase="free")
    expect(page.locator('[data-at="parked"] .held-one')).to_contain_text(first)
    clerk_page.press("U", "1", phase="serving")
    clerk_page.press("T", "1", "看看合约", "Enter", phase="free")
    desk.does("9", "open")

    # put back, missed, back again
    second = desk.take("bills")["number"]
    expect(page.locator(".next-one", has_text=second)).to_be_visible()
    clerk_page.press("C", second, "Enter", phase="called")
    clerk_page.press("Q", phase="free")
    clerk_page.press("C", second, "Enter", phase="called")
    clerk_page.press("M", phase="free")
    expect(page.locator('[data-at="missed"] .held-one')).to_contain_text(second)
    clerk_page.press("U", "1", phase="serving")
    clerk_page.press("F", "1", phase="free")

    # here without a call
    third = desk.take("bills")["number"]
    expect(page.locator(".next-one", has_text=third)).to_be_visible()
    clerk_page.press("S", third, "Enter", phase="serving")
    expect(page.locator(NUMBER)).to_have_text(third)
    clerk_page.press("F", "2", phase="free")

    # lunch, and home
    clerk_page.press("B", "2", "15", "Enter", phase="paused")
    expect(page.locator(PRESENT)).to_contain_text("午餐")
    clerk_page.press("O", phase="free")
    clerk_page.press("X", "Enter", phase="closed")


def test_space_does_what_the_large_button_says_and_two_presses_do_it_once(clerk_page: Clerk, desk: Desk) -> None:
    numbers = [desk.take("bills")["number"] for _ in range(3)]
    page = clerk_page.page
    page.keyboard.press(" ")
    expect(page.locator(PRESENT)).to_have_attribute("data-phase", "free")
    expect(page.locator(".next-one")).to_have_count(3)
    page.wait_for_timeout(500)
    page.keyboard.press(" ")
    page.keyboard.press(" ")
    expect(page.locator(NUMBER)).to_have_text(numbers[0])
    expect(page.locator(PRESENT)).to_have_attribute("data-phase", "called")
    assert desk.sees("1")["serving"]["state"] == "called"


def test_a_refusal_is_said_in_a_sentence_and_changes_nothing(clerk_page: Clerk, desk: Desk, visitors: Visitors) -> None:
    desk.open("4")
    elsewhere = desk.take("bills")["number"]
    desk.does("4", "call-next")
    waiting = desk.take("bills")["number"]
    clerk_page.press("O", phase="free")
    expect(clerk_page.page.locator(".next-one")).to_have_count(1)
    visitors.expect("409")
    clerk_page.press("C", elsewhere, "Enter", phase="free")
    sentence = clerk_page.page.locator('[data-at="sentence"]')
    expect(sentence).to_contain_text(elsewhere)
    expect(sentence).to_contain_text(re.compile("叫|呼"))
    assert desk.sees("4")["serving"]["number"] == elsewhere
    assert [one["number"] for one in desk.sees("1")["next"]] == [waiting]


def test_every_verb_has_its_key_and_one_that_is_not_possible_now_says_so(clerk_page: Clerk) -> None:
    module = "import('/console-static/verbs.js').then(({VERBS}) => VERBS.map(({verb, key}) => [verb, key]))"
    keys = dict(clerk_page.page.evaluate(module))
    assert set(keys) == {verb.name for verb in VERBS}
    texts = load(SAMPLES).texts
    for verb in set(keys) - {"open"}:
        clerk_page.press(keys[verb], phase="closed")
        name = texts.say("zh", f"console.verb_{verb.replace('-', '_')}")
        expect(clerk_page.page.locator('[data-at="sentence"]')).to_contain_text(name)
    clerk_page.press(keys["open"], phase="free")


def test_an_expired_session_leads_to_the_sign_in_and_back(clerk_page: Clerk, visitors: Visitors) -> None:
    page = clerk_page.page
    clerk_page.press("O", phase="free")
    visitors.expect("401")
    page.context.clear_cookies()
    clerk_page.press("X", "Enter")
    page.wait_for_url("**/sign-in/central?next=*")
    page.locator(".place", has=page.locator('input[value="1"]')).click()
    page.locator("#pin").fill("1111")
    page.keyboard.press("Enter")
    page.wait_for_url("**/console/central*")
    expect(page.locator(PRESENT)).to_have_attribute("data-phase", "free")


def test_a_wrong_pin_is_said_and_keeps_the_place(visitors: Visitors, desk: Desk) -> None:
    visitors.expect("401")
    page = visitors("/sign-in/central", CONSOLE)
    page.locator(".place", has=page.locator('input[value="3"]')).click()
    page.locator("#pin").fill("0000")
    page.keyboard.press("Enter")
    expect(page.locator('[data-at="fault"]')).to_have_text(re.compile(".+"))
    expect(page.locator('input[value="3"]')).to_be_checked()
    page.locator("[data-do=language]").click()
    expect(page.locator('input[value="3"]')).to_be_checked()


def test_the_language_changes_while_a_customer_is_served(clerk_page: Clerk, desk: Desk) -> None:
    number = desk.take("bills", "661234")["number"]
    clerk_page.press("O", phase="free")
    clerk_page.press("N", phase="called")
    clerk_page.page.locator("[data-do=language]").click()
    expect(clerk_page.page.locator(NUMBER)).to_have_text(number)
    expect(clerk_page.page.locator(".who .tier")).to_have_text("Silver")
    expect(clerk_page.page.locator(PRESENT)).to_have_attribute("data-phase", "called")


def test_without_a_line_the_console_says_so_and_a_verb_tried_again_is_done_once(visitors: Visitors, desk: Desk) -> None:
    desk.open("1")
    numbers = [desk.take("bills")["number"] for _ in range(2)]
    page, line = visitors.by_line("/sign-in/central?next=/console/central", CONSOLE)
    page.locator(".place", has=page.locator('input[value="1"]')).click()
    page.locator("#pin").fill("1111")
    page.keyboard.press("Enter")
    expect(page.locator(".next-one")).to_have_count(2)
    line.cut()
    page.keyboard.press("n")
    expect(page.locator('[data-at="as_of"]')).to_be_visible()
    again = page.locator('[data-at="again"]')
    expect(again).to_be_visible()
    line.mend()
    again.click()
    expect(page.locator(NUMBER)).to_have_text(numbers[0])
    expect(page.locator('[data-at="as_of"]')).to_be_hidden()
    assert [one["number"] for one in desk.sees("1")["next"]] == numbers[1:]
