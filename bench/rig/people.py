"""The users of the measured hall: clerks signed in at every counter, and a thousand waiting customers."""

import uuid
from collections.abc import Iterator
from itertools import cycle
from typing import Any

from bench.rig.house import COUNTERS, HALL, OFFERED
from bench.rig.wire import Answer, Clients, Timed, request

WAITING = 1000
# of ten customers one shows a gold card and two a silver one
CARDS = ("8800123456", None, "6600123456", None, None, "6600654321", None, None, None, None)


class People:
    """Who comes to the hall and who works in it."""

    def __init__(self, client: Clients, hall: str = HALL) -> None:
        self.hall, self._base = hall, f"/api/v1/halls/{hall}"
        self.manager = _token(client.one(request("POST", "/api/v1/session", {"hall": hall, "pin": "9999"})))
        self._clerks = {key: self._sits(client, key) for key in map(str, range(1, COUNTERS + 1))}
        self._arrivals = zip(cycle(_asked_for()), cycle(CARDS), strict=True)

    def _sits(self, client: Clients, counter: str) -> str:
        sign_in = {"hall": self.hall, "pin": "1111", "counter": counter}
        token = _token(client.one(request("POST", "/api/v1/session", sign_in)))
        good(client.one(request("POST", f"{self._base}/counters/{counter}/open", {}, token)))
        return token

    def arrivals(self, customers: int) -> list[bytes]:
        """So many customers, each asking for a number."""
        return [_arrival(self._base, *next(self._arrivals)) for _ in range(customers)]

    def verb(self, verb: str) -> list[bytes]:
        """This verb at every counter."""
        return [self.at(counter, verb) for counter in self._clerks]

    def at(self, counter: str, verb: str) -> bytes:
        """This verb at one counter."""
        return request(
            "POST", f"{self._base}/counters/{counter}/{verb}", {}, self._clerks[counter], key=str(uuid.uuid4())
        )

    def fill(self, client: Clients, waiting: int = WAITING) -> list[Answer]:
        """Let customers come until a thousand wait."""
        here = client.one(request("GET", self._base)).body["waiting"]
        return [good(answer) for answer in client.all(self.arrivals(max(waiting - here, 0)), Timed())]

    def log(self, client: Clients) -> Iterator[dict[str, Any]]:
        """The hall's whole log."""
        after = 0
        while told := client.one(
            request("GET", f"{self._base}/events?after={after}&limit=1000", None, self.manager)
        ).body["events"]:
            yield from told
            after = told[-1]["seq"]


def good(answer: Answer) -> Answer:
    """An answer that is no refusal."""
    if answer.status not in (200, 201):
        raise RuntimeError(f"the hall answered {answer.status}: {answer.raw[-400:].decode(errors='replace')}")
    return answer


def _arrival(base: str, service: str, card: str | None) -> bytes:
    asked = {"service": service, "visit": str(uuid.uuid4())} | ({"card": card} if card else {})
    return request("POST", f"{base}/tickets", asked, key=str(uuid.uuid4()))


def _token(answer: Answer) -> str:
    return str(good(answer).body["token"])


def _asked_for() -> list[str]:
    """Services in the proportion in which the counters offer them, so that no line runs dry."""
    weights: dict[str, float] = {}
    for offered in OFFERED:
        for service in offered:
            weights[service] = weights.get(service, 0.0) + 1 / len(offered)
    asked: list[str] = []
    owed = dict.fromkeys(weights, 0.0)
    for _ in range(97):
        for service, weight in weights.items():
            owed[service] += weight / len(OFFERED)
        service = max(owed, key=lambda key: owed[key])
        owed[service] -= 1
        asked.append(service)
    return asked
