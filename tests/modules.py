"""The pages' modules on their own: one function of one module is called in a browser, with no server behind it."""

import json
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, Route

from tests.chromium import PageAt

ROOT = Path(__file__).parents[1]
STATIC = {
    "house": ROOT / "hallflow/web/static/house",
    "kiosk": ROOT / "kiosk/static",
    "display": ROOT / "display/static",
    "console": ROOT / "hallflow/console/static",
}
SHELL = f"""<!doctype html><script type="importmap">
{json.dumps({"imports": {f"{name}/": f"/{name}/" for name in STATIC}})}
</script>"""


@pytest.fixture
def modules(page_at: PageAt) -> Page:
    """An empty page whose import map is the one of the house's pages."""
    page = page_at()

    def answer(route: Route) -> None:
        name, _, path = route.request.url.split("/", 3)[3].partition("/")
        if name in STATIC:
            route.fulfill(path=STATIC[name] / path, content_type="text/javascript")
        else:
            route.fulfill(body=SHELL, content_type="text/html")

    page.route("**/*", answer)
    page.goto("http://hall.test/")
    return page


def call(page: Page, module: str, function: str, *given: Any) -> Any:
    """Call one function of one module with JSON, and hand back its JSON."""
    ask = f"async (given) => (await import('{module}')).{function}(...JSON.parse(given))"
    return page.evaluate(ask, json.dumps(given))
