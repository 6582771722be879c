"""Looking at a page: what a careful eye finds wrong, and a picture of it to keep."""

from pathlib import Path

from playwright.sync_api import Page

EYE = (Path(__file__).parent / "looking.js").read_text()
FINGER, KIOSK_FINGER, MOUSE = 44, 72, 36
STILL = "*, *::before, *::after { animation: none !important; transition: none !important; caret-color: transparent !important; }"


def complaints(page: Page) -> list[str]:
    """Text cut off, off the page, hard to read or not translated; things too small to touch, or covered."""
    # the thin bar stands on a clerk's desk, beside a mouse
    least = KIOSK_FINGER if "/kiosk/" in page.url else MOUSE if "bar=1" in page.url else FINGER
    return [f"{page.url}: {found}" for found in page.evaluate(f"({EYE})({least})")]


def keep(page: Page, album: Path, name: str, *, whole: bool = False) -> None:
    """A picture of the page as it is now."""
    page.screenshot(path=album / f"{name}.png", full_page=whole, style=STILL, animations="disabled")
