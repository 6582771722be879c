"""Coalescing publisher: one thread draws each watched screen once for a burst of changes, for all who watch it.

A change marks its hall as dirty and returns at once. The thread draws the watched screens of dirty halls from the present
floor, at a rate limit of ten pictures a second for each hall; the call of a customer may exceed it in a short burst, for which
later pictures wait. Once a second it also looks for changes by other processes and new outlooks, and now and then redraws what
only time has changed. While the database is unreachable the screens are notified that they may be stale, and show their age.
"""

import threading
from collections import defaultdict
from collections.abc import Callable
from typing import Any

import structlog
from sqlalchemy.exc import DBAPIError

from hallflow.clock import monotonic
from hallflow.domain.floor import Called
from hallflow.domain.refusals import Refused
from hallflow.hall import Hall
from hallflow.house import House
from hallflow.live.screens import Holders, Picture, draw, plain, split

log = structlog.get_logger()
APART = 0.1
CALL_APART = 0.02
AHEAD = 4
"""The burst size of the rate limit when somebody is called, since people look up then; otherwise one less."""
TICK = 1.0
LOOK_APART = 0.02
REDRAW = 15.0
MOVING = ("at", "seq")
DASHBOARD = "dashboard"
FIRST = ("wall", "window")
CALLED, SOON, LAST = 2, 3, 4
Send = Callable[[str, str, Picture], None]


