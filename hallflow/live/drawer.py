"""The one thread that draws: once per change and screen kind, for all who watch it.

A change marks its hall and returns at once. The drawer draws the marked halls' watched screens from the floor as it is by then,
so a burst of changes becomes one picture, and no more than ten a second reach a screen; a call does not wait for the others' time,
and what it takes before it is saved after. Once a second it also looks whether another process has moved a hall or a new outlook
stands, and now and then redraws what only time has changed. Where it cannot look, because the database has gone, the screens are
told that they are adrift; they say how old they are until it is back.
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
"""So many pictures may go out ahead of ten a second when people are called, because they look up; otherwise one less."""
TICK = 1.0
LOOK_APART = 0.02
REDRAW = 15.0
MOVING = ("at", "seq")
DASHBOARD = "dashboard"
FIRST = ("wall", "window")
CALLED, SOON, LAST = 2, 3, 4
Send = Callable[[str, str, Picture], None]


class Drawer:
    """Draws pictures for the screens that watch, and sends each only when it differs from the last."""

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
        """When all that watch a hall were drawn last."""
        self._first_at: dict[str, float] = {}
        """When its walls, its windows and the phones of those called were."""
        self._paid_until: dict[str, float] = defaultdict(float)
        """Until when the pictures sent so far last, at ten a second."""
        self._shown: dict[str, tuple[Called, ...]] = {}
        self._stopped = False
        self._thread: threading.Thread | None = None

    def watch(self, hall: Hall, screen: str, sid: str) -> Picture:
        """Let this connection watch a screen; gives the present picture, so that no change falls in between."""
        with self._guard:
            self._watchers[hall.key, screen].add(sid)
        self.start()
        hall.catch_up()
        if plain(screen) == DASHBOARD:
            self.house.read_screens(hall)
        picture = draw(self.house, self.holders, hall, screen)
        last = self._sent.get((hall.key, screen))
        if last is not None and not _same(last, picture):
            # this one sees what the others have not been sent yet: should all be again as it was, it must still be told
            self._sent.pop((hall.key, screen), None)
            self.tell(hall)
        return picture

    def unwatch(self, hall: str, screen: str, sid: str) -> None:
        """This connection watches no more."""
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
        """This hall has changed; whoever changed it goes on at once."""
        self._marked.add(hall.key)
        self._changed.set()

    def note_screens(self, hall: Hall) -> None:
        """Other screens of this hall are connected than before: its manager may have to be told."""
        if self._has_manager(hall.key):
            self.house.read_screens(hall)
            self.tell(hall)

    def hint(self) -> None:
        """Another process has changed something: look around soon."""
        self._hinted = True
        self._changed.set()

    def watching(self) -> int:
        """How many screens watch."""
        return sum(len(sids) for sids in self._watchers.values())

    def stop(self) -> None:
        """Draw no more."""
        self._stopped = True
        self._changed.set()
        if self._thread:
            self._thread.join(timeout=5)

    def start(self) -> None:
        """Begin to look around and draw; more than once does no harm."""
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
            except Exception:  # a screen that cannot be drawn must not silence the others
                log.exception("drawing_failed")

    def _lose_touch(self, fault: DBAPIError) -> None:
        """The database does not answer: whatever is shown may be old. Told to every screen anew, for those that came since."""
        if not self._adrift:
            log.error("records_unreachable", fault=type(fault.orig).__name__)
        self._adrift = True
        self._tell_adrift()

    def _look_around(self) -> None:
        """What no change in this process tells of: other processes, the worker's outlook, time passing."""
        self._marked.update(hall.key for hall in self.house.look_around())
        with self._guard:
            watched = {hall for hall, _ in self._watchers}
        if self._adrift:
            log.info("records_back")
            self._adrift = False
            # every screen is told that it is true again, also where nothing has changed
            self._sent.clear()
            self._marked |= watched
        for key in watched:
            if monotonic() - self._drawn_at.get(key, 0.0) >= REDRAW / self.house.halls[key].clock.pace:
                self._marked.add(key)
                if self._has_manager(key):
                    # only who looks at a dashboard wants to know which screens other servers have
                    self.house.read_screens(self.house.halls[key])

    def _has_manager(self, key: str) -> bool:
        with self._guard:
            return any(hall == key and plain(screen) == DASHBOARD for hall, screen in self._watchers)

    def _rest(self, until: float) -> None:
        """Let a little time pass, so that a burst becomes one look."""
        if (seconds := until - monotonic()) > 0:
            threading.Event().wait(seconds)

    def _pause(self) -> float:
        """How long there is nothing to draw, if nothing changes: a call that comes meanwhile ends it."""
        soonest = min((self._due(key) for key in tuple(self._marked)), default=monotonic() + TICK)
        return min(max(soonest - monotonic(), 0.0), TICK)

    def _draw_due(self) -> None:
        for key in sorted(self._marked, key=self._due):
            if self._due(key) <= monotonic():
                self._draw_hall(self.house.halls[key])

    def _due(self, key: str) -> float:
        """From when on the next picture may go out."""
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
        """The wall first, which the whole hall looks at; then whom it calls; hundreds of phones that only count down come last."""
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
            # what it showed is no more, such as yesterday's ticket on a phone left open
            return
        except Exception:  # a deaf screen must not undo a true change
            log.exception("screen_failed", hall=hall.key, screen=screen.partition(":")[0])


def _same(before: Picture | None, after: Picture) -> bool:
    """Whether nothing a person sees has changed."""
    if before is None:
        return False
    return all(_seen(before.get(key)) == _seen(value) for key, value in after.items() if key not in MOVING)


def _seen(value: Any) -> Any:
    """Without the clock times of a wait, which move with every second."""
    if isinstance(value, dict):
        return {key: _seen(inner) for key, inner in value.items() if key not in ("from", "until")}
    if isinstance(value, list):
        return [_seen(inner) for inner in value]
    return value
