"""The simulation run: creates the agents of one hall, runs its day, and audits the log."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from hallflow.domain.roster.seats import seats_of
from hallflow.player.audit import Report, audit, events
from hallflow.player.clerks import Clerk
from hallflow.player.customers import Arrivals
from hallflow.player.hall_day import DAYS, CannotPlay, HallDay
from hallflow.player.line import Client
from hallflow.player.roster import Roster

MANAGER_PIN = "9999"
HEAR_SECONDS, HEAR_AT_LEAST = 8.0, 0.2
"""The interval of fetching queue lengths in the hall's seconds, and its minimum in real seconds."""
ROSTER_SECONDS = 120.0
"""The interval of fetching the roster."""
CLEARING = timedelta(minutes=25)
"""Arrivals end this long before the end, and the clerks serve whoever is there."""


@dataclass(frozen=True, slots=True)
class DayProgress:
    """A progress report."""

    at: datetime
    waiting: int
    issued: int
    served: int
    serving: int
    share: float
    """The share of the run that has passed, 0 to 1."""


class DayPlay:
    """One hall's day, played over its public API."""

    def __init__(
        self, url: str, hall: str, day: str, seed: int, minutes: float, begins: datetime | None = None
    ) -> None:
        self.line = Client(url)
        now = self._now(hall)
        clearing = min(CLEARING, timedelta(minutes=minutes / 3))
        self.begins = max(now, begins) if begins else now
        self.ends = self.begins + timedelta(minutes=minutes)
        rng = random.Random(seed)  # noqa: S311 - a play, no secret
        self.stage = HallDay.of(self.line, hall, DAYS[day], rng, self.ends - clearing)
        self.stopped = False
        self._manager = self._sign_in_manager()
        self._after = 0
        self._clerks: list[Clerk] = []
        self._roster: Roster | None = None

    def _now(self, hall: str) -> datetime:
        told = self.line.get(f"/halls/{hall}")
        if not told.good:
            raise CannotPlay(told.sentence)
        if not told.body["open"]:
            raise CannotPlay(f"{hall} is closed now; `hallflow run --demo` keeps it open around the clock")
        return datetime.fromisoformat(told.body["at"])

    def _sign_in_manager(self) -> str:
        told = self.line.post("/session", {"hall": self.stage.hall, "pin": MANAGER_PIN})
        if not told.good:
            raise CannotPlay(f"{told.sentence} (the demo's PINs work where `hallflow run --demo` runs)")
        return str(told.body["token"])

    def run(self, tell: Callable[[DayProgress], None]) -> None:
        """Run until the end or until `stopped`; then the clerks go home."""
        stage = self.stage
        self._after = int(self.line.get(f"/halls/{stage.hall}").body["seq"])
        self._plan_week()
        self._staff()
        stage.agenda.at(self.begins, Arrivals(stage).open)
        self._hear(stage.agenda.clock.now())
        self._read_roster(stage.agenda.clock.now())
        try:
            stage.agenda.play(self.ends, lambda: self.stopped or self._empty(), lambda now: tell(self._moment(now)))
        finally:
            for clerk in self._clerks:
                clerk.go_home(stage.agenda.clock.now())

    def report(self) -> Report:
        """The audit of the hall's log."""
        return audit(events(self.line, self.stage.hall, self._manager, self._after), self._after)

    def _plan_week(self) -> None:
        """Request the week's roster as the manager, where there is none; the worker makes it meanwhile."""
        told = self.line.get(f"/halls/{self.stage.hall}/roster/week", self._manager)
        page = told.body
        if told.good and page["has_shifts"] and page["has_people"] and not page["roster"] and not page["asked"]:
            self.line.post(f"/halls/{self.stage.hall}/roster", {"week": page["week"]}, self._manager)

    def _staff(self) -> None:
        """Sign a clerk in at every free counter."""
        stage, offers, tokens = self.stage, {}, {}
        for counter in stage.counters:
            token = Clerk.sign_in(stage, counter)
            console = self.line.get(f"/halls/{stage.hall}/counters/{counter}", token) if token else None
            if token and console and console.good:
                tokens[counter] = token
                offers[counter] = [service["key"] for service in console.body["counter"]["services"]]
        if not tokens:
            raise CannotPlay("somebody else sits at every counter")
        roster = self._roster = Roster(stage, offers)
        self._clerks = [Clerk(stage, roster, counter, offers[counter], token) for counter, token in tokens.items()]
        now = stage.agenda.clock.now()
        for clerk in self._clerks:
            clerk.look(now)

    def _hear(self, now: datetime) -> None:
        self.stage.hear()
        self.stage.agenda.after(max(HEAR_SECONDS, HEAR_AT_LEAST * self.stage.agenda.clock.pace), self._hear)

    def _read_roster(self, now: datetime) -> None:
        """Fetch the present roster for the clerks: it may have been made, or a break moved, since the last time."""
        stage = self.stage
        told = self.line.get(f"/halls/{stage.hall}/roster/week", self._manager)
        if told.good and self._roster is not None:
            day, counters = date.fromisoformat(told.body["today"]), dict.fromkeys(stage.counters)
            self._roster.follow(seats_of(told.body["roster"], day, counters))
        stage.agenda.after(max(ROSTER_SECONDS, HEAR_AT_LEAST * stage.agenda.clock.pace), self._read_roster)

    def _empty(self) -> bool:
        """Whether the day is over early: arrivals have ended and everybody has left."""
        stage = self.stage
        shut = stage.agenda.clock.now() >= stage.last_arrival
        return shut and not any(stage.waiting.values()) and not any(clerk.busy for clerk in self._clerks)

    def _moment(self, now: datetime) -> DayProgress:
        stage = self.stage
        share = (now - self.begins) / (self.ends - self.begins)
        return DayProgress(
            now.astimezone(stage.zone),
            sum(stage.waiting.values()),
            stage.issued,
            stage.served,
            sum(clerk.busy for clerk in self._clerks),
            min(max(share, 0.0), 1.0),
        )
