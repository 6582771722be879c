"""A real day's customers through the real application; at its end log, tables and hall agree."""

import heapq
import statistics
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from hallflow.app import create_app
from hallflow.domain.floor import empty_floor
from hallflow.domain.floor_events import evolve
from hallflow.domain.past.visit import Visit
from hallflow.domain.ticket import Ticket
from hallflow.foresight.learning.learned import learn
from hallflow.foresight.learning.service_times import Reading
from hallflow.hall import Hall
from hallflow.house import House
from hallflow.jobs.tasks import TASKS, run
from hallflow.operations.accounts.staff import add_staff
from hallflow.storage.log import ledger
from hallflow.storage.records import history
from tests.makers import FakeClock, a_house
from tests.walks.warsaw import HALL, SAMPLE, Logged, Seen, a_config, counters_of, logged, seen

# one walk for all of them: they stay in one process
pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("warsaw")]
OUTLOOK_MINUTES = 15
USUAL_MINUTES = 8.0


@pytest.fixture(scope="module")
def walked(tmp_path_factory: pytest.TempPathFactory) -> Iterator["Day"]:
    folder = tmp_path_factory.mktemp("warsaw")
    with a_day(folder) as day:
        day.walk()
        yield day


def test_every_customer_of_the_log_is_served_and_nobody_twice(walked: "Day") -> None:
    tickets = walked.tickets()
    assert len(tickets) == len(walked.customers) == 347
    assert Counter(ticket.state for ticket in tickets) == {"served": 347}
    finished = Counter(e.ticket for e in walked.events() if e.kind == "finished")
    assert set(finished.values()) == {1}
    assert not walked.hall.floor.tickets


def test_numbers_are_unique_and_every_customer_was_shown_a_wait(walked: "Day") -> None:
    assert (
        len({answer["number"] for answer in walked.answers})
        == len({answer["token"] for answer in walked.answers})
        == 347
    )
    assert [answer["number"] for answer in walked.answers if answer["promise"] is None] == []
    assert [ticket.number for ticket in walked.tickets() if ticket.promise is None] == []


def test_replaying_the_log_gives_the_tables_and_the_hall(walked: "Day") -> None:
    events = walked.events()
    assert [event.seq for event in events] == list(range(1, len(events) + 1))
    floor = empty_floor(walked.hall.plan, walked.hall.floor.day)
    replayed: dict[str, Ticket] = {}
    for event in events:
        ticket = evolve(floor, event)
        if ticket:
            replayed[ticket.number] = ticket
    assert floor == walked.hall.floor
    assert replayed == {ticket.number: ticket for ticket in walked.tickets()}
    with walked.hall.reading() as connection:
        assert ledger.counters_of(connection, HALL) == floor.counters


def test_the_hall_called_when_the_log_called(walked: "Day") -> None:
    """Calls come at the same moments, so everybody together waits as long as they did in Warsaw."""
    real = [(c.called_at - c.issued_at).total_seconds() / 60 for c in walked.customers]
    ours = [(t.legs[0].called_at - t.issued_at).total_seconds() / 60 for t in walked.tickets() if t.legs[0].called_at]
    assert statistics.fmean(ours) == pytest.approx(statistics.fmean(real), abs=0.05)


def test_most_waits_end_within_the_range_that_was_shown(walked: "Day") -> None:
    kept = [
        t.promise[0] <= (t.legs[0].called_at - t.issued_at).total_seconds() / 60 <= t.promise[2] + 1
        for t in walked.tickets()
        if t.promise and t.legs[0].called_at
    ]
    assert sum(kept) / len(kept) > 0.6


def test_the_day_becomes_history_when_the_next_one_begins(walked: "Day") -> None:
    walked.clock.at += timedelta(days=1)
    assert all(run(walked.house, TASKS[job]) for job in ("day", "history"))
    with walked.hall.reading() as connection:
        kept = list(history.visits_between(connection, HALL, walked.day, walked.day))
    assert len(kept) == 347
    assert {visit.outcome for visit in kept} == {"served"}


# ---- the day ----


@contextmanager
def a_day(folder: Path) -> Iterator["Day"]:
    customers = logged()
    clock = FakeClock(min(s.at for s in seen()) - timedelta(minutes=10))
    house = a_house(folder, clock, demo=False, config=a_config(folder, USUAL_MINUTES))
    try:
        yield Day(house, clock, customers)
    finally:
        house.engine.dispose()


