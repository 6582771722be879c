"""An installation in one folder, used as its operator does: by the command line and over HTTP.

Nothing of `hallflow` is imported here: the same lines drive the version before, when the fixture is made, and the present one.
"""

import os
import signal
import subprocess
import time
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import requests

START_SECONDS = 300
STILL = 0.001
"""A pace at which an hour of a test is four seconds of the hall."""


@dataclass
class Installation:
    """A folder with config/ and data/, and the program that opens it."""

    program: Sequence[str]
    """The command `hallflow` of one version."""
    folder: Path
    at: str = ""
    """The moment of the hall at which the next process begins."""
    pace: float = STILL
    began: float = 0.0
    more: dict[str, str] = field(default_factory=dict)

    def set_clock(self, at: str, pace: float = STILL) -> None:
        """From now on, in every process that is started, it is this moment, and so many seconds pass in one."""
        self.at, self.pace, self.began = at, pace, time.time()

    @property
    def environment(self) -> dict[str, str]:
        """What the processes are told."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("HALLFLOW_")}
        return kept | {
            "HALLFLOW_DATA": str(self.folder / "data"),
            "HALLFLOW_CONFIG": str(self.folder / "config"),
            "HALLFLOW_HOST": "127.0.0.1",
            "HALLFLOW_DEMO_START": self.at,
            "HALLFLOW_DEMO_PACE": repr(self.pace),
            "HALLFLOW_DEMO_BEGAN": repr(self.began),
            **self.more,
        }

    def tried(self, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
        """Run a command, whatever it ends with."""
        command = [*self.program, *map(str, arguments)]
        return subprocess.run(command, env=self.environment, capture_output=True, text=True, check=False)

    def command(self, *arguments: str | Path) -> str:
        """Run a command that must end well; what it said."""
        done = self.tried(*arguments)
        assert done.returncode == 0, f"{arguments}: {done.returncode} {done.stdout} {done.stderr}"
        return done.stdout

    @contextmanager
    def running(self, port: int) -> Iterator["Halls"]:
        """The halls served at this port without a worker, so that nothing happens in them unless somebody does it."""
        log = self.folder / "server.log"
        log.unlink(missing_ok=True)
        with log.open("ab") as opened:
            process = subprocess.Popen(
                [*self.program, "run", "--no-work", "--port", str(port)],
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=opened,
                stderr=opened,
                start_new_session=True,
            )
        halls = Halls(f"http://127.0.0.1:{port}")
        try:
            _wait(process, log)
            yield halls
        finally:
            process.terminate()
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
            halls.talk.close()


def _wait(process: "subprocess.Popen[bytes]", log: Path) -> None:
    until = time.monotonic() + START_SECONDS
    # its own word for it: on a busy machine somebody else may have come to listen at this port first
    while "Hallflow is open" not in log.read_text():
        assert process.poll() is None, f"the server ended: {log.read_text()[-3000:]}"
        assert time.monotonic() < until, f"the server does not answer: {log.read_text()[-3000:]}"
        time.sleep(0.1)


class Halls:
    """Halls that are being served, spoken to over their API."""

    def __init__(self, url: str, sessions: dict[str, str] | None = None) -> None:
        self.url = url
        self.talk = requests.Session()
        self.sessions = sessions if sessions is not None else {}
        """Tokens by who it is: "central" for its manager, "central/3" for the clerk at counter 3."""

    def sign_in(self, who: str, pin: str) -> str:
        """Sign somebody in and remember the token."""
        hall, _, counter = who.partition("/")
        wish = {"hall": hall, "pin": pin} | ({"counter": counter} if counter else {})
        self.sessions[who] = self.ask("POST", "/session", wish)["token"]
        # the token says who asks, here as in other programs
        self.talk.cookies.clear()
        return self.sessions[who]

    def ask(self, method: str, path: str, body: Any = None, who: str | None = None, key: str | None = None) -> Any:
        """An answer that must be good."""
        answer = self.tried(method, path, body, who, key)
        assert answer.ok, f"{method} {path} {body} as {who}: {answer.status_code} {answer.text}"
        return answer.json()

    def tried(
        self, method: str, path: str, body: Any = None, who: str | None = None, key: str | None = None
    ) -> requests.Response:
        """Whatever comes."""
        headers = {"Accept-Language": "en"} | ({"Authorization": f"Bearer {self.sessions[who]}"} if who else {})
        if method == "POST":
            headers["Idempotency-Key"] = key or str(uuid.uuid4())
        return self.talk.request(method, f"{self.url}/api/v1{path}", json=body, headers=headers, timeout=120)

    def take(self, hall: str, service: str, **more: Any) -> dict[str, Any]:
        """A customer takes a number."""
        wish = {"service": service, "visit": str(uuid.uuid4()), **more}
        taken: dict[str, Any] = self.ask("POST", f"/halls/{hall}/tickets", wish)
        return taken

    def ticket(self, token: str) -> dict[str, Any]:
        """What its holder sees."""
        seen: dict[str, Any] = self.ask("GET", f"/tickets/{token}")
        return seen

    def does(self, who: str, verb: str, **body: Any) -> dict[str, Any]:
        """A verb of the clerk "hall/counter"."""
        hall, _, counter = who.partition("/")
        seen: dict[str, Any] = self.ask("POST", f"/halls/{hall}/counters/{counter}/{verb}", body, who)
        return seen
