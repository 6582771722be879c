"""Direct sending: a message is written to a screen's socket without waking the thread that usually writes to it.

Engine.IO gives every connection a queue and a writer thread. For five hundred screens one change wakes five hundred threads,
and the last screen gets it a fifth of a second late. Where the queue is empty and the socket's send buffer has room for the
whole message, the thread that reports the change writes it itself; everything else goes through the queue, in order.
"""

import array
import fcntl
import queue
import socket
import struct
import termios
from typing import Any

MESSAGE = 4
"""The Engine.IO packet type of a message (protocol 4)."""
AT_ONCE = 32 * 1024
"""The most unsent bytes in a socket's send buffer for a direct write: half of that buffer."""


class DirectQueue(queue.Queue[Any]):
    """An Engine.IO queue that writes a message to the socket itself while the queue is empty."""

    def __init__(self) -> None:
        super().__init__()
        self._line: socket.socket | None = None
        self._writer_waits = False

    def send_to(self, line: socket.socket) -> None:
        """From now on messages may be written directly to this socket."""
        # not a subclass: an encrypted socket, or one of greenlets, has its own way of sending
        if type(line) is socket.socket:
            self._line = line

    def put(self, item: Any, block: bool = True, timeout: float | None = None) -> None:
        """Write it now, or queue it for the writer thread."""
        with self.mutex:
            if self._writer_waits and self._line is not None and _is_text(item) and _sent(self._line, frame_of(item)):
                return
            # until the writer asks for the next message, it may still be sending
            self._writer_waits = False
            self._put(item)
            self.unfinished_tasks += 1
            self.not_empty.notify()

    def get(self, block: bool = True, timeout: float | None = None) -> Any:
        """The writer's next message; the writer blocks here only when it has sent all before."""
        if block:
            with self.mutex:
                self._writer_waits = not self._qsize()
        return super().get(block, timeout)


def misfit(server: Any) -> str | None:
    """Why direct queues do not fit this Engine.IO server, or None where they do.

    They use internals that Engine.IO does not document. So each is tried before the first screen connects: an unconnected
    socket is made as the server makes its own, a message is put into its queue as the server does it and taken out as the
    writer does it. What only a connected socket shows is checked by tests/live/test_direct_contract.py.
    """
    try:
        from engineio.packet import Packet
        from engineio.socket import Socket

        if type(server.create_queue()) is not queue.Queue:
            return "its queues are not queue.Queue"
        if not isinstance(server.sockets, dict):
            return "it keeps no table of its sockets"
        trial = _Trial(server)
        socket_, packet = Socket(trial, "trial"), Packet(MESSAGE, "trial")
        if socket_.queue is not trial.made:
            return "its sockets make their queues themselves"
        packet.frame = None
        if not _is_text(packet) or packet.encode() != "4trial":
            return "its packets are of another kind"
        socket_.send(packet)
        if trial.made.qsize() != 1 or socket_.poll() != [packet]:
            return "its sockets use their queues otherwise"
    except (ImportError, AttributeError, TypeError, ValueError, LookupError) as fault:
        return f"{type(fault).__name__}: {fault}"
    return None


class _Trial:
    """The server as the tried socket sees it: with direct queues, otherwise unchanged."""

    def __init__(self, server: Any) -> None:
        self._server = server
        self.made = DirectQueue()

    def create_queue(self) -> DirectQueue:
        """The one queue of the tried socket."""
        return self.made

    def __getattr__(self, name: str) -> Any:
        return getattr(self._server, name)


def _is_text(packet: Any) -> bool:
    """Whether this is a message; pings go through the queue, since the writer closes a connection idle too long."""
    return packet is not None and packet.packet_type == MESSAGE and not packet.binary


def frame_of(packet: Any) -> bytes:
    """The message as one websocket text frame (RFC 6455, 5.2), encoded once for all recipients."""
    made: bytes | None = getattr(packet, "frame", None)
    if made is None:
        said = packet.encode().encode()
        if len(said) < 126:
            head = struct.pack("!BB", 0x81, len(said))
        elif len(said) < 65536:
            head = struct.pack("!BBH", 0x81, 126, len(said))
        else:
            head = struct.pack("!BBQ", 0x81, 127, len(said))
        made = packet.frame = head + said
    return made


def _sent(line: socket.socket, frame: bytes) -> bool:
    """Whether the socket took it, whole and without blocking."""
    try:
        on_its_way = array.array("i", [0])
        fcntl.ioctl(line, termios.TIOCOUTQ, on_its_way)
        if on_its_way[0] + len(frame) > AT_ONCE:
            return False
        took = line.send(frame, socket.MSG_DONTWAIT)
    except (OSError, ValueError):
        # closed or full, or the system has no such ioctl: the writer finds out
        return False
    if took < len(frame):
        # half a frame cannot be taken back: the screen reconnects, and gets the present picture
        line.shutdown(socket.SHUT_RDWR)
    return True
