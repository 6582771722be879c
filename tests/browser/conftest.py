"""Fixtures: one server for all browser tests of a process, and pages that report every browser error."""

import os
import re
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import ConsoleMessage, Page, WebSocketRoute

from tests.browser.house import Desk, open_house
from tests.chromium import PageAt

KIOSK, PHONE, WALL, CONSOLE, TABLET = (1080, 1920), (390, 844), (1920, 1080), (1440, 900), (1024, 768)
TAGS = {"zh": "zh-CN", "en": "en-GB", "fr": "fr-FR"}
PICTURES = "HALLFLOW_TEST_PICTURES"
"""Names a folder for the screenshots; else they stand beside the tests."""


@pytest.fixture(scope="session")
def site() -> Iterator[str]:
    """The address of the real server, which runs as long as the tests of this process do."""
    with tempfile.TemporaryDirectory(prefix="hallflow-browser-") as name, open_house(Path(name)) as url:
        yield url


@pytest.fixture
def desk(site: str) -> Iterator[Desk]:
    """The city hall, quiet: all counters closed, nobody waiting."""
    with closing(Desk(site)) as desk:
        desk.empty()
        yield desk


@pytest.fixture
def visitors(site: str, visitors_of: "VisitorsOf") -> "Visitors":
    return visitors_of(site)


@pytest.fixture
def visitors_of(page_at: PageAt) -> Iterator["VisitorsOf"]:
    """Makes the visitors of a house from its address; a complaint of their browsers fails the test."""
    made: list[Visitors] = []

    def come(address: str) -> Visitors:
        made.append(Visitors(address, page_at))
        return made[-1]

    yield come
    faults = [fault for visitors in made for fault in visitors.faults]
    assert not faults, "\n".join(faults)


class Visitors:
    """Opens pages of the house, each as its own visitor with a browser in this language; a complaint of the browser fails the test."""

    def __init__(self, address: str, page_at: PageAt) -> None:
        self.address = address
        self.faults: list[str] = []
        self._page_at = page_at
        self._expected: list[str] = []

    def __call__(self, path: str, size: tuple[int, int], language: str = "zh", **more: Any) -> Page:
        page = self._page_at(*size, TAGS[language], **more)
        return self.go(page, path)

    def by_line(self, path: str, size: tuple[int, int]) -> tuple[Page, "Line"]:
        """A page whose line to the hall can be cut."""
        page = self._page_at(*size, "zh-CN")
        line = Line(page)
        self.expect("ERR_INTERNET_DISCONNECTED|WebSocket|ERR_FAILED")
        return self.go(page, path), line

    def go(self, page: Page, path: str) -> Page:
        page.on("console", lambda message: self._heard(page, message))
        page.goto(f"{self.address}{path}")
        return page

    def sign_in(
        self, path: str, size: tuple[int, int], place: str, language: str = "zh", hall: str = "central"
    ) -> Page:
        """A page of the staff, opened through the sign-in."""
        page = self(f"/sign-in/{hall}?next={path}", size, language)
        page.locator(f'input[name=place][value="{place}"]').check(force=True)
        page.locator("#pin").fill("9999" if place == "manager" else "1111")
        page.locator("#pin").press("Enter")
        page.wait_for_url(f"**{path.partition('?')[0]}*")
        return page

    def expect(self, complaint: str) -> None:
        """From now on the browser may complain of this, as it does when a test cuts the line or asks for a refusal."""
        self._expected.append(complaint)

    def _heard(self, page: Page, message: ConsoleMessage) -> None:
        if message.type == "error" and not any(re.search(known, message.text) for known in self._expected):
            self.faults.append(f"{page.url}: {message.text}")


VisitorsOf = Callable[[str], Visitors]


class Line:
    """A page's line to the hall: cut, nothing passes in either direction, on open sockets neither."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._down = False
        self._sockets: list[WebSocketRoute] = []
        page.context.route_web_socket(re.compile("/socket.io/"), self._connect)

    def cut(self) -> None:
        self._down = True
        self._page.context.set_offline(True)
        for socket in self._sockets:
            socket.close()
        self._sockets.clear()

    def mend(self) -> None:
        self._down = False
        self._page.context.set_offline(False)

    def _connect(self, socket: WebSocketRoute) -> None:
        if self._down:
            socket.close()
        else:
            socket.connect_to_server()
            self._sockets.append(socket)


@pytest.fixture(scope="session")
def album() -> Path:
    """Where the screenshots are kept, to be looked at."""
    folder = Path(os.environ.get(PICTURES) or Path(__file__).parent / "screenshots")
    folder.mkdir(parents=True, exist_ok=True)
    return folder
