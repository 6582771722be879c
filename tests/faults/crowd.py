"""A load of kiosks and clerks who record every response, to be compared with the log."""

import random
import threading
import time
import uuid
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from hallflow.domain.events import Event
from tests.exactly_once import check_events
from tests.faults.house import PATIENCE_SECONDS, Caller

SERVICES = ("bills", "sim", "plan_change")
COUNTERS = ("1", "2", "3", "4")


@dataclass
class Told:
    """One wish and the first answer to it."""

    path: str
    body: dict[str, Any]
    key: str
    counter: str | None
    number: str


@dataclass
class Crowd:
    """What everybody in the hall was told."""

    addresses: list[str]
    tickets: list[Told] = field(default_factory=list)
    calls: list[Told] = field(default_factory=list)
    lost: int = 0
    over: threading.Event = field(default_factory=threading.Event)

    def kiosk(self, seed: int) -> None:
        caller, choose = Caller(self.addresses, seed), random.Random(seed)
        while not self.over.is_set():
            body = {"service": choose.choice(SERVICES), "visit": str(uuid.uuid4())}
            key = str(uuid.uuid4())
            answer = caller.post("/halls/central/tickets", body, key)
            assert answer.status_code == 201, answer.text
            self.tickets.append(Told("/halls/central/tickets", body, key, None, answer.json()["number"]))
            time.sleep(0.01)
        self.lost += caller.lost
        caller.close()

    def clerk(self, counter: str) -> None:
        caller = Caller(self.addresses, int(counter)).sign_in(counter)
        at = f"/halls/central/counters/{counter}"
        assert caller.post(f"{at}/open").status_code == 200
        while not self.over.is_set():
            key = str(uuid.uuid4())
            answer = caller.post(f"{at}/call-next", {}, key)
            if answer.status_code == 409 and answer.json()["error"]["code"] == "nobody_waiting":
                time.sleep(0.02)
                continue
            assert answer.status_code == 200, answer.text
            self.calls.append(Told(f"{at}/call-next", {}, key, counter, answer.json()["serving"]["number"]))
            for verb in ("arrived", "finish"):
                answer = caller.post(f"{at}/{verb}")
                assert answer.status_code == 200, answer.text
        self.lost += caller.lost
        caller.close()

    def goes_on(self, numbers: int = 10, calls: int = 2) -> None:
        """Wait until so many more numbers are given and customers called, however long that takes here."""
        numbers, calls = len(self.tickets) + numbers, len(self.calls) + calls
        until = time.monotonic() + PATIENCE_SECONDS
        while len(self.tickets) < numbers or len(self.calls) < calls:
            assert time.monotonic() < until, "the hall stands still"
            time.sleep(0.02)

    def check(self, events: Sequence[Event]) -> None:
        """What was told is what was written: nothing acknowledged is lost, nothing is there twice."""
        check_events(events)
        issued = {event.ticket for event in events if event.kind == "issued"}
        given = [told.number for told in self.tickets]
        assert len(given) == len(set(given)), "one number was given to two visits"
        assert set(given) == issued, "a ticket was lost, or made for nobody"
        written = Counter((event.ticket, event.counter) for event in events if event.kind == "called")
        assert Counter((told.number, told.counter) for told in self.calls) == written, "a call was lost or made twice"

    def ask_again(self, times: int) -> None:
        """Everybody asks once more for what they have: with the same key they are told the same."""
        caller = Caller(self.addresses)
        for told in random.Random(7).sample(self.tickets, times):
            answer = caller.post(told.path, told.body, told.key)
            assert (answer.status_code, answer.json()["number"]) == (201, told.number)
            assert answer.headers["Idempotent-Replay"] == "true"
        caller.close()


@contextmanager
def busy(addresses: list[str]) -> Iterator[Crowd]:
    """A hall at work while the block does its harm; whoever was told something wrong fails the test."""
    crowd = Crowd(addresses)
    with ThreadPoolExecutor(8) as pool:
        work = [pool.submit(crowd.kiosk, seed) for seed in range(3)]
        work += [pool.submit(crowd.clerk, counter) for counter in COUNTERS]
        try:
            yield crowd
        finally:
            crowd.over.set()
        for one in work:
            one.result()
