"""The manager's what-if, by pointer and by keys: its effect is shown while nothing in the hall changes."""

import re

from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import CONSOLE, TABLET, Visitors
from tests.browser.house import Desk


def ready(visitors: Visitors, size: tuple[int, int]) -> Page:
    page = visitors.sign_in("/dashboard/central?lang=en", size, "manager", "en")
    # there is nothing to drag over before the first outlook, which a busy machine draws late
    expect(page.locator("#whatif tbody[data-at=whatif-rows] tr")).to_have_count(12)
    return page


def square(page: Page, counter: str, column: int):
    return page.locator(f'#whatif td[data-counter="{counter}"]').nth(column)


def test_counters_are_dragged_open_and_the_waits_before_and_after_are_told(visitors: Visitors, desk: Desk) -> None:
    desk.open("2")
    for _ in range(8):
        desk.take("bills")
    page = ready(visitors, CONSOLE)
    seq = desk.floor()["seq"]
    first, last = square(page, "3", 0), square(page, "3", 5)
    first.hover()
    page.mouse.down()
    # from here on the page stands still
    other = last.bounding_box()
    page.mouse.move(other["x"] + 8, other["y"] + 8, steps=12)
    page.mouse.up()
    expect(page.locator('#whatif td[data-counter="3"].differs')).to_have_count(6)
    expect(page.locator('[data-at="whatif-wait"]')).to_have_text(re.compile(r"min → [\d.]+ min"))
    expect(page.locator('[data-at="whatif-cost-change"]')).to_have_text(re.compile(r"^\+(7[5-9]|8\d|90) staff-min$"))
    expect(page.locator('[data-at="whatif-tiers"] tr')).to_have_count(3)
    expect(page.locator('[data-at="whatif-within-change"]')).to_have_class(re.compile("good"))
    assert desk.floor()["seq"] == seq, "nothing in the hall has changed"
    page.get_by_role("button", name="As it stands").click()
    expect(page.locator("#whatif td.differs")).to_have_count(0)
    expect(page.locator('[data-at="whatif-told"]')).to_be_hidden()


def test_keys_alone_do_the_same(visitors: Visitors, desk: Desk) -> None:
    desk.open("2", "4")
    page = ready(visitors, TABLET)
    square(page, "2", 0).focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press(" ")
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("Shift+ArrowRight")
    expect(page.locator('#whatif td[data-counter="2"].differs')).to_have_count(3)
    expect(square(page, "2", 3)).to_be_focused()
    expect(square(page, "2", 3)).to_have_attribute("aria-label", re.compile("Counter 2, .*, closed, changed"))
    expect(page.locator('[data-at="whatif-cost-change"]')).to_have_text("−45 staff-min")


def test_a_drag_quicker_than_the_page_leaves_no_gap(visitors: Visitors, desk: Desk) -> None:
    desk.open("2")
    page = ready(visitors, CONSOLE)
    first, last = square(page, "3", 0), square(page, "3", 5)
    first.scroll_into_view_if_needed()
    first.hover()
    page.mouse.down()
    # a busy machine tells the page of one movement where there were many
    last.hover()
    page.mouse.up()
    expect(page.locator('#whatif td[data-counter="3"].differs')).to_have_count(6)
    expect(page.locator("#whatif td.differs")).to_have_count(6)


def test_the_page_stands_still_while_a_counter_is_dragged(visitors: Visitors, desk: Desk) -> None:
    desk.open("2")
    desk.take("bills")
    page = ready(visitors, CONSOLE)
    tile = page.locator("#counter-2")
    square(page, "3", 0).hover()
    page.mouse.down()
    desk.does("2", "call-next")
    # long enough for ten pictures
    page.wait_for_timeout(1000)
    expect(tile).not_to_have_attribute("data-state", "called")
    page.mouse.up()
    expect(tile).to_have_attribute("data-state", "called")


def test_an_answer_to_what_was_taken_back_is_not_shown(visitors: Visitors, desk: Desk) -> None:
    desk.open("2")
    page = ready(visitors, CONSOLE)
    held: list[Route] = []
    passes = False
    page.route("**/what-if", lambda route: route.continue_() if passes else held.append(route))
    with page.expect_request("**/what-if"):
        square(page, "3", 0).click()
    # dragged back by hand, it is as if nothing had been supposed
    square(page, "3", 0).click()
    # on a busy machine the page may have given the first up meanwhile, and ask again
    passes = True
    with page.expect_response("**/what-if"):
        held[-1].continue_()
    expect(page.locator("#whatif[aria-busy]")).to_have_count(0)
    expect(page.locator('[data-at="whatif-told"]')).to_be_hidden()
    expect(page.locator("#whatif td.differs")).to_have_count(0)
