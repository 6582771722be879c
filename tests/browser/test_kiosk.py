"""The kiosk, for customers at it and for the hall."""

import re

from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import KIOSK, Visitors
from tests.browser.house import Desk

NUMBER = '[data-screen=ticket] [data-at="number"]'


def choose(kiosk: Page, group: str, service: str) -> None:
    kiosk.locator("[data-screen=welcome] .service", has_text=group).click()
    kiosk.locator("[data-screen=group] .service", has_text=service).click()
    expect(kiosk.locator("[data-screen=need]")).to_be_visible()


def issued(hall: Desk) -> int:
    return hall.floor()["figures"]["issued"]


def test_the_language_changes_without_losing_the_place(visitors: Visitors, desk: Desk) -> None:
    desk.open("4")
    kiosk = visitors("/kiosk/central", KIOSK)
    choose(kiosk, "号码与手机", "补卡换卡")
    title = kiosk.locator('[data-screen=need] [data-at="title"]')
    kiosk.locator("[data-does=language]").click()
    expect(title).to_have_text("SIM card")
    expect(kiosk.locator("[data-does=take]")).to_have_text("Take a number")
    kiosk.locator("[data-does=language]").click()
    expect(title).to_have_text("补卡换卡")


def test_a_second_tap_gives_no_second_number(visitors: Visitors, desk: Desk) -> None:
    desk.open("4")
    before = issued(desk)
    kiosk = visitors("/kiosk/central", KIOSK)
    choose(kiosk, "话费与套餐", "话费缴纳与账单")
    kiosk.locator("[data-does=take]").evaluate("button => { button.click(); button.click(); button.click(); }")
    expect(kiosk.locator(NUMBER)).to_have_text(re.compile(r"^A\d{3}$"))
    assert issued(desk) == before + 1


def test_an_answer_lost_on_its_way_is_asked_for_again_and_gives_the_same_number(visitors: Visitors, desk: Desk) -> None:
    desk.open("4")
    before = issued(desk)
    visitors.expect("ERR_FAILED")
    kiosk = visitors("/kiosk/central", KIOSK)
    lost: list[str] = []

    def lose_the_first(route: Route) -> None:
        if lost or route.request.method != "POST":
            return route.continue_()
        lost.append(route.fetch().json()["number"])
        return route.abort("failed")

    kiosk.route("**/api/v1/halls/central/tickets", lose_the_first)
    choose(kiosk, "话费与套餐", "话费缴纳与账单")
    kiosk.locator("[data-does=take]").click()
    expect(kiosk.locator(NUMBER)).to_have_text(re.compile(r"^A\d{3}$"))
    assert [kiosk.locator(NUMBER).inner_text()] == lost
    assert issued(desk) == before + 1


def test_out_of_contact_it_sends_people_to_the_desk_and_comes_back_to_the_same_visit(
    visitors: Visitors, desk: Desk
) -> None:
    desk.open("4")
    before = issued(desk)
    kiosk, line = visitors.by_line("/kiosk/central", KIOSK)
    choose(kiosk, "话费与套餐", "套餐变更")
    line.cut()
    kiosk.locator("[data-does=take]").click()
    out = kiosk.locator("[data-screen=out]")
    expect(out).to_be_visible()
    expect(out).to_contain_text("咨询台")
    line.mend()
    expect(kiosk.locator('[data-screen=need] [data-at="title"]')).to_have_text("套餐变更")
    kiosk.locator("[data-does=take]").click()
    expect(kiosk.locator(NUMBER)).to_have_text(re.compile(r"^B\d{3}$"))
    assert issued(desk) == before + 1


def test_a_service_without_an_open_counter_is_named_as_such(visitors: Visitors, desk: Desk) -> None:
    desk.open("4")
    kiosk = visitors("/kiosk/central", KIOSK)
    home = kiosk.locator("[data-screen=welcome] .service", has_text="家庭宽带")
    expect(home.locator(".chip")).to_have_text(re.compile("没有窗口|暂无窗口"))
    expect(kiosk.locator(".service", has_text="话费与套餐").locator(".chip")).to_have_text(re.compile("分钟|不用等"))
    home.click()
    expect(kiosk.locator("[data-screen=need] .facts")).to_contain_text(re.compile("没有窗口|暂无窗口"))
    desk.open("9")
    expect(kiosk.locator("[data-screen=need] .facts")).to_contain_text(re.compile("分钟|不用等"))


def test_two_services_make_one_number(visitors: Visitors, desk: Desk) -> None:
    desk.open("4")
    before = issued(desk)
    kiosk = visitors("/kiosk/central", KIOSK)
    choose(kiosk, "话费与套餐", "话费缴纳与账单")
    kiosk.locator("[data-does=add]").click()
    choose(kiosk, "号码与手机", "补卡换卡")
    kiosk.locator("[data-does=take]").click()
    expect(kiosk.locator('[data-screen=ticket] [data-at="service"]')).to_have_text("话费缴纳与账单 → 补卡换卡")
    assert issued(desk) == before + 1


def test_a_service_is_found_by_the_first_letters_of_its_pinyin(visitors: Visitors, desk: Desk) -> None:
    kiosk = visitors("/kiosk/central", KIOSK)
    kiosk.locator("[data-does=search]").click()
    for letter in "BK":
        kiosk.locator(".letters .key", has_text=letter).click()
    expect(kiosk.locator('[data-at="found"] .service').first).to_contain_text("补卡换卡")


def test_whoever_walks_away_leaves_the_kiosk_as_it_was_in_the_morning(visitors: Visitors, desk: Desk) -> None:
    kiosk = visitors("/kiosk/central", KIOSK)
    # the page's seconds pass twenty times as fast; its line keeps the world's time
    kiosk.add_init_script(
        "const every = setInterval; window.setInterval = (fn, ms) => every(fn, ms === 1000 ? 50 : ms)"
    )
    kiosk.reload()
    heading = kiosk.locator("[data-screen=welcome] h1")
    for _ in range(2):
        kiosk.locator("[data-does=language]").click()
        expect(heading).to_have_text("What can we do for you?")
        expect(kiosk.locator('dialog[data-at="still"]')).to_be_visible()
        expect(heading).to_have_text("您要办理什么业务？")
        expect(kiosk.locator('dialog[data-at="still"]')).to_be_hidden()
