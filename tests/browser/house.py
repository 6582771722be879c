"""The real server and its worker, started with the command of `make run`, and a client for one hall's API."""

import os
import signal
import subprocess
import sys
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import requests

from hallflow import clock
from tests.makers import ZONE
from tests.servers import free_port, note_process, wait_until

ROOT = Path(__file__).parents[2]
START_SECONDS = 300
CLERK, MANAGER = "1111", "9999"
NOON = datetime(2026, 3, 4, 12, tzinfo=ZONE)
"""When the hall's day goes on in these tests: at noon of an ordinary Wednesday, whatever the machine's own clock says."""


class Died(Exception):
    """The server ended before it answered."""


@contextmanager
def open_house(folder: Path, **settings: str) -> Iterator[str]:
    """Run `hallflow run --demo` in this folder until its address answers, and end it afterwards; it is noon when it opens."""
    port = free_port()
    log = (folder / "house.log").open("wb")
    process = subprocess.Popen(
        [sys.executable, "-m", "hallflow", "run", "--demo", "--port", str(port)],
        cwd=ROOT,
        env={**os.environ, "HALLFLOW_DATA": str(folder / "data"), clock.START: NOON.isoformat(), **settings},
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=log,
        # its server and its worker end with it, even where it is itself killed
        start_new_session=True,
    )
    if "HALLFLOW_TEST_FOLDER" in os.environ:
        note_process(Path(os.environ["HALLFLOW_TEST_FOLDER"]), "hallflow", process.pid)
    url = f"http://127.0.0.1:{port}"

    def answers() -> None:
        if process.poll() is not None:
            raise Died(f"hallflow run ended with {process.returncode}: {(folder / 'house.log').read_text()[-2000:]}")
        requests.get(f"{url}/healthz", timeout=5).raise_for_status()

    try:
        wait_until(answers, requests.RequestException, START_SECONDS)
        yield url
    finally:
        end(process)
        log.close()


def end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


class Desk:
    """A hall, and whoever does there by the API what no page of a test has to show."""

    def __init__(self, url: str, key: str = "central") -> None:
        self.url, self.key = url, key
        self.at = f"{url}/api/v1/halls/{key}"
        self._talk = requests.Session()
        self._tokens: dict[str | None, str] = {}

    def take(self, service: str, card: str | None = None, **more: Any) -> dict[str, Any]:
        """A number, as the kiosk gives it."""
        wish = {"service": service, "language": "zh", "visit": str(uuid.uuid4()), **more}
        return self._ask("POST", f"{self.at}/tickets", wish | ({"card": card} if card else {}))

    def ticket(self, token: str) -> dict[str, Any]:
        return self._ask("GET", f"{self.url}/api/v1/tickets/{token}")

    def of_ticket(self, token: str, verb: str, **body: Any) -> dict[str, Any]:
        return self._ask("POST", f"{self.url}/api/v1/tickets/{token}/{verb}", body)

    def prefill(self, token: str, **answers: Any) -> dict[str, Any]:
        return self._ask("PUT", f"{self.url}/api/v1/tickets/{token}/prefill", {"answers": answers})

    def does(self, counter: str, verb: str, **body: Any) -> dict[str, Any]:
        """A verb of the clerk who sits at this counter."""
        return self._ask("POST", f"{self.at}/counters/{counter}/{verb}", body, self._token(counter))

    def sees(self, counter: str) -> dict[str, Any]:
        """What the clerk at this counter sees."""
        return self._ask("GET", f"{self.at}/counters/{counter}", token=self._token(counter))

    def floor(self) -> dict[str, Any]:
        """What the manager sees."""
        return self._ask("GET", f"{self.at}/floor", token=self._token(None))

    def outlook(self) -> dict[str, Any]:
        return self._ask("GET", f"{self.at}/outlook", token=self._token(None))

    def advice(self) -> list[dict[str, Any]]:
        """Today's advice, newest first."""
        return self._ask("GET", f"{self.at}/advice", token=self._token(None))["advice"]

    def ask_for_advice(self) -> list[dict[str, Any]]:
        """Look ahead now."""
        return self._ask("POST", f"{self.at}/advice", {}, token=self._token(None))["advice"]

    def decline(self, advice: int) -> None:
        self._ask("POST", f"{self.at}/advice/{advice}/decline", {}, token=self._token(None))

    def what_if(self, counter: str, hours: int) -> dict[str, Any]:
        """This counter open for two hours, from so many hours on."""
        now = datetime.fromisoformat(self.floor()["at"]) + timedelta(hours=hours)
        change = {
            "counter": counter,
            "open": True,
            "at": now.isoformat(),
            "until": (now + timedelta(hours=2)).isoformat(),
        }
        return self._ask("POST", f"{self.at}/what-if", {"changes": [change]}, self._token(None))

    def kiosk(self) -> dict[str, Any]:
        return self._ask("GET", self.at)

    def open(self, *counters: str) -> None:
        for counter in counters:
            self.does(counter, "open")

    def empty(self) -> None:
        """Serve everybody who is still here, and close every counter: the next test finds a quiet hall."""
        floor = self.floor()
        for counter in floor["counters"]:
            if counter["ticket_state"]:
                self.does(counter["key"], "miss" if counter["ticket_state"] == "called" else "finish")
            if counter["state"] != "closed":
                self.does(counter["key"], "close")
        own = floor["counters"][0]["services"]
        picture = self.does("1", "open", services=[service["key"] for service in floor["services"]])
        while "call-next" in picture["can"] or picture["parked"] or picture["missed"]:
            picture = self._serve_one(picture)
        self.does("1", "open", services=own)
        self.does("1", "close")

    def _serve_one(self, picture: dict[str, Any]) -> dict[str, Any]:
        if "call-next" in picture["can"]:
            self.does("1", "call-next")
            self.does("1", "arrived")
        else:
            self.does("1", "resume", ticket=[*picture["parked"], *picture["missed"]][0]["number"])
        return self.does("1", "finish")

    def _token(self, counter: str | None) -> str:
        if counter not in self._tokens:
            wish = {"hall": self.key, "pin": CLERK if counter else MANAGER} | ({"counter": counter} if counter else {})
            self._tokens[counter] = self._ask("POST", f"{self.url}/api/v1/session", wish)["token"]
            # the browser's pages keep the cookie; here the token says who asks
            self._talk.cookies.clear()
        return self._tokens[counter]

    def _ask(self, method: str, address: str, body: Any = None, token: str | None = None) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        if method == "POST":
            headers["Idempotency-Key"] = str(uuid.uuid4())
        answer = self._talk.request(method, address, json=body, headers=headers, timeout=60)
        assert answer.ok, f"{method} {address} {body}: {answer.status_code} {answer.text}"
        return answer.json()

    def close(self) -> None:
        self._talk.close()