class Day:
    """Walks from one logged moment to the next; whatever happens, happens through the API."""

    def __init__(self, house: House, clock: FakeClock, customers: list[Logged]) -> None:
        self.house, self.clock, self.customers = house, clock, customers
        self.hall: Hall = house.halls[HALL]
        self.day = self.hall.floor.day
        self.answers: list[dict[str, Any]] = []
        self.client = create_app(house)[0].test_client(use_cookies=False)
        self.minutes = self._learned_minutes()
        self._steps: list[tuple[datetime, int, Callable[[], None]]] = []
        self._order = count()
        self._tokens = self._sign_in()
        self._open: dict[str, list[str]] = {service: [] for service in self.hall.plan.services}
        self._serving: dict[str, datetime] = {}
        """By counter: when its customer is due to be done."""
        self._closing: set[str] = set()

    def walk(self) -> None:
        # of one moment: counters open first, then numbers are given, then customers are called
        for reading in self._readings():
            self._at(reading.at, lambda reading=reading: self._staff(reading))
        for customer in sorted(self.customers, key=lambda c: c.issued_at):
            self._at(customer.issued_at, lambda customer=customer: self._take(customer))
        for customer in sorted(self.customers, key=lambda c: c.called_at):
            self._at(customer.called_at, lambda customer=customer: self._call(customer.service))
        first, last = self.clock.at, max(c.called_at for c in self.customers)
        for n in range(int((last - first) / timedelta(minutes=OUTLOOK_MINUTES)) + 1):
            self._at(first + n * timedelta(minutes=OUTLOOK_MINUTES), self._outlook)
        while self._steps:
            at, _, step = heapq.heappop(self._steps)
            self.clock.at = max(self.clock.at, at)
            step()

    def tickets(self) -> list[Ticket]:
        with self.hall.reading() as connection:
            return [held.ticket for held in ledger.tickets_of(connection, HALL, self.day)]

    def events(self) -> list[Any]:
        with self.hall.reading() as connection:
            return [e for e in ledger.events_after(connection, HALL, 0) if e.at.date() <= self.day]

    def _at(self, moment: datetime, step: Callable[[], None]) -> None:
        heapq.heappush(self._steps, (moment, next(self._order), step))

    def _readings(self) -> list[Seen]:
        """Each interval with the larger count of its two ends: a counter opened somewhere in between."""
        found = []
        for service in self.hall.plan.services:
            mine = sorted((s for s in seen() if s.service == service), key=lambda s: s.at)
            found += [replace(a, open=max(a.open, b.open)) for a, b in zip(mine, [*mine[1:], mine[-1]], strict=True)]
        return sorted(found, key=lambda s: s.at)

    def _learned_minutes(self) -> dict[str, float]:
        """How long a service takes here, from the gaps between the log's calls."""
        visits = [Visit(HALL, c.number, c.service, "standard", c.issued_at, c.called_at) for c in self.customers]
        readings = [Reading(s.service, s.at, s.open) for s in seen()]
        until = max(c.called_at for c in self.customers) + timedelta(hours=1)
        return {key: time.mean for key, time in learn(visits, self.hall.plan, until, readings).times.items()}

    def _sign_in(self) -> dict[str, str]:
        tokens = {}
        for counter in self.hall.plan.counters:
            _, pin = add_staff(self.house.turns, HALL, f"Clerk {counter}", "clerk")
            told = self.client.post("/api/v1/session", json={"hall": HALL, "pin": pin, "counter": counter})
            assert told.status_code == 200, told.json
            tokens[counter] = told.json["token"]
        return tokens

    def _do(self, counter: str, verb: str) -> dict[str, Any]:
        told = self.client.post(
            f"/api/v1/halls/{HALL}/counters/{counter}/{verb}",
            json={},
            headers={"Authorization": f"Bearer {self._tokens[counter]}"},
        )
        assert told.status_code == 200, (counter, verb, told.json)
        return told.json

    def _take(self, customer: Logged) -> None:
        visit = str(uuid.uuid5(uuid.NAMESPACE_OID, f"{customer.number}{customer.issued_at}"))
        told = self.client.post(f"/api/v1/halls/{HALL}/tickets", json={"service": customer.service, "visit": visit})
        assert told.status_code == 201, told.json
        self.answers.append(told.json)

    def _outlook(self) -> None:
        assert run(self.house, TASKS["outlook"])
        self.house.look_around()

    def _staff(self, reading: Seen) -> None:
        mine = self._open[reading.service]
        staying = [counter for counter in mine if counter not in self._closing]
        while len(staying) < reading.open:
            counter = next((c for c in mine if c in self._closing), None)
            if counter:
                self._closing.discard(counter)
            else:
                counter = self._open_one(reading.service)
            staying.append(counter)
        for counter in sorted(staying, key=lambda c: c in self._serving)[: max(len(staying) - reading.open, 0)]:
            self._closing.add(counter)
            if counter not in self._serving:
                self._close(counter)

    def _open_one(self, service: str) -> str:
        every = [key for key, counter in self.hall.plan.counters.items() if service in counter.services]
        counter = next(key for key in every if key not in self._open[service])
        self._do(counter, "open")
        self._open[service].append(counter)
        return counter

    def _close(self, counter: str) -> None:
        self._do(counter, "close")
        self._closing.discard(counter)
        for mine in self._open.values():
            if counter in mine:
                mine.remove(counter)

    def _call(self, service: str) -> None:
        """At a free counter; where all are busy, the one that has served longest was done by then."""
        counters = self._open[service] or [self._open_one(service)]
        counter = min(counters, key=lambda c: self._serving.get(c, datetime.min.replace(tzinfo=self.clock.at.tzinfo)))
        if counter in self._serving:
            self._finish(counter)
            if counter not in self._open[service]:
                return self._call(service)
        picture = self._do(counter, "call-next")
        assert picture["serving"]["service"] == service
        self._do(counter, "arrived")
        due = self.clock.at + timedelta(minutes=self.minutes[service])
        self._serving[counter] = due
        self._at(due, lambda: self._finish(counter) if self._serving.get(counter) == due else None)
        return None

    def _finish(self, counter: str) -> None:
        self._do(counter, "finish")
        del self._serving[counter]
        if counter in self._closing:
            self._close(counter)


def test_the_sample_is_what_its_readme_says() -> None:
    assert (SAMPLE.parent / "README.md").read_text(encoding="utf-8").count("kolejkeR") == 1
    assert len({c.service for c in logged()}) == 6
    assert counters_of("q1", 2) == ["q1-1", "q1-2"]
