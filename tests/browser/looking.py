"""Layout and accessibility checks of a page, and a screenshot of it to keep."""

import time
from pathlib import Path

from playwright.sync_api import Page

EYE = (Path(__file__).parent / "looking.js").read_text()
PATIENCE_SECONDS = 15
REST = """async (limit) => {
  // the places and sizes that the layout gives, which no animation changes, are the same three times in a row
  const layout = () => [...document.querySelectorAll("body *")].map((one) => [one.offsetLeft, one.offsetTop, one.offsetWidth, one.offsetHeight].join()).join(";");
  await document.fonts.ready;
  const until = performance.now() + limit;
  for (let last = "", times = 0; times < 3 && performance.now() < until; ) {
    await new Promise((go) => setTimeout(() => requestAnimationFrame(go), 50));
    const now = layout();
    times = now === last ? times + 1 : 0;
    last = now;
  }
}"""
"""Waits, in the page, until nothing moves there any more."""
FINGER, KIOSK_FINGER, MOUSE = 44, 72, 36
STILL = "*, *::before, *::after { animation: none !important; transition: none !important; caret-color: transparent !important; }"


def complaints(page: Page) -> list[str]:
    """Text cut off, off the page, hard to read or not translated; things too small to touch, or covered.

    A page is looked at when it has come to rest; what is wrong only for as long as it is being drawn is no fault of it.
    """
    # the thin bar stands on a clerk's desk, beside a mouse
    least = KIOSK_FINGER if "/kiosk/" in page.url else MOUSE if "bar=1" in page.url else FINGER
    until = time.monotonic() + PATIENCE_SECONDS
    while True:
        page.evaluate(f"({REST})({PATIENCE_SECONDS * 1000})")
        found = page.evaluate(f"({EYE})({least})")
        if not found or time.monotonic() > until:
            return [f"{page.url}: {fault}" for fault in found]
        page.wait_for_timeout(200)


def keep(page: Page, album: Path, name: str, *, whole: bool = False) -> None:
    """A picture of the page as it is now."""
    page.screenshot(path=album / f"{name}.png", full_page=whole, style=STILL, animations="disabled")
