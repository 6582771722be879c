"""The tests' own servers are real: they answer, start empty, and are stopped."""

import os
import subprocess
import sys
from pathlib import Path

import psycopg
import redis
from playwright.sync_api import Page, Route, expect
from sqlalchemy import create_engine, text

from tests.chromium import PageAt
from tests.servers import alive, start_valkey

ROOT = Path(__file__).parent.parent
FONT = ROOT / "node_modules/@fontsource-variable/noto-sans-sc"


def test_postgresql_answers(postgres_url: str) -> None:
    engine = create_engine(postgres_url)
    with engine.begin() as connection:
        assert connection.scalar(text("SELECT 1")) == 1
        assert connection.scalar(text("SHOW server_version_num")) >= "150000"
        connection.execute(text("CREATE TABLE tickets (number text)"))
        connection.execute(text("INSERT INTO tickets VALUES ('A001 等候')"))
        assert connection.scalar(text("SELECT number FROM tickets")) == "A001 等候"
    engine.dispose()


def test_every_test_has_a_database_of_its_own(postgres_url: str) -> None:
    with psycopg.connect(postgres_url.replace("+psycopg", "")) as connection:
        found = connection.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone()
    assert found == (0,)


def test_valkey_answers(valkey_url: str) -> None:
    with redis.Redis.from_url(valkey_url) as client:
        assert client.ping()
        assert client.dbsize() == 0
        client.set("A001", "等候")


def test_every_test_has_an_empty_valkey(valkey_url: str) -> None:
    with redis.Redis.from_url(valkey_url) as client:
        assert client.dbsize() == 0
        client.set("A002", "等候")


def test_a_browser_shows_chinese_in_the_font_we_bring(page_at: PageAt) -> None:
    page = page_at(390, 844, "zh-CN")
    page.route("http://hall.test/**", serve_font)
    page.goto("http://hall.test/")
    expect(page.locator("p")).to_have_text("请到三号窗口")
    loaded = page.evaluate("document.fonts.load(\"40px 'Noto Sans SC Variable'\", '请到窗口').then(all => all.length)")
    assert loaded > 0
    assert page.evaluate("navigator.language") == "zh-CN"
    assert page.viewport_size == {"width": 390, "height": 844}
    # a missing glyph is drawn as the same empty box for every character
    assert len({ink(page, character) for character in "请到三号窗口"}) == 6


def test_two_pages_are_two_visitors(page_at: PageAt) -> None:
    first, second = page_at(800, 600), page_at(1920, 1080, "en")
    for page in (first, second):
        page.route("http://hall.test/**", serve_font)
        page.goto("http://hall.test/")
    first.evaluate("localStorage.setItem('token', 'A001')")
    assert second.evaluate("localStorage.getItem('token')") is None
    assert second.evaluate("navigator.language") == "en"


def test_a_part_that_is_required_is_not_left_out(tmp_path: Path) -> None:
    told = run_without_browser(HALLFLOW_REQUIRE="chromium")
    assert told.returncode == 1
    assert "HALLFLOW_REQUIRE names chromium, and it is missing" in told.stdout


def test_what_is_left_out_is_told_loudly() -> None:
    told = run_without_browser(HALLFLOW_REQUIRE="")
    assert told.returncode == 0
    assert "NOT EVERYTHING WAS TESTED" in told.stdout
    assert "1 tests left out, chromium: HALLFLOW_TEST_CHROMIUM names /no/browser" in told.stdout


def test_a_valkey_of_ones_own_can_be_ended(tmp_path: Path) -> None:
    process, url = start_valkey(tmp_path)
    process.kill()
    process.wait()
    assert not alive(process.pid)
    with redis.Redis.from_url(url) as client:
        try:
            client.ping()
        except redis.ConnectionError:
            return
    raise AssertionError("it still answers")


def serve_font(route: Route) -> None:
    path = route.request.url.removeprefix("http://hall.test/")
    if path:
        route.fulfill(path=FONT / path)
        return
    route.fulfill(
        content_type="text/html; charset=utf-8",
        body="""<!doctype html><link rel=stylesheet href=index.css>
        <p style="font: 40px 'Noto Sans SC Variable'">请到三号窗口</p>""",
    )


def ink(page: Page, character: str) -> str:
    draw = """character => {
        const canvas = document.createElement('canvas');
        const pen = canvas.getContext('2d');
        pen.font = "40px 'Noto Sans SC Variable'";
        pen.fillText(character, 10, 60);
        return canvas.toDataURL();
    }"""
    return page.evaluate(draw, character)


def run_without_browser(**environment: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "-p",
            "no:cacheprovider",
            f"{__file__}::{test_two_pages_are_two_visitors.__name__}",
        ],
        cwd=ROOT,
        env={**os.environ, "HALLFLOW_TEST_CHROMIUM": "/no/browser", **environment},
        capture_output=True,
        text=True,
        check=False,
    )
