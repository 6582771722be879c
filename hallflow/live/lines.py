"""The lines to the screens: one that takes nothing any more is cut, so that what waits for it never fills the memory.

A screen whose machine hangs keeps its line and reads nothing. Its pictures pile up, and the thread that sends them stands still.
Cut off, it calls again when it can, and is answered with the present picture, as after any lost line.
"""

import contextlib
import socket
import threading
from collections.abc import Mapping
from typing import Any

import structlog

from hallflow.clock import monotonic
from hallflow.live.direct import DirectQueue, misfit

log = structlog.get_logger()
WAITING_AT_MOST = 64
"""Pictures and signs of life that may wait for one screen: six seconds of the busiest hall."""
KERNEL_BYTES = 64 * 1024
LOOK_APART = 0.5


class Lines:
    """Every open line of this process, by the connection's id."""

    def __init__(self, server: Any) -> None:
        """`server` is the Engine.IO server, which keeps what waits for each of its sockets."""
        self._server = server
        if why := misfit(server):
            log.warning(
                "pictures_not_straight", why=why, meaning="they go through Engine.IO's own queues, a little later"
            )
        else:
            # every screen that calls from now on gets such a queue
            server.create_queue = DirectQueue
        self._open: dict[str, socket.socket] = {}
        self._guard = threading.Lock()
        self._looked = 0.0

    def opened(self, line: str, environ: Mapping[str, Any]) -> None:
        """A screen has called; the kernel holds little for it, so that its silence shows soon."""
        found = environ.get("gunicorn.socket") or environ.get("werkzeug.socket")
        if not isinstance(found, socket.socket):
            return
        with contextlib.suppress(OSError):
            found.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, KERNEL_BYTES)
        with self._guard:
            self._open[line] = found
        waiting = getattr(self._sockets().get(line), "queue", None)
        if isinstance(waiting, DirectQueue):
            waiting.send_to(found)

    def closed(self, line: str) -> None:
        """Its line has ended."""
        with self._guard:
            self._open.pop(line, None)

    def cut_the_deaf(self) -> int:
        """Cut every line for which too much waits; how many. Looks now and then only, however often it is asked."""
        if monotonic() - self._looked < LOOK_APART:
            return 0
        self._looked = monotonic()
        deaf = [line for line, found in list(self._sockets().items()) if _waiting(found) > WAITING_AT_MOST]
        for line in deaf:
            self._cut(line)
        if deaf:
            log.warning("screens_cut", lines=len(deaf), meaning="they read nothing any more, and may call again")
        return len(deaf)

    def _sockets(self) -> dict[str, Any]:
        """The server's sockets by id; none where this Engine.IO does not show them."""
        found = getattr(self._server, "sockets", None)
        return found if isinstance(found, dict) else {}

    def _cut(self, line: str) -> None:
        with self._guard:
            found = self._open.pop(line, None)
        if found is not None:
            # the thread that stands still in the middle of sending is set free by this, and ends the connection
            with contextlib.suppress(OSError):
                found.shutdown(socket.SHUT_RDWR)


def _waiting(found: Any) -> int:
    """How much waits for a socket; nothing where this Engine.IO does not show it, so that nobody is cut for it."""
    try:
        return int(found.queue.qsize())
    except AttributeError:
        return 0
