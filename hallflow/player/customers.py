"""Customer agents: they arrive, fill in forms, defer, abandon, miss their call, return late and rate the service."""

import uuid
from datetime import datetime

from hallflow.player.answers import answers, half
from hallflow.player.hall_day import HallDay
from hallflow.player.made_up_past import shares_of

GOLD, SILVER = "88", "66"
"""Card prefixes of the sample halls' better tiers."""
TIERS = ((0.10, GOLD), (0.32, SILVER))
CARD_FORGOTTEN = 0.15
TWO_SERVICES = 0.04
PHONE = 0.3
FILLS, FILLS_HALF = 0.4, 0.55
"""Cumulative probabilities: of a complete form, and of a form at least half filled in."""
ABSENT, COMES_LATE = 0.045, 0.6
DEFERS = 0.04
PATIENCE_MINUTES = 55
RATES = 0.35
STARS = (1, 2, 3, 4, 4, 4, 5, 5, 5, 5, 5)
FOREIGN = 0.12
"""The share of customers who use the hall's second language."""


class Arrivals:
    """The arrival process: random arrivals at the hour's rate."""

    def __init__(self, stage: HallDay) -> None:
        self._stage = stage
        self._shares = shares_of(stage.services)

    def open(self, now: datetime) -> None:
        """Start the arrivals."""
        self._next(now)

    def _next(self, now: datetime) -> None:
        stage = self._stage
        minutes = stage.rng.expovariate(stage.per_hour(now) / 60)
        stage.agenda.after(minutes * 60, self._somebody_comes)

    def _somebody_comes(self, now: datetime) -> None:
        if now >= self._stage.last_arrival:
            return
        service = self._stage.rng.choices(list(self._shares), list(self._shares.values()))[0]
        Customer(self._stage, service).take_number(now)
        self._next(now)


class Customer:
    """One visit, from the arrival to the rating."""

    def __init__(self, stage: HallDay, service: str) -> None:
        rng = stage.rng
        self.services = [service]
        if rng.random() < TWO_SERVICES and (others := [key for key in stage.services if key != service]):
            self.services.append(rng.choice(others))
        self.absent = rng.random() < ABSENT
        """Whether they are somewhere else when called."""
        self.walk_seconds = rng.gammavariate(4, 8)
        self._stage = stage
        self._visit = str(uuid.UUID(int=rng.getrandbits(128), version=4))
        self._token = ""
        self._card = self._some_card()

    def _some_card(self) -> str | None:
        rng, drawn = self._stage.rng, self._stage.rng.random()
        begins = next((prefix for share, prefix in TIERS if drawn < share), None)
        if begins is None or rng.random() < CARD_FORGOTTEN:
            return None
        return f"{begins}{rng.randint(0, 99_999_999):08d}"

    def take_number(self, now: datetime) -> None:
        """At the kiosk."""
        stage, rng = self._stage, self._stage.rng
        language = stage.languages[min(rng.random() < FOREIGN, len(stage.languages) - 1)]
        asked = {"services": self.services, "visit": self._visit, "language": language}
        if self._card:
            asked["card"] = self._card
        elif rng.random() < PHONE:
            asked["phone"] = f"13{rng.randint(5, 9)}{rng.randint(0, 99_999_999):08d}"
        told = stage.line.post(f"/halls/{stage.hall}/tickets", asked)
        if told.status == 0:
            # idempotent: the same visit again gives the same number
            told = stage.line.post(f"/halls/{stage.hall}/tickets", asked)
        if not told.good:
            return
        self._token = told.body["token"]
        stage.customers[told.body["number"]] = self
        stage.issued += 1
        if told.body.get("form"):
            self._think_of_the_form()
        if rng.random() < DEFERS:
            stage.agenda.after(rng.uniform(60, 400), lambda _: self._say("defer", {"places": rng.randint(1, 3)}))
        stage.agenda.after(rng.expovariate(1 / (PATIENCE_MINUTES * 60)), self._lose_patience)

    def missed(self) -> None:
        """A no-show; some return late."""
        self.absent = False
        if self._stage.rng.random() < COMES_LATE:
            self._stage.agenda.after(self._stage.rng.uniform(60, 600), lambda _: self._say("late"))

    def served(self) -> None:
        """The visit is over: some rate it."""
        rng = self._stage.rng
        if rng.random() < RATES:
            self._stage.agenda.after(
                rng.uniform(10, 120), lambda _: self._say("feedback", {"stars": rng.choice(STARS)})
            )

    def _say(self, verb: str, body: dict[str, int] | None = None) -> None:
        self._stage.line.post(f"/tickets/{self._token}/{verb}", body)

    def _lose_patience(self, now: datetime) -> None:
        told = self._stage.line.get(f"/tickets/{self._token}")
        if told.good and told.body["state"] == "waiting":
            self._say("leave")

    def _think_of_the_form(self) -> None:
        rng, drawn = self._stage.rng, self._stage.rng.random()
        if drawn < FILLS_HALF:
            rightly = drawn < FILLS
            self._stage.agenda.after(rng.uniform(30, 200), lambda now: self._fill_in(now, rightly=rightly))

    def _fill_in(self, now: datetime, *, rightly: bool) -> None:
        line, rng, today = self._stage.line, self._stage.rng, now.astimezone(self._stage.zone).date()
        told = line.get(f"/tickets/{self._token}/prefill")
        if told.good:
            fields = told.body["form"]["fields"]
            given = answers(fields, rng, today) if rightly else half(fields, rng, today)
            line.put(f"/tickets/{self._token}/prefill", {"answers": given})
