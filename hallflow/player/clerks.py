"""Clerk agents: each reads its counter's console, does the next verb, and reads again.

A clerk decides by the console's last picture alone; after a refusal, as when a colleague was quicker or a person at the
screen acted first, it fetches the picture anew. When a person pauses or closes a counter by hand, its agent stops acting
there, so whoever watches the demo may take over.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from hallflow.player.hall_day import CannotPlay, HallDay
from hallflow.player.roster import Pause, Roster

PIN = "1111"
GLANCE_SECONDS = 12.0
ANSWER_SECONDS = 45
"""Seconds until a clerk calls again, or marks a customer who does not come as missed."""
SPREAD, PREFILLED_FACTOR = 0.5, 0.8
PARKS, TRANSFERS, ADDS, WALKS_IN, REQUEUES = 0.03, 0.03, 0.03, 0.006, 0.15
PARKED_MINUTES = (3, 8)
BREAK_MISSED = timedelta(minutes=90)
"""A break delayed for longer is cancelled."""
OUTCOMES = ("done",) * 9 + ("documents_missing", "follow_up", "advice_only")
Picture = dict[str, Any]
Mark = tuple[str, str | None]


class Clerk:
    """The agent at one counter for a day."""

    def __init__(self, stage: HallDay, roster: Roster, counter: str, services: list[str], token: str) -> None:
        self.counter = counter
        self.busy = False
        """Whether somebody stands at the counter, or is on the way."""
        self._stage, self._roster, self._token = stage, roster, token
        self._services = frozenset(services)
        self._path = f"/halls/{stage.hall}/counters/{counter}"
        self._rested: datetime | None = None
        """When the last break that was taken should have begun: with it those before it are over."""
        self._away: datetime | None = None
        self._left: Mark | None = None
        """How this clerk left the counter; another state or moment means that somebody else is here."""
        self._parked: dict[str, datetime] = {}
        self._next = 0
        self._seen: Picture = {}
        """The console as this clerk last saw it."""
        self._home = False
        """Whether the day's work is over; then nothing is begun any more."""

    @staticmethod
    def sign_in(stage: HallDay, counter: str) -> str | None:
        """The session token of this counter's clerk; None when another is signed in there."""
        told = stage.line.post("/session", {"hall": stage.hall, "pin": PIN, "counter": counter})
        if told.good:
            return str(told.body["token"])
        if told.code == "counter_taken":
            return None
        raise CannotPlay(f"{told.sentence} (the demo's PINs work where `hallflow run --demo` runs)")

    def look(self, now: datetime) -> None:
        """Fetch the console's picture, and act on it."""
        told = self._stage.line.get(self._path, self._token)
        if told.good:
            self._seen = told.body
            self._go_on(told.body, now)
        else:
            self._soon(GLANCE_SECONDS, self.look)

    def go_home(self, now: datetime) -> None:
        """Close the counter at the end of the demo, after its present customer."""
        if self._home:
            return
        self._home = True
        picture = self._stage.line.get(self._path, self._token).body
        if "counter" not in picture or _mark(picture) != self._left:
            return
        held = picture.get("serving")
        if held and held["state"] == "called":
            picture = self._stage.line.post(f"{self._path}/arrived", {}, self._token).body
        for _ in range(2):
            if picture.get("serving"):
                picture = self._stage.line.post(f"{self._path}/finish", {}, self._token).body
        if picture.get("counter", {}).get("state") in ("open", "paused"):
            self._stage.line.post(f"{self._path}/close", {}, self._token)

    def _do(self, verb: str, **body: Any) -> Picture | None:
        """Do a verb and merge its answer; None after a refusal, with another look scheduled."""
        told = self._stage.line.post(f"{self._path}/{verb}", body, self._token)
        if told.code == "nobody_waiting":
            self._stage.nobody_waits(self._services)
        if not told.good:
            self._soon(GLANCE_SECONDS, self.look)
            return None
        if verb in ("open", "pause", "close"):
            self._left = _mark(told.body)
        # a verb's answer is partial: the rest is as last seen
        self._seen = self._seen | told.body
        self._go_on(self._seen, self._stage.agenda.clock.now())
        return self._seen

    def _soon(self, seconds: float, step: Callable[[datetime], Any]) -> None:
        """Schedule this clerk's next step, which replaces an earlier one."""
        self._next = mine = self._next + 1

        def take(now: datetime) -> None:
            if mine == self._next and not self._home:
                step(now)

        self._stage.agenda.after(seconds, take)

    def _go_on(self, picture: Picture, now: datetime) -> None:
        """Choose the next step by the console's picture."""
        held, state = picture["serving"], picture["counter"]["state"]
        self.busy = bool(held)
        if self._left is None and state != "paused":
            self._left = _mark(picture)
        if self._left != _mark(picture):
            self._home, self.busy = True, False
        elif held and held["state"] == "called":
            self._await(held)
        elif held:
            self._serve(held)
        elif state == "closed":
            self._come_to_work(now)
        elif state == "paused":
            self._come_back(now)
        else:
            self._next_customer(picture, now)

    def _come_to_work(self, now: datetime) -> None:
        if self._roster.works(self.counter, now) or self._stage.deserted & self._services:
            self._soon(self._stage.rng.uniform(1, 40), lambda _: self._do("open"))
        else:
            self._soon(60, self.look)

    def _come_back(self, now: datetime) -> None:
        if self._away and now < self._away:
            # fetched first: a person may have taken over meanwhile
            self._soon((self._away - now).total_seconds(), self.look)
            return
        self._away = None
        self._do("open" if self._roster.works(self.counter, now) else "close")

    def _next_customer(self, picture: Picture, now: datetime) -> None:
        rng = self._stage.rng
        mine = sorted(self._services)
        back = next((number for number, at in self._parked.items() if at <= now), None)
        due = next((pause for pause in self._roster.breaks(self.counter, now) if self._is_due(pause, now)), None)
        if back:
            del self._parked[back]
            self._soon(5, lambda _: self._do("resume", ticket=back))
        elif due:
            self._rested = due.at
            self._away = now + timedelta(minutes=due.minutes)
            self._soon(3, lambda _: self._do("pause", reason=due.reason, minutes=due.minutes))
        elif not self._roster.works(self.counter, now) and not (self._anyone(mine) and self._last_one(picture)):
            self._soon(3, lambda _: self._do("close"))
        elif picture["waiting"] or self._anyone(mine):
            # a short pause between two customers
            self._soon(rng.uniform(3, 12), lambda _: self._call())
        elif rng.random() < WALKS_IN:
            self._soon(5, lambda _: self._do("walk-in", service=rng.choice(mine)))
        else:
            self._soon(rng.uniform(0.7, 1.3) * GLANCE_SECONDS, lambda at: self._glance(picture, at))

    def _is_due(self, pause: Pause, now: datetime) -> bool:
        return now - BREAK_MISSED < pause.at <= now and (self._rested is None or pause.at > self._rested)

    def _call(self) -> None:
        called = self._do("call-next")
        if called and called["serving"]:
            self._stage.one_less(called["serving"]["service"])

    def _glance(self, picture: Picture, now: datetime) -> None:
        """Check the shared queue lengths, without a request, for customers of this counter's services."""
        self._next_customer(picture | {"waiting": 0}, now)

    def _anyone(self, services: list[str]) -> bool:
        return any(self._stage.waiting.get(service) for service in services)

    def _last_one(self, picture: Picture) -> bool:
        """Whether this clerk stays while people wait: after closing all do, before it the last one at an open counter."""
        others = any(c["state"] == "open" and c["key"] != self.counter for c in picture["counters"])
        return self._stage.agenda.clock.now() >= self._stage.last_arrival or not others

    def _await(self, held: dict[str, Any]) -> None:
        """A customer was called: schedule their arrival, or the no-show."""
        customer, rng = self._stage.customers.get(held["number"]), self._stage.rng
        if customer is None or not customer.absent:
            self._soon(customer.walk_seconds if customer else 30, lambda _: self._do("arrived"))
        elif held["recalls"] == 0:
            self._soon(ANSWER_SECONDS, lambda _: self._do("recall"))
        elif rng.random() < REQUEUES:
            self._soon(ANSWER_SECONDS, lambda _: self._do("requeue"))
        else:
            customer.missed()
            self._soon(ANSWER_SECONDS, lambda _: self._do("miss"))

    def _serve(self, held: dict[str, Any]) -> None:
        """Draw the service time and the outcome at random."""
        rng, number = self._stage.rng, held["number"]
        prefilled = bool(held["form"] and held["form"]["accepted"])
        usual = float(held["standard_minutes"] or 8) * (PREFILLED_FACTOR if prefilled else 1.0)
        seconds = usual * 60 * rng.lognormvariate(-(SPREAD**2) / 2, SPREAD)
        drawn = rng.random()
        others = [key for key in self._stage.services if key != held["service"]]
        again = len(held["legs"]) > 1
        if drawn < PARKS and not again:
            self._soon(seconds * 0.4, lambda now: self._park(number, now))
        elif drawn < PARKS + TRANSFERS and others and not again:
            self._soon(seconds * 0.5, lambda _: self._do("transfer", service=rng.choice(others)))
        elif drawn < PARKS + TRANSFERS + ADDS and others and not again:
            self._soon(seconds * 0.7, lambda _: self._do("add-service", service=rng.choice(others)))
        else:
            last = held["legs"][-1]["state"] != "to come"
            self._soon(seconds, lambda _: self._finish(number, last=last))

    def _park(self, number: str, now: datetime) -> None:
        self._parked[number] = now + timedelta(minutes=self._stage.rng.uniform(*PARKED_MINUTES))
        self._do("park", reason="papers")

    def _finish(self, number: str, *, last: bool) -> None:
        done = self._do("finish", outcome=self._stage.rng.choice(OUTCOMES))
        customer = self._stage.customers.get(number)
        if done is not None and last:
            self._stage.served += 1
            if customer:
                customer.served()


def _mark(picture: Picture) -> Mark:
    """The counter's state, and since when."""
    return picture["counter"]["state"], picture["counter"]["since"]
