"""A recording of an installation's output: responses of the API and commands, and pages with all that they load."""

import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

from tests.older.installation import Halls, Installation

PUBLIC = ("/halls", "/halls/central", "/halls/county", "/halls/central/counters")
OF_MANAGER = (
    *("floor", "advice", "roster/week?week=2026-03-04", "record", "learned", "standards?from=2026-03-03&to=2026-03-04"),
    *("replay/days", "replay/openings?day=2026-03-03", "events?limit=1000"),
    "replay?day=2026-03-03&at=2026-03-03T02:00:00Z",
)
COMMANDS = (("log", "verify"), ("history", "learned"), ("log", "explain", "A001", "--hall", "central"))
LOADED = re.compile(r"""(?:from|import|src=|href=)\s*["']([^"']+\.(?:js|css|svg))["']""")
IMPORTS = {
    "house/": "/static/house/",
    "kiosk/": "/kiosk-static/",
    "display/": "/display-static/",
    "console/": "/console-static/",
}
"""The import map of that version's pages."""
KEPT_HEADERS = ("Content-Type", "Cache-Control", "ETag", "Last-Modified", "Content-Security-Policy")


def record(house: Installation, halls: Halls, tickets: dict[str, str]) -> dict[str, Any]:
    """Everything that must still be said after an upgrade; the pages are written beside the data."""
    answers = [(path, None) for path in PUBLIC]
    answers += [(f"/tickets/{token}", None) for token in tickets.values()]
    answers += [(f"/tickets/{tickets[name]}/prefill", None) for name in ("serving", "waiting")]
    answers += [(f"/halls/{hall}/{path}", hall) for hall in ("central", "county") for path in OF_MANAGER]
    answers += [("/halls/county/roster?week=2026-03-04", "county"), ("/session", "county/1")]
    answers += [(f"/halls/central/counters/{n}", f"central/{n}") for n in (1, 2)]
    keep_pages(halls, house.folder / "pages", {
        "wall": "/wall/central",
        "phone": f"/t/{tickets['waiting']}",
        "console": "/console/central?counter=1",
    })  # fmt: skip
    qr = halls.talk.get(f"{halls.url}/api/v1/tickets/{tickets['waiting']}/qr.svg")
    assert qr.ok
    return {
        "tickets": tickets,
        "answers": [{"path": path, "who": who, "said": halls.ask("GET", path, who=who)} for path, who in answers],
        "commands": [{"command": line, "said": json.loads(house.command(*line, "--json"))} for line in COMMANDS],
        "qr": qr.text,
    }


def keep_pages(halls: Halls, folder: Path, pages: dict[str, str]) -> None:
    """Each page and, once, every file of the house's own that it loads, with the headers they came with."""
    index: dict[str, dict[str, str]] = {}
    to_come = list(pages.values())
    while to_come:
        path = to_come.pop()
        if path in index or path.startswith("/vendor/"):
            continue
        # the pages are shells: the same for everybody, signed in or not
        answer = halls.talk.get(f"{halls.url}{path}", headers={"Accept-Language": "zh-CN"})
        assert answer.ok, f"{path}: {answer.status_code}"
        index[path] = {name: answer.headers[name] for name in KEPT_HEADERS if name in answer.headers}
        file = folder / "files" / str(len(index))
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(answer.content)
        index[path]["file"] = file.name
        to_come += [address(found, path) for found in LOADED.findall(answer.text)]
    (folder / "index.json").write_text(json.dumps({"pages": pages, "files": index}, indent=1))


def address(found: str, page: str) -> str:
    """Where a browser looks for what a page or a module names."""
    for prefix, folder in IMPORTS.items():
        if found.startswith(prefix):
            return folder + found.removeprefix(prefix)
    return urlsplit(urljoin(f"http://hall{page}", found)).path
