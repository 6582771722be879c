"""Presence with heartbeats: which kiosks, walls and window screens are connected, in the database for every server to read.

A connection is not held up when its screen comes or goes: a background thread writes what has changed, a burst as one
transaction, and once a minute a heartbeat, one row for all of this server's screens; with no screens it writes nothing.
The other servers notice by the missing heartbeat that a server has died.
"""

import secrets
import threading
from collections.abc import Callable, Iterable
from typing import Any

import structlog
from sqlalchemy.exc import DBAPIError

from hallflow.domain.screens import KINDS
from hallflow.hall import Hall
from hallflow.house import House, beat_seconds
from hallflow.storage.records import screens
from hallflow.storage.records.screens import ScreenLine

log = structlog.get_logger()
A_BURST = 0.3
RETRY = 5.0
DEVICES_AT_MOST = 200
"""The most screens of a hall that are registered: the pages are open to everybody."""


class Presence:
    """The screens connected to this process."""

    def __init__(self, house: House, noted: Callable[[Hall], None] = lambda hall: None) -> None:
        """`noted` is called after a change of a hall's connected screens has been written."""
        self._house = house
        self._noted = noted
        self._me = secrets.token_hex(8)
        self._lines: dict[ScreenLine, int] = {}
        self._changed: set[ScreenLine] = set()
        self._guard = threading.Lock()
        self._wake = threading.Event()
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    def came(self, hall: str, screen: str, device: Any) -> ScreenLine | None:
        """A screen has subscribed; gives the entry to pass to `went` later, or None for a kind that is not registered."""
        if screen.partition(":")[0] not in KINDS:
            return None
        line = ScreenLine(hall, screen, _name(device))
        with self._guard:
            if line not in self._lines and sum(one.hall == hall for one in self._lines) >= DEVICES_AT_MOST:
                return None
            self._lines[line] = self._lines.get(line, 0) + 1
            self._note(line)
        return line

    def went(self, lines: Iterable[ScreenLine]) -> None:
        """These have unsubscribed; two windows of one browser are one screen until both have gone."""
        with self._guard:
            for line in lines:
                self._lines[line] -= 1
                if not self._lines[line]:
                    del self._lines[line]
                self._note(line)

    def stop(self) -> None:
        """Stop the thread."""
        self._stopping.set()
        self._wake.set()
        if self._thread:
            self._thread.join(timeout=5)

    def write(self, *, beat: bool = False) -> None:
        """Write what has changed since the last time, and with `beat` a heartbeat for the rest."""
        with self._guard:
            changed, self._changed = self._changed, set()
            here = [line for line in changed if line in self._lines]
            any_left = bool(self._lines)
        if not changed and not (beat and any_left):
            return
        now = self._house.clock.now()
        try:
            with self._house.turns.of("") as connection:
                if beat:
                    screens.beat(connection, self._me, now)
                screens.went(connection, self._me, changed - set(here), now)
                screens.came(connection, self._me, here, now)
        except BaseException:
            with self._guard:
                self._changed |= changed
            raise
        for key in {line.hall for line in changed}:
            self._noted(self._house.halls[key])

    def _note(self, line: ScreenLine) -> None:
        self._changed.add(line)
        if self._thread is None and not self._stopping.is_set():
            self._thread = threading.Thread(target=self._run, name="presence", daemon=True)
            self._thread.start()
        self._wake.set()

    def _run(self) -> None:
        every, wait = beat_seconds(self._house.clock.pace), 0.0
        while True:
            if self._wake.wait(wait or (every if self._lines else None)):
                self._stopping.wait(A_BURST)
            self._wake.clear()
            if self._stopping.is_set():
                return
            try:
                # a heartbeat costs nothing in a transaction that writes a change
                self.write(beat=True)
                wait = 0.0
            except DBAPIError as fault:
                log.warning("screens_not_noted", fault=type(fault.orig).__name__)
                wait = RETRY


def _name(device: Any) -> str:
    """The device id that a browser sends; those without one count as one device."""
    return device if isinstance(device, str) and device.isalnum() and device.isascii() and len(device) <= 32 else ""
