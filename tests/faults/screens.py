"""Screens that reconnect like the pages do, and keep every snapshot they received."""

import socket
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any

import socketio

from hallflow.live.drawer import MOVING, _seen

Picture = dict[str, Any]
PATIENCE_SECONDS = 60


class Told:
    """The pictures a screen was sent, connection by connection, as a page takes them (`take` in live.js)."""

    def __init__(self) -> None:
        self.runs: list[list[Picture]] = [[]]

    def afresh(self) -> None:
        """A connection starts: what came before it is of another one."""
        self.runs.append([])

    def pushed(self, picture: Picture) -> None:
        """A picture came because the hall had changed."""
        self.runs[-1].append(picture)

    def answered(self, picture: Picture) -> None:
        """The answer to having asked came, maybe after a picture that was drawn later: a page does not draw it then."""
        if not self.runs[-1] or picture["seq"] >= self.last["seq"]:
            self.runs[-1].append(picture)

    @property
    def last(self) -> Picture:
        """What a page would show now: never an older picture than the newest of this connection."""
        shown: Picture = {"seq": -1}
        run = next((run for run in reversed(self.runs) if run), [])
        for picture in list(run):
            if picture["seq"] >= shown["seq"]:
                shown = picture
        return shown


class Faithful:
    """A screen that watches the wall of a hall for as long as it lives, whatever becomes of its line."""

    def __init__(self, address: str, screen: str = "wall", hall: str = "central") -> None:
        self.told = Told()
        self.adrift = 0
        self._asked = {"hall": hall, "screen": screen}
        self._line = socketio.Client(reconnection_delay=0.1, reconnection_delay_max=0.5)
        self._line.on("connect", self._ask, namespace="/live")
        self._line.on("picture", self._draw, namespace="/live")
        self._line.on("adrift", self._drift, namespace="/live")
        self._line.connect(address, transports=["websocket"], namespaces=["/live"], retry=True)

    def _ask(self) -> None:
        self.told.afresh()

        def answered(answer: dict[str, Any]) -> None:
            if "picture" in answer:
                self.told.answered(answer["picture"])

        self._line.emit("watch", self._asked, namespace="/live", callback=answered)

    def _draw(self, picture: Picture) -> None:
        self.told.pushed(picture)

    def _drift(self) -> None:
        self.adrift += 1

    @property
    def last(self) -> Picture:
        """What a page would show now."""
        return self.told.last

    def orders(self) -> list[list[int]]:
        """The seqs that arrived, connection by connection."""
        return [[picture["seq"] for picture in run] for run in self.told.runs if run]

    def close(self) -> None:
        """Go without a word; a polite close takes the server seconds to answer."""
        self._line.reconnection = False
        # one that is calling again just now finds out that it need not
        if self._line._reconnect_abort is not None:
            self._line._reconnect_abort.set()
        line = self._line.eio.ws
        if line is not None and line.sock is not None:
            with suppress(OSError):
                line.sock.shutdown(socket.SHUT_RDWR)


@contextmanager
def watching(addresses: Sequence[str], screen: str = "wall", hall: str = "central") -> Iterator[list[Faithful]]:
    """A screen at each of these addresses."""
    screens = [Faithful(address, screen, hall) for address in addresses]
    try:
        yield screens
    finally:
        closing = [threading.Thread(target=screen.close) for screen in screens]
        for each in closing:
            each.start()
        for each in closing:
            each.join(60)


def fresh(address: str, screen: str = "wall", hall: str = "central") -> Picture:
    """What a screen is shown that has just been switched on."""
    with watching([address], screen, hall) as (new,):
        until = time.monotonic() + PATIENCE_SECONDS
        while not new.told.runs[-1] and time.monotonic() < until:
            time.sleep(0.02)
        return new.last


def plain(picture: Picture) -> Picture:
    """A picture without what moves by itself."""
    return {key: _seen(value) for key, value in picture.items() if key not in MOVING}


def check_all_the_same(screens: Sequence[Faithful], address: str, screen: str = "wall", hall: str = "central") -> None:
    """Within a moment every screen shows what a fresh one shows."""
    wanted = plain(fresh(address, screen, hall))
    until = time.monotonic() + PATIENCE_SECONDS
    while any(plain(one.last) != wanted for one in screens) and time.monotonic() < until:
        time.sleep(0.05)
        wanted = plain(fresh(address, screen, hall)) if time.monotonic() > until - PATIENCE_SECONDS / 2 else wanted
    for one in screens:
        assert plain(one.last) == wanted
