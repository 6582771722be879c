"""Back-pressure: the connection of a slow consumer is closed, so that its queue of unsent messages stays bounded.

A screen whose machine hangs stays connected and reads nothing. Its pictures pile up, and its writer thread blocks.
Once closed, it reconnects when it can, and gets the present picture, as after any lost connection.
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
"""The longest queue of pictures and pings for one screen: six seconds of the busiest hall."""
KERNEL_BYTES = 64 * 1024
LOOK_APART = 0.5


class Lines:
    """Every open connection of this process, by its Engine.IO id."""

    def __init__(self, server: Any) -> None:
        """`server` is the Engine.IO server, which has the queue of each of its sockets."""
        self._server = server
        if why := misfit(server):
            log.warning(
                "pictures_not_straight", why=why, meaning="they go through Engine.IO's own queues, a little later"
            )
        else:
            # every connection from now on gets such a queue
            server.create_queue = DirectQueue
        self._open: dict[str, socket.socket] = {}
        self._guard = threading.Lock()
        self._looked = 0.0

    def opened(self, line: str, environ: Mapping[str, Any]) -> None:
        """A screen has connected; its send buffer is made small, so that back-pressure shows soon."""
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
        """A connection has ended."""
        with self._guard:
            self._open.pop(line, None)

    def cut_the_deaf(self) -> int:
        """Close every connection whose queue is too long; returns how many. Runs at most twice a second."""
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
            # unblocks the writer thread in the middle of a send, which then ends the connection
            with contextlib.suppress(OSError):
                found.shutdown(socket.SHUT_RDWR)


def _waiting(found: Any) -> int:
    """The length of a socket's queue; 0 where this Engine.IO does not show it, so that it is never closed."""
    try:
        return int(found.queue.qsize())
    except AttributeError:
        return 0
