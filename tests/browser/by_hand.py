"""A server whose clock the test advances by hand, so that nothing time-dependent depends on the machine's speed.

Server and worker are two `House` objects on one database, both in this process; the jobs run when the test asks.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from hallflow.app import DRAWER, PRESENCE, create_app
from hallflow.house import House
from hallflow.jobs.tasks import TASKS
from hallflow.live import Drawer, Presence
from tests.browser.house import NOON
from tests.makers import SAMPLES, FakeClock, a_house
from tests.served import served
from tests.servers import wait_until

FIRST = ("day", "history", "learn", "forecast", "calibrate", "outlook", "sweep")
"""What a worker does as it begins."""
JOBS = ("day", "calibrate", "outlook", "sweep", "advice")


class StillThere(Exception):
    """A screen is still on the line."""


@dataclass(frozen=True, slots=True)
class ByHand:
    """The house, its address, and its clock."""

    url: str
    clock: FakeClock
    worker: House
    _server: House
    _drawer: Drawer
    _presence: Presence

    def move(self, minutes: float) -> None:
        """Let so much time pass, at once, with everything done and shown that is due then."""
        self.clock.forward(minutes)
        self._presence.write(beat=True)
        self.work()

    def until_nobody_is_on_the_line(self) -> None:
        """Wait until a screen that was closed is written down as gone; that comes of itself, and costs no time of the hall."""

        def look() -> None:
            for hall in self._server.halls.values():
                self._server.read_screens(hall)
                if any(screen.is_on for screen in hall.screens):
                    raise StillThere

        wait_until(look, StillThere, 60)

    def work(self) -> None:
        """The worker does its jobs, and every page hears what came of them."""
        self._do(JOBS)
        self._drawer.hint()
        for hall in self._server.halls.values():
            self._drawer.note_screens(hall)
            self._drawer.tell(hall)

    def _do(self, jobs: Iterable[str]) -> None:
        for name in jobs:
            TASKS[name].run(self.worker)


@contextmanager
def by_hand(folder: Path, config: Path = SAMPLES) -> Iterator[ByHand]:
    """A house of these halls at noon, on the database of this folder if there is one."""
    clock = FakeClock(NOON)
    server, worker = (a_house(folder, clock, config=config) for _ in range(2))
    app, _ = create_app(server)
    app.extensions[DRAWER].start()
    with served(app) as url:
        house = ByHand(url, clock, worker, server, app.extensions[DRAWER], app.extensions[PRESENCE])
        house._do(FIRST)
        yield house
    for house in (server, worker):
        house.engine.dispose()
