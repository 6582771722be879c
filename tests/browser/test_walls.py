"""The wall and the screens above the counters."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import WALL, Visitors
from tests.browser.house import Desk


def test_the_wall_says_as_of_when_while_its_line_is_down_and_catches_up(visitors: Visitors, desk: Desk) -> None:
    desk.open("4")
    desk.take("bills")
    wall, line = visitors.by_line("/wall/central", WALL)
    desk.does("4", "call-next")
    first = desk.sees("4")["serving"]["number"]
    expect(wall.locator(".call").first).to_contain_text(first)
    line.cut()
    as_of = wall.locator('[data-at="as-of"]')
    expect(as_of).to_have_text(re.compile(r"\d\d:\d\d"))
    desk.does("4", "arrived")
    desk.does("4", "finish")
    second = desk.take("bills")["number"]
    desk.does("4", "call-next")
    expect(wall.locator(".call").first).to_contain_text(first)
    line.mend()
    expect(wall.locator(".call").first).to_contain_text(second)
    expect(as_of).to_be_hidden()


def test_the_wall_keeps_the_last_eight_calls_newest_first(visitors: Visitors, desk: Desk) -> None:
    desk.open("4")
    wall = visitors("/wall/central", WALL)
    numbers = []
    for _ in range(9):
        numbers.insert(0, desk.take("bills")["number"])
        desk.does("4", "call-next")
        desk.does("4", "arrived")
        desk.does("4", "finish")
    expect(wall.locator(".call-number")).to_have_text(numbers[:8])


@pytest.mark.parametrize(
    ("language", "reason", "back", "shut"),
    [("zh", "午餐", "回来|恢复|继续|返回", "本窗口"), ("en", "Lunch", "back at", "closed")],
)
def test_a_pause_and_a_closed_counter_show_above_the_counter(
    visitors: Visitors, desk: Desk, language: str, reason: str, back: str, shut: str
) -> None:
    desk.open("4")
    window = visitors(f"/window/central/4?lang={language}", WALL, language)
    help_line = window.locator('[data-at="help"]')
    desk.does("4", "pause", reason="lunch", minutes=30)
    expect(help_line).to_contain_text(reason)
    expect(help_line).to_contain_text(re.compile(back))
    expect(help_line).to_contain_text(re.compile(r"\d\d:\d\d"))
    desk.does("4", "open")
    expect(help_line).not_to_contain_text(reason)
    desk.does("4", "close")
    expect(window.locator('[data-at="title"]')).to_contain_text(shut)


def test_a_hall_that_is_not_there_is_said_in_a_sentence(visitors: Visitors, desk: Desk) -> None:
    wall = visitors("/wall/nowhere", WALL)
    expect(wall.locator(".no-calls")).to_contain_text("nowhere")
