"""Pages opened before an upgrade keep working after it, and newly loaded ones have no module of the old version."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests
from playwright.sync_api import Page, Route, expect

from tests.chromium import PageAt
from tests.older.before import server_before
from tests.older.conftest import Left, copied
from tests.older.installation import Halls
from tests.servers import free_port

WALL, PHONE, CONSOLE = (1920, 1080), (390, 844), (1440, 900)
OLDER = "globalThis.older ?? 0"
NEWER = 'link[href^="/vendor/fonts/index.css?v="]'
"""Only a page of this version and later names its libraries so."""


@pytest.fixture
def pages(unpacked: Path) -> dict[str, str]:
    """Addresses by the name of the page."""
    found: dict[str, str] = json.loads((unpacked / "pages/index.json").read_text())["pages"]
    return found


@pytest.fixture(scope="module")
def halls(unpacked: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Halls]:
    """The present version's, for the tests in which nothing is swapped."""
    with copied(unpacked, tmp_path_factory.mktemp("halls")).opened() as opened_halls:
        yield opened_halls


@contextmanager
def before_the_upgrade(left: Left, unpacked: Path, port: int) -> Iterator[Halls]:
    """The halls as the version before showed them, at this port."""
    with left.opened() as halls, server_before(unpacked / "pages", port, int(halls.url.rpartition(":")[2])):
        yield halls


def opened(page_at: PageAt, port: int, path: str, size: tuple[int, int]) -> Page:
    page = page_at(*size, "zh-CN")
    page.set_default_timeout(60_000)
    page.goto(f"http://127.0.0.1:{port}{path}")
    return page


def test_pages_left_open_over_the_upgrade_go_on_and_loaded_anew_are_wholly_new(
    left: Left, unpacked: Path, pages: dict[str, str], page_at: PageAt
) -> None:
    port = free_port()
    with before_the_upgrade(left, unpacked, port) as halls:
        left.sign_in(halls, "central/1", "central/2")
        wall = opened(page_at, port, pages["wall"], WALL)
        phone = opened(page_at, port, pages["phone"], PHONE)
        console = page_at(*CONSOLE, "zh-CN")
        url = f"http://127.0.0.1:{port}"
        cookie = {"name": "hallflow_session", "value": halls.sessions["central/1"], "url": url}
        console.context.add_cookies([cookie])
        console.goto(f"{url}{pages['console']}")
        expect(wall.locator(".call").first).to_contain_text("A007", timeout=60_000)
        expect(phone.locator('[data-at="number"]').first).to_have_text("A008", timeout=60_000)
        expect(console.locator("body")).to_contain_text("A006", timeout=60_000)
        for page in (wall, phone, console):
            assert page.evaluate(OLDER) > 10, "it runs the old modules"
    with left.opened(port) as halls:
        left.sign_in(halls, "central/1", "central/2")
        halls.does("central/2", "arrived")
        halls.does("central/2", "finish", outcome="done")
        halls.does("central/2", "call", ticket="A008")
        expect(wall.locator(".call").first).to_contain_text("A008", timeout=60_000)
        expect(phone.locator("body")).to_contain_text("2号窗口", timeout=60_000)
        halls.does("central/1", "finish", outcome="done")
        expect(console.locator("body")).not_to_contain_text("A006", timeout=60_000)
        for page in (wall, phone, console):
            assert page.evaluate(OLDER) > 10, "nobody has loaded it anew"
            # now somebody does: the browser still keeps every old module
            page.reload()
            expect(page.locator(NEWER)).to_be_attached(timeout=60_000)
            assert page.evaluate(OLDER) == 0, "a new page runs no module of before"


@pytest.mark.parametrize("name", ["wall", "phone", "console"])
def test_an_old_page_out_of_the_browsers_memory_becomes_the_new_one(
    halls: Halls, unpacked: Path, pages: dict[str, str], page_at: PageAt, name: str
) -> None:
    """Its modules are asked of the new server, where many have another address now."""
    kept = json.loads((unpacked / "pages/index.json").read_text())["files"][pages[name]]
    page, asked = page_at(*WALL, "zh-CN"), []

    def remembered(route: Route) -> None:
        asked.append(route.request.url)
        if len(asked) > 1:
            route.fallback()
            return
        headers = {key: value for key, value in kept.items() if key != "file"}
        route.fulfill(body=(unpacked / "pages/files" / kept["file"]).read_bytes(), headers=headers)

    page.route(f"{halls.url}{pages[name].partition('?')[0]}*", remembered)
    page.goto(f"{halls.url}{pages[name]}")
    if name == "console":
        # none of its modules has moved: it is an old page with the new modules, and sends whoever has not signed in to do so
        page.wait_for_url("**/sign-in/**", timeout=60_000)
    else:
        expect(page.locator(NEWER)).to_be_attached(timeout=60_000)
        assert len(asked) == 2


# ---- what the addresses answer ----


def test_a_module_that_has_moved_is_answered_with_one_that_loads_the_page_anew(halls: Halls, page_at: PageAt) -> None:
    gone = requests.get(f"{halls.url}/display-static/gone.js", timeout=30)
    assert (gone.status_code, gone.headers["Cache-Control"]) == (200, "no-store")
    assert gone.headers["Content-Type"].startswith("text/javascript")
    assert requests.get(f"{halls.url}/display-static/gone.css", timeout=30).status_code == 404
    assert requests.get(f"{halls.url}/display-static/../gone.toml", timeout=30).status_code == 404
    page, loads = page_at(), []
    page.on("load", lambda: loads.append(1))
    page.goto(f"{halls.url}/")
    with page.expect_event("load"):
        page.evaluate("import('/display-static/gone.js').catch(() => {})")
    # a second time within the minute it is left alone, and the console says why
    said = page.evaluate("import('/display-static/gone.js').catch((fault) => fault.message)")
    assert "asks for a module that is not there" in said
    assert len(loads) == 2


def test_a_page_whose_module_does_not_come_loads_itself_until_it_does(halls: Halls, page_at: PageAt) -> None:
    page, refused = page_at(), []

    def once(route: Route) -> None:
        refused.append(route.request.url)
        route.abort() if len(refused) == 1 else route.fallback()

    page.route("**/house/draw.js", once)
    page.goto(f"{halls.url}/wall/central")
    expect(page.locator('[data-at="hall"]')).to_have_text("中心营业厅", timeout=60_000)
    assert len(refused) == 2


def test_a_validator_is_made_of_what_is_in_the_file(halls: Halls) -> None:
    address = f"{halls.url}/static/house/live.js"
    first = requests.get(address, timeout=30)
    assert first.headers["Cache-Control"] == "no-cache"
    again = requests.get(address, headers={"If-None-Match": first.headers["ETag"]}, timeout=30)
    assert (again.status_code, again.content) == (304, b"")
    # as the version before would have had it for a file of the same time and size
    other = requests.get(
        address,
        headers={
            "If-None-Match": '"1796075630.1275415-3385-3932295965"',
            "If-Modified-Since": first.headers["Date"],
        },
        timeout=30,
    )
    assert (other.status_code, other.content) == (200, first.content)
