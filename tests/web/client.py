"""A client of the API, anonymous or signed in, and the assertion that a request is refused."""

from typing import Any

from werkzeug.test import TestResponse

from hallflow.app import create_app
from hallflow.house import House
from hallflow.storage.log import ledger

ERROR_KEYS = {"code", "message"}


class Api:
    """A client of one house; `as_clerk` and `as_manager` give others of the same application."""

    def __init__(self, house: House, app: Any = None, token: str | None = None) -> None:
        self.house = house
        self.app = app or create_app(house)[0]
        self._client = self.app.test_client(use_cookies=False)
        self._headers = {"Authorization": f"Bearer {token}"} if token else {}

    def as_clerk(self, counter: str = "1", hall: str = "central", pin: str = "1111") -> "Api":
        return self._as({"hall": hall, "pin": pin, "counter": counter})

    def as_manager(self, hall: str = "central", pin: str = "9999") -> "Api":
        return self._as({"hall": hall, "pin": pin})

    def _as(self, body: dict[str, str]) -> "Api":
        answer = self.post("/session", body)
        assert answer.status_code == 200, answer.text
        return Api(self.house, self.app, answer.json["token"])

    def call(self, method: str, path: str, **more: Any) -> TestResponse:
        headers = self._headers | more.pop("headers", {})
        return self._client.open(
            path if path.startswith("//") else f"/api/v1{path}", method=method, headers=headers, **more
        )

    def get(self, path: str, **more: Any) -> TestResponse:
        return self.call("GET", path, **more)

    def post(self, path: str, body: Any = None, **more: Any) -> TestResponse:
        return self.call("POST", path, json={} if body is None else body, **more)

    def put(self, path: str, body: Any, **more: Any) -> TestResponse:
        return self.call("PUT", path, json=body, **more)

    def page(self, path: str, **more: Any) -> TestResponse:
        return self._client.get(path, **more)

    def take(self, service: str = "bills", hall: str = "central", **more: Any) -> dict[str, Any]:
        """A ticket just taken."""
        answer = self.post(f"/halls/{hall}/tickets", {"service": service, **more})
        assert answer.status_code == 201, answer.text
        return answer.json

    def verb(self, verb: str, counter: str = "1", hall: str = "central", **body: Any) -> TestResponse:
        return self.post(f"/halls/{hall}/counters/{counter}/{verb}", body)

    def refuses(self, status: int, code: str, method: str, path: str, field: str | None = None, **more: Any) -> None:
        """This request is answered so, in both languages, and writes nothing."""
        before = self.written()
        messages = set()
        for lang in ("zh", "en"):
            headers = more.get("headers", {}) | {"Accept-Language": lang}
            answer = self.call(method, path, **more | {"headers": headers})
            assert answer.status_code == status, answer.text
            assert answer.mimetype == "application/json"
            error = answer.json["error"]
            assert error["code"] == code, error
            assert set(error) - {"field"} == ERROR_KEYS
            assert field is None or error["field"] == field, error
            assert error["message"]
            assert "{" not in error["message"]
            assert "None" not in error["message"]
            messages.add(error["message"])
        assert len(messages) == 2, "the message is in the caller's language"
        assert self.written() == before, "a refused request must write nothing"

    def written(self) -> dict[str, int]:
        with self.house.engine.connect() as connection:
            return ledger.heads(connection)
