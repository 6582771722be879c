"""The manager's dashboard."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.conftest import CONSOLE, Visitors
from tests.browser.house import Desk
from tests.chromium import PATIENCE_MS


def test_whoever_has_not_signed_in_is_led_to_the_sign_in_and_back(visitors: Visitors, desk: Desk) -> None:
    visitors.expect("401|403")
    page = visitors("/dashboard/central?lang=en", CONSOLE, "en")
    page.wait_for_url("**/sign-in/central?next=*")
    expect(page.locator("input[name=place][value=manager]")).to_be_checked()
    page.locator("#pin").fill("9999")
    page.keyboard.press("Enter")
    page.wait_for_url("**/dashboard/central*")
    expect(page.locator('[data-at="hall-name"]')).to_have_text("City Centre Hall")


def test_the_charts_are_drawn_and_the_plan_has_its_rows(visitors: Visitors, desk: Desk) -> None:
    desk.open("2", "3")
    for card in (None, "880001", "660001"):
        desk.take("bills", card)
    page = visitors.sign_in("/dashboard/central", CONSOLE, "manager")
    for chart in ("arrivals", "counters", "tiers"):
        drawn = page.locator(f'.chart[data-at="{chart}"] svg.main-svg')
        expect(drawn.first).to_be_visible()
        expect(page.locator(f'.chart[data-at="{chart}"] .trace').first).to_be_attached()
    expect(page.locator(".modebar")).to_have_count(0)
    assert page.locator('[data-at="plan"] tr').count() >= 1
    rows = page.locator('[data-at="plan"] tr').first
    expect(rows).to_contain_text(re.compile(r"\d\d:\d\d–\d\d:\d\d"))
    page.locator(".quarters summary").click()
    assert page.locator('[data-at="quarters"] tr').count() >= page.locator('[data-at="plan"] tr').count()


def test_a_call_is_seen_on_the_floor_at_once(visitors: Visitors, desk: Desk) -> None:
    desk.open("2")
    page = visitors.sign_in("/dashboard/central", CONSOLE, "manager")
    tile = page.locator("#counter-2")
    expect(tile).to_have_attribute("data-state", "free")
    number = desk.take("bills", "880001")["number"]
    desk.does("2", "call-next")
    expect(tile).to_contain_text(number)
    expect(tile).to_have_attribute("data-state", "called")
    desk.does("2", "arrived")
    expect(tile).to_have_attribute("data-state", "serving")
    expect(tile).to_contain_text("金卡客户")
    desk.does("2", "pause", reason="break")
    desk.does("2", "finish")
    expect(tile).to_have_attribute("data-state", "paused")


def test_waiting_without_an_open_counter_is_what_needs_the_manager(visitors: Visitors, desk: Desk) -> None:
    page = visitors.sign_in("/dashboard/central", CONSOLE, "manager")
    # the worker may advise to open a counter for it besides
    alert = page.locator('.task[data-key^="no_counter"]', has_text="政企业务")
    desk.take("business")
    expect(alert).to_be_visible()
    desk.open("12")
    expect(alert).to_have_count(0)


def told_first(hall: Desk) -> list[str]:
    """What is proposed, in the order in which it was said."""
    return [one["text"]["en"] for one in reversed(hall.advice()) if one["state"] == "proposed"]


def advised_on(page: Page) -> list[str]:
    return (
        page.locator(".task", has=page.get_by_role("button", name="Accept"))
        .locator('[data-at="text"]')
        .all_inner_texts()
    )


def until(page: Page, true: Callable[[], bool], what: str) -> None:
    for _ in range(PATIENCE_MS // 200):
        if true():
            return
        page.wait_for_timeout(200)
    raise AssertionError(what)


def test_an_advice_is_accepted_and_the_clerk_is_asked(visitors: Visitors, desk: Desk) -> None:
    desk.open("2", "3", "9", "12", "11", "6")
    for i in range(30):
        desk.take(("bills", "plan_change")[i % 2])
    page = visitors.sign_in("/dashboard/central?lang=en", CONSOLE, "manager", "en")
    # the worker's job may be first to find it, or the manager asks now
    desk.ask_for_advice()
    until(page, lambda: len(said := told_first(desk)) > 1 and advised_on(page) == said, "what mends most stands first")
    task = page.locator(".task", has_text=re.compile(r"Open Counter \d+ for")).first
    expect(task).to_be_visible()
    expect(task).to_contain_text(re.compile(r"waits change by −[\d.]+ to [−±+][\d.]+ min, staff by \+\d+ min"))
    counter = re.search(r"Open Counter (\d+)", task.inner_text())[1]
    task.get_by_role("button", name="Accept").click()
    expect(page.locator(".toast")).to_have_text("The clerk is asked")
    expect(page.locator(f"#counter-{counter}")).to_contain_text("clerk asked")
    console = visitors(f"/sign-in/central?lang=en&counter={counter}", CONSOLE, "en")
    expect(console.locator(".place", has_text="asks you to open").first).to_be_visible()
    desk.open(counter)
    page.locator("summary", has_text="what came of it").click()
    expect(page.locator(".advice-row", has_text=f"Counter {counter} ").first).to_contain_text("Done")
    # what is left goes away with the crowd
    for one in desk.advice():
        if one["state"] == "proposed":
            desk.decline(one["id"])


def test_an_answer_cut_off_half_way_leaves_the_rest_of_the_page_alive(visitors: Visitors, desk: Desk) -> None:
    page = visitors.sign_in("/dashboard/central", CONSOLE, "manager")
    expect(page.locator("#counter-2")).to_have_attribute("data-state", "closed")
    page.route("**/api/v1/halls/central/advice", lambda route: route.fulfill(status=200, body='{"advice": [{'))
    with page.expect_response("**/api/v1/halls/central/advice"):
        page.reload()
    expect(page.locator("#counter-2")).to_have_attribute("data-state", "closed")
    page.wait_for_timeout(500)
    desk.open("2")
    expect(page.locator("#counter-2")).to_have_attribute("data-state", "free")
