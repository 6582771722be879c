"""The ticket page on a customer's phone."""

import re
from typing import Any

from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE, Visitors
from tests.browser.house import Desk

STATE = '[data-at="turn"] [data-at="state"]'


def a_phone(visitors: Visitors, ticket: dict[str, Any]) -> Page:
    phone = visitors(f"/t/{ticket['token']}", PHONE, has_touch=True, is_mobile=True)
    expect(phone.locator('[data-at="number"]')).to_have_text(ticket["number"])
    return phone


def test_leaving_is_asked_twice(visitors: Visitors, desk: Desk) -> None:
    desk.open("4")
    ticket = desk.take("bills")
    phone = a_phone(visitors, ticket)
    phone.locator("[data-does=leave]").click()
    expect(phone.locator('dialog[data-at="sure"]')).to_contain_text(ticket["number"])
    phone.locator("[data-does=not-sure]").click()
    assert desk.ticket(ticket["token"])["state"] == "waiting"
    phone.locator("[data-does=leave]").click()
    phone.locator("[data-does=sure]").click()
    expect(phone.locator(STATE)).to_have_text("已取消")
    assert desk.ticket(ticket["token"])["state"] == "left"


def test_two_may_go_first(visitors: Visitors, desk: Desk) -> None:
    desk.open("4")
    desk.take("bills")
    desk.does("4", "call-next")
    tickets = [desk.take("bills") for _ in range(3)]
    phone = a_phone(visitors, tickets[0])
    phone.locator("[data-does=defer]").click()
    phone.locator("[data-does=sure]").click()
    expect(phone.locator('[data-at="ahead"]')).to_have_text("前面还有 2 人")


def test_whoever_was_missed_comes_back_with_one_tap(visitors: Visitors, desk: Desk) -> None:
    desk.open("4")
    ticket = desk.take("bills")
    phone = a_phone(visitors, ticket)
    desk.does("4", "call-next")
    expect(phone.locator('[data-at="counter"]')).to_have_text("4号窗口")
    desk.does("4", "miss")
    expect(phone.locator(STATE)).to_have_text("已过号")
    phone.locator("[data-does=late]").click()
    expect(phone.locator(STATE)).to_have_text("等候中")
    assert desk.sees("4")["next"][0]["number"] == ticket["number"]


def test_a_half_filled_form_stays_when_the_language_changes_and_when_the_page_comes_again(
    visitors: Visitors, desk: Desk
) -> None:
    desk.open("4")
    phone = a_phone(visitors, desk.take("sim"))
    phone.locator("[data-does=fill]").click()
    name = phone.locator("[data-field=name] input")
    name.fill("李四")
    phone.locator("[data-does=language]").click()
    expect(name).to_have_value("李四")
    expect(phone.locator("[data-field=name] label")).to_contain_text("Name of the holder")
    expect(phone.locator(".form-state [data-at=saved]")).to_have_text(re.compile(r"Saved \d\d:\d\d"))
    phone.reload()
    phone.locator("[data-does=fill]").click()
    expect(name).to_have_value("李四")


def test_what_is_typed_while_the_line_is_down_is_kept_and_sent_later(visitors: Visitors, desk: Desk) -> None:
    desk.open("4")
    ticket = desk.take("bills")
    phone, line = visitors.by_line(f"/t/{ticket['token']}", PHONE)
    phone.locator("[data-does=fill]").click()
    field = phone.locator("[data-field=phone] input")
    expect(field).to_be_visible()
    line.cut()
    field.fill("13800138000")
    field.press("Tab")
    expect(phone.locator('[data-at="as-of"]')).to_contain_text("连接已断开")
    expect(phone.locator(".form-state [data-at=saved]")).to_contain_text("未保存")
    line.mend()
    expect(phone.locator(".form-state [data-at=saved]")).to_have_text(re.compile(r"已保存 \d\d:\d\d"))
    expect(phone.locator('[data-at="as-of"]')).to_be_hidden()


def test_a_ticket_that_nobody_has_says_so(visitors: Visitors, desk: Desk) -> None:
    visitors.expect("404")
    phone = visitors("/t/nosuchticketatall", PHONE)
    expect(phone.locator('[data-at="unknown"]')).to_be_visible()
