"""`make pictures`: simulate a busy morning in the city hall, and take the README's screenshot of each page.

The hall is the one of `hallflow demo`: made-up customers and clerks, everything over the public API. Its own clerk of
counter 5 is this program's, so that the console shows a customer with answers.
"""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator

import requests
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.browser.conftest import CONSOLE, KIOSK, PHONE, WALL
from tests.browser.house import ROOT, Desk, end
from tests.browser.looking import keep
from tests.chromium import choose_node, find_chromium
from tests.servers import free_port, wait_until

FOLDER = ROOT / "docs/pictures"
SPEED, MINUTES, UNTIL = 20, 240, 130
"""The play's speed; how long it would last; the minute of it (from 08:30) at which the pictures are taken."""
KIOSK_SCALE = 0.5
MOST_BYTES = 250_000


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    with busy_hall() as url, chromium() as browser, contextlib.closing(Desk(url)) as desk:
        wait_for_the_morning(desk)
        take(browser, desk, url)
    for picture in sorted(FOLDER.glob("*.png")):
        size = picture.stat().st_size
        print(f"{picture.relative_to(ROOT)}  {size // 1000} kB")
        if size > MOST_BYTES:
            sys.exit(f"{picture.name} is larger than {MOST_BYTES // 1000} kB")


@contextlib.contextmanager
def busy_hall() -> Iterator[str]:
    """`hallflow demo` on a port of its own, ended with its server."""
    port = free_port()
    play = ["demo", "--day", "busy", "--speed", str(SPEED), "--minutes", str(MINUTES), "--port", str(port)]
    process = subprocess.Popen(
        [sys.executable, "-m", "hallflow", *play], cwd=ROOT, stdin=subprocess.DEVNULL, start_new_session=True
    )
    url = f"http://127.0.0.1:{port}"
    try:
        wait_until(lambda: requests.get(f"{url}/healthz", timeout=5), requests.RequestException, 90)
        yield url
    finally:
        process.send_signal(signal.SIGINT)
        end(process)


@contextlib.contextmanager
def chromium() -> Iterator[Browser]:
    found = find_chromium()
    choose_node()
    with sync_playwright() as playwright:
        yield playwright.chromium.launch(
            executable_path=found.program,
            args=found.options,
            env={**os.environ, **found.environment},
            chromium_sandbox=False,
        )


def wait_for_the_morning(desk: Desk) -> None:
    print(f"A busy morning at {SPEED} times its speed: about {UNTIL * 60 // SPEED // 60} minutes", flush=True)
    time.sleep(UNTIL * 60 / SPEED)
    print(f"{desk.kiosk()['at']}: {desk.floor()['figures']}", flush=True)


def take(browser: Browser, desk: Desk, url: str) -> None:
    """All five, of the same hall within the same minute or two."""

    def visit(path: str, size: tuple[int, int], scale: float = 1) -> Page:
        width, height = size
        page = browser.new_context(
            viewport={"width": width, "height": height}, device_scale_factor=scale, locale="en-GB"
        ).new_page()
        page.goto(f"{url}{path}{'&' if '?' in path else '?'}lang=en")
        return page

    def sign_in(path: str, place: str) -> Page:
        page = visit(f"/sign-in/central?next={path}", CONSOLE)
        page.locator(f'input[name=place][value="{place}"]').check(force=True)
        page.locator("#pin").fill("9999" if place == "manager" else "1111")
        page.locator("#pin").press("Enter")
        page.wait_for_url(f"**{path}*")
        return page

    dashboard = sign_in("/dashboard/central", "manager")
    expect(dashboard.locator('.chart[data-at="counters"] .trace').first).to_be_visible(timeout=60_000)
    dashboard.wait_for_timeout(2000)
    keep(dashboard, FOLDER, "dashboard")
    wall = visit("/wall/central?sound=off", WALL)
    kiosk = visit("/kiosk/central", KIOSK, KIOSK_SCALE)
    ticket = desk.take(longest_line(desk), language="en")
    phone = visit(ticket["url"], PHONE)
    expect(phone.locator('[data-at="range"]')).to_be_visible()
    keep(phone, FOLDER, "phone")
    expect(kiosk.locator("[data-screen=welcome] .service").first).to_be_visible()
    keep(kiosk, FOLDER, "kiosk")
    expect(wall.locator(".call").nth(7)).to_be_visible()
    keep(wall, FOLDER, "wall")
    keep(serving(sign_in, desk), FOLDER, "console")


def longest_line(desk: Desk) -> str:
    """The service that most people wait for now, and that has a form to fill in."""
    asked = [service for service in desk.kiosk()["services"] if service["form"] and service["wait"]]
    return str(max(asked, key=lambda service: service["waiting"])["key"])


def serving(sign_in: Callable[[str, str], Page], desk: Desk) -> Page:
    """A console with a customer who has filled in a form: some counter of the play has one soon."""
    for tries in range(600):
        for counter in desk.floor()["counters"]:
            if counter["ticket_state"] != "serving":
                continue
            seen = desk.sees(counter["key"])
            form = (seen["serving"] or {}).get("form") or {}
            if form.get("fields") and len(seen["next"]) >= max(1, 5 - tries // 40):
                page = sign_in("/console/central", counter["key"])
                page.wait_for_timeout(300)
                if page.locator(".answer").count():
                    return page
        time.sleep(0.2)
    raise TimeoutError("no customer with a form came to a counter")


if __name__ == "__main__":
    main()