class Drawer:
    """Draws pictures for the subscribed screens, and sends each only when it differs from the last."""

    def __init__(self, house: House, send: Send, adrift: Callable[[], None] = lambda: None) -> None:
        self.house = house
        self.holders = Holders(house)
        self._send = send
        self._tell_adrift = adrift
        self._adrift = False
        self._watchers: dict[tuple[str, str], set[str]] = defaultdict(set)
        self._sent: dict[tuple[str, str], Picture] = {}
        self._marked: set[str] = set()
        self._hinted = False
        self._changed = threading.Event()
        self._guard = threading.Lock()
        self._drawn_at: dict[str, float] = {}
        """When all screens of a hall were drawn last."""
        self._first_at: dict[str, float] = {}
        """When its walls, its windows and the phones of those called were drawn last."""
        self._paid_until: dict[str, float] = defaultdict(float)
        """Until when the pictures sent so far use up the rate limit of ten a second."""
        self._shown: dict[str, tuple[Called, ...]] = {}
        self._stopped = False
        self._thread: threading.Thread | None = None

    def watch(self, hall: Hall, screen: str, sid: str) -> Picture:
        """Subscribe this connection to a screen; gives the present picture, so that no change is missed between."""
        with self._guard:
            self._watchers[hall.key, screen].add(sid)
        self.start()
        hall.catch_up()
        if plain(screen) == DASHBOARD:
            self.house.read_screens(hall)
        picture = draw(self.house, self.holders, hall, screen)
        last = self._sent.get((hall.key, screen))
        if last is not None and not _same(last, picture):
            # newer than what the others were sent: if the change is undone before they are, this screen must still be redrawn
            self._sent.pop((hall.key, screen), None)
            self.tell(hall)
        return picture

    def unwatch(self, hall: str, screen: str, sid: str) -> None:
        """Unsubscribe this connection from a screen."""
        with self._guard:
            watching = self._watchers.get((hall, screen))
            if watching is None:
                return
            watching.discard(sid)
            if not watching:
                del self._watchers[hall, screen]
                self._sent.pop((hall, screen), None)
                if screen.startswith("ticket:"):
                    self.holders.forget(split(screen)[1])

    def tell(self, hall: Hall) -> None:
        """Change notification: mark this hall for drawing, and return at once."""
        self._marked.add(hall.key)
        self._changed.set()

    def note_screens(self, hall: Hall) -> None:
        """The set of connected screens has changed: redraw it where a dashboard is open."""
        if self._has_manager(hall.key):
            self.house.read_screens(hall)
            self.tell(hall)

    def hint(self) -> None:
        """Another process has changed something: look for it soon."""
        self._hinted = True
        self._changed.set()

    def watching(self) -> int:
        """How many subscriptions there are."""
        return sum(len(sids) for sids in self._watchers.values())

    def stop(self) -> None:
        """Stop the thread."""
        self._stopped = True
        self._changed.set()
        if self._thread:
            self._thread.join(timeout=5)

    def start(self) -> None:
        """Start the thread; idempotent."""
        with self._guard:
            if self._thread is None and not self._stopped:
                self._thread = threading.Thread(target=self._run, name="drawer", daemon=True)
                self._thread.start()

    def _run(self) -> None:
        looked = 0.0
        while not self._stopped:
            self._changed.wait(self._pause())
            self._changed.clear()
            try:
                if self._hinted or monotonic() - looked >= TICK:
                    self._rest(looked + LOOK_APART)
                    looked, self._hinted = monotonic(), False
                    self._look_around()
                self._draw_due()
            except DBAPIError as fault:
                self._lose_touch(fault)
            except Exception:  # a screen that cannot be drawn must not stop the others
                log.exception("drawing_failed")

    def _lose_touch(self, fault: DBAPIError) -> None:
        """Notify every screen that the database does not answer, so that what it shows may be stale; those new since, too."""
        if not self._adrift:
            log.error("records_unreachable", fault=type(fault.orig).__name__)
        self._adrift = True
        self._tell_adrift()

    def _look_around(self) -> None:
        """Mark what no change notification covers: other processes, the worker's outlook, time passing."""
        self._marked.update(hall.key for hall in self.house.look_around())
        with self._guard:
            watched = {hall for hall, _ in self._watchers}
        if self._adrift:
            log.info("records_back")
            self._adrift = False
            # every screen gets a picture, changed or not: it is no longer stale
            self._sent.clear()
            self._marked |= watched
        for key in watched:
            if monotonic() - self._drawn_at.get(key, 0.0) >= REDRAW / self.house.halls[key].clock.pace:
                self._marked.add(key)
                if self._has_manager(key):
                    # only dashboards show which screens other servers have
                    self.house.read_screens(self.house.halls[key])

    def _has_manager(self, key: str) -> bool:
        with self._guard:
            return any(hall == key and plain(screen) == DASHBOARD for hall, screen in self._watchers)

    def _rest(self, until: float) -> None:
        """Sleep until this moment, so that a burst of hints costs one query."""
        if (seconds := until - monotonic()) > 0:
            threading.Event().wait(seconds)

    def _pause(self) -> float:
        """Seconds until the next drawing is due, if nothing changes; a change notification ends the wait."""
        soonest = min((self._due(key) for key in tuple(self._marked)), default=monotonic() + TICK)
        return min(max(soonest - monotonic(), 0.0), TICK)

    def _draw_due(self) -> None:
        for key in sorted(self._marked, key=self._due):
            if self._due(key) <= monotonic():
                self._draw_hall(self.house.halls[key])

    def _due(self, key: str) -> float:
        """When the rate limit allows the hall's next picture."""
        called = self.house.halls[key].floor.recent != self._shown.get(key)
        first_at = self._first_at.get(key, 0.0)
        soon = first_at + CALL_APART if called else max(first_at, self._drawn_at.get(key, 0.0)) + APART
        return max(soon, self._paid_until[key] - APART * (AHEAD if called else AHEAD - 1))

    def _draw_hall(self, hall: Hall) -> None:
        now = monotonic()
        whole = now - self._drawn_at.get(hall.key, 0.0) >= APART
        if whole:
            self._marked.discard(hall.key)
            self._drawn_at[hall.key] = now
        self._first_at[hall.key] = now
        self._paid_until[hall.key] = max(self._paid_until[hall.key], now) + APART
        self._shown[hall.key] = hall.floor.recent
        with self._guard:
            screens = [screen for key, screen in self._watchers if key == hall.key]
        for turn, screen in sorted((self._turn(hall, name), name) for name in screens):
            if whole or turn <= CALLED:
                self._draw_screen(hall, screen)

    def _turn(self, hall: Hall, screen: str) -> int:
        """The drawing order: the wall, which everybody looks at; then those called; last the phones that only count down."""
        kind, about = split(screen)
        if kind == "ticket":
            return CALLED if self.holders.called(hall, about) else LAST
        return FIRST.index(kind) if kind in FIRST else SOON

    def _draw_screen(self, hall: Hall, screen: str) -> None:
        try:
            picture = draw(self.house, self.holders, hall, screen)
            if _same(self._sent.get((hall.key, screen)), picture):
                return
            self._sent[hall.key, screen] = picture
            self._send(hall.key, screen, picture)
        except Refused:
            # its subject no longer exists, such as yesterday's ticket on a phone left open
            return
        except Exception:  # a failed send must not undo a committed change
            log.exception("screen_failed", hall=hall.key, screen=screen.partition(":")[0])


def _same(before: Picture | None, after: Picture) -> bool:
    """Whether nothing a person sees has changed."""
    if before is None:
        return False
    return all(_seen(before.get(key)) == _seen(value) for key, value in after.items() if key not in MOVING)


def _seen(value: Any) -> Any:
    """A value without the clock times of waits, which change every second."""
    if isinstance(value, dict):
        return {key: _seen(inner) for key, inner in value.items() if key not in ("from", "until")}
    if isinstance(value, list):
        return [_seen(inner) for inner in value]
    return value
