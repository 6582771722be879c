"""The client of the public HTTP API: a refusal is a return value, not an exception."""

from dataclasses import dataclass
from typing import Any

import requests

from hallflow.config.texts import COMMAND_LINE

TIMEOUT = 20
NO_CONTACT = "no_contact"


@dataclass(frozen=True, slots=True)
class Response:
    """A response: a body, or an error's code and sentence."""

    status: int
    body: dict[str, Any]

    @property
    def good(self) -> bool:
        """Whether the request succeeded."""
        return 200 <= self.status < 300

    @property
    def code(self) -> str | None:
        """The code of a refusal."""
        error = self.body.get("error")
        return (
            error.get("code", str(self.status)) if isinstance(error, dict) else None if self.good else str(self.status)
        )

    @property
    def sentence(self) -> str:
        """The refusal in words."""
        error = self.body.get("error")
        return str(error.get("message", self.code)) if isinstance(error, dict) else f"HTTP {self.status}"


class Client:
    """One HTTP connection to a hall's server."""

    def __init__(self, url: str) -> None:
        self.url = url.rstrip("/")
        self.requests = 0
        self.refused: dict[str, int] = {}
        """Refusals by code."""
        self._session = requests.Session()
        self._session.headers["Accept-Language"] = COMMAND_LINE

    def get(self, path: str, token: str | None = None) -> Response:
        """GET, with one retry, since an idle connection may have been closed meanwhile."""
        first = self._ask("GET", path, token, None)
        return self._ask("GET", path, token, None) if first.code == NO_CONTACT else first

    def post(self, path: str, body: dict[str, Any] | None = None, token: str | None = None) -> Response:
        """POST a command."""
        return self._ask("POST", path, token, body or {})

    def put(self, path: str, body: dict[str, Any]) -> Response:
        """PUT a value."""
        return self._ask("PUT", path, None, body)

    def close(self) -> None:
        """Close the connection."""
        self._session.close()

    def _ask(self, method: str, path: str, token: str | None, body: dict[str, Any] | None) -> Response:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        self.requests += 1
        # a session cookie must not authenticate another counter's clerk
        self._session.cookies.clear()
        try:
            told = self._session.request(
                method, f"{self.url}/api/v1{path}", json=body, headers=headers, timeout=TIMEOUT
            )
            answer = Response(told.status_code, told.json())
        except requests.exceptions.JSONDecodeError:
            answer = Response(told.status_code, {"error": {"code": "not_json", "message": "not a Hallflow server"}})
        except requests.RequestException as fault:
            said = {"code": NO_CONTACT, "message": f"no contact with {self.url}: {type(fault).__name__}"}
            answer = Response(0, {"error": said})
        if answer.code:
            self.refused[answer.code] = self.refused.get(answer.code, 0) + 1
        return answer
