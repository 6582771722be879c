"""Direct sending: a picture goes onto a screen's line without waking the thread that writes to it.

Engine.IO gives every screen a queue and a thread that empties it. For five hundred screens that is five hundred threads to wake
for one change, and the last of them sees it a fifth of a second late. Where a line takes the whole picture at once and nothing
stands before it in its queue, whoever tells of the change puts it there himself; everything else goes the usual way, in order.
"""

import array
import fcntl
import queue
import socket
import struct
import termios
from typing import Any

MESSAGE = 4
"""An Engine.IO packet that carries what somebody says (protocol 4)."""
AT_ONCE = 32 * 1024
"""So much may be on its way to a screen for more to be sent straight: half of what the kernel holds for it."""


class DirectQueue(queue.Queue[Any]):
    """An Engine.IO queue that hands a message to the line itself where nothing is in its way."""

    def __init__(self) -> None:
        super().__init__()
        self._line: socket.socket | None = None
        self._writer_waits = False

    def send_to(self, line: socket.socket) -> None:
        """From now on messages may go straight to this line."""
        # not a subclass: what is encrypted, or belongs to greenlets, has its own way of sending
        if type(line) is socket.socket:
            self._line = line

    def put(self, item: Any, block: bool = True, timeout: float | None = None) -> None:
        """Send it, or have it sent by the writer."""
        with self.mutex:
            if self._writer_waits and self._line is not None and _is_text(item) and _sent(self._line, frame_of(item)):
                return
            # until the writer has come back for more, it may still be sending
            self._writer_waits = False
            self._put(item)
            self.unfinished_tasks += 1
            self.not_empty.notify()

    def get(self, block: bool = True, timeout: float | None = None) -> Any:
        """What the writer is to send next; it asks to wait only when it has sent all it had."""
        if block:
            with self.mutex:
                self._writer_waits = not self._qsize()
        return super().get(block, timeout)


def misfit(server: Any) -> str | None:
    """Why this Engine.IO server cannot be given such queues, or None where it can.

    Engine.IO promises nobody these parts of it. So each that is leant on is tried before the first screen calls: a socket
    without a line is made as the server makes its own, a message is put into its queue as the server does it and taken out as
    the writer does it. What only a line shows is held by tests/live/test_direct_contract.py.
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
    """The server as a socket on trial sees it: with our queues, and otherwise as it is."""

    def __init__(self, server: Any) -> None:
        self._server = server
        self.made = DirectQueue()

    def create_queue(self) -> DirectQueue:
        """The only queue there is."""
        return self.made

    def __getattr__(self, name: str) -> Any:
        return getattr(self._server, name)


def _is_text(packet: Any) -> bool:
    """Whether this is a message; signs of life go the usual way, for the writer takes a long silence for the end."""
    return packet is not None and packet.packet_type == MESSAGE and not packet.binary


def frame_of(packet: Any) -> bytes:
    """The message as one websocket text frame (RFC 6455, 5.2), made once for all who are sent it."""
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
    """Whether the line took it, whole and without waiting."""
    try:
        on_its_way = array.array("i", [0])
        fcntl.ioctl(line, termios.TIOCOUTQ, on_its_way)
        if on_its_way[0] + len(frame) > AT_ONCE:
            return False
        took = line.send(frame, socket.MSG_DONTWAIT)
    except (OSError, ValueError):
        # it is gone or full, or the system cannot tell: the writer will find out
        return False
    if took < len(frame):
        # half a frame cannot be taken back: the screen calls again, and is answered with the present picture
        line.shutdown(socket.SHUT_RDWR)
    return True
