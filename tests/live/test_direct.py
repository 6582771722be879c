"""Writing snapshots past the sender thread when its queue is empty: whole and in order."""

import queue
import socket
import threading
from collections.abc import Iterator

import pytest
from engineio.packet import MESSAGE, PING, Packet
from wsproto.connection import Connection, ConnectionType
from wsproto.events import TextMessage

from hallflow.live import direct
from hallflow.live.direct import DirectQueue, frame_of


@pytest.fixture
def pair() -> Iterator[tuple[socket.socket, socket.socket]]:
    server = socket.create_server(("127.0.0.1", 0))
    screen = socket.create_connection(server.getsockname())
    line, _ = server.accept()
    server.close()
    yield line, screen
    line.close()
    screen.close()


@pytest.mark.parametrize("length", [0, 1, 123, 124, 125, 126, 1000, 65533, 65534, 65535, 70000])
def test_a_frame_is_read_as_what_was_said(length: int) -> None:
    said = ("呼" + "x" * length)[: max(length, 1)]
    reader = Connection(ConnectionType.CLIENT)
    reader.receive_data(frame_of(Packet(MESSAGE, said)))
    heard = "".join(event.data for event in reader.events() if isinstance(event, TextMessage))
    assert heard == f"4{said}"


def test_a_message_goes_straight_while_the_writer_waits(pair) -> None:
    line, screen = pair
    waiting = DirectQueue()
    waiting.send_to(line)
    with pytest.raises(queue.Empty):
        waiting.get(timeout=0.01)
    waiting.put(Packet(MESSAGE, "now"))
    assert screen.recv(100) == b"\x81\x044now"
    assert waiting.empty()


def test_what_the_writer_has_not_sent_yet_is_not_overtaken(pair) -> None:
    """From the first that stands in the queue until the writer asks for more, everything goes through it."""
    line, screen = pair
    waiting = DirectQueue()
    waiting.send_to(line)
    with pytest.raises(queue.Empty):
        waiting.get(timeout=0.01)
    waiting.put(Packet(PING))
    waiting.put(Packet(MESSAGE, "after"))
    assert waiting.get().packet_type == PING
    # the writer has taken the first and may be sending it
    waiting.put(Packet(MESSAGE, "last"))
    assert [waiting.get(block=False).data, waiting.get(block=False).data] == ["after", "last"]
    screen.setblocking(False)
    with pytest.raises(BlockingIOError):
        screen.recv(100)


def test_a_full_line_is_left_to_its_writer(pair) -> None:
    line, screen = pair
    waiting = DirectQueue()
    waiting.send_to(line)
    with pytest.raises(queue.Empty):
        waiting.get(timeout=0.01)
    sent = 0
    while waiting.empty():
        waiting.put(Packet(MESSAGE, f"{sent:06d}" + "x" * 8000))
        sent += 1
        assert sent < 10_000, "a screen that reads nothing was sent everything"
    heard = b""
    screen.settimeout(60)
    while len(heard) < (sent - 1) * 8011:
        heard += screen.recv(65536)
    # what went straight is whole, and the one that did not fit is not among it
    assert heard.count(b"x" * 8000) == sent - 1
    assert waiting.get().data.startswith(f"{sent - 1:06d}")


def test_a_line_that_has_gone_is_left_to_its_writer(pair) -> None:
    line, _ = pair
    waiting = DirectQueue()
    waiting.send_to(line)
    with pytest.raises(queue.Empty):
        waiting.get(timeout=0.01)
    line.close()
    waiting.put(Packet(MESSAGE, "nobody"))
    assert waiting.qsize() == 1


def test_half_a_frame_ends_the_line(pair, monkeypatch: pytest.MonkeyPatch) -> None:
    """A kernel that takes less than it said it would: the screen hears the end, and calls again."""
    line, screen = pair
    monkeypatch.setattr(direct, "AT_ONCE", 1 << 30)
    waiting = DirectQueue()
    waiting.send_to(line)
    with pytest.raises(queue.Empty):
        waiting.get(timeout=0.01)
    waiting.put(Packet(MESSAGE, "x" * 50_000_000))
    assert waiting.empty()
    screen.settimeout(60)
    while screen.recv(1 << 20):
        pass


def test_many_who_tell_at_once_are_heard_one_whole_message_after_the_other(pair) -> None:
    line, screen = pair
    waiting = DirectQueue()
    waiting.send_to(line)
    reader = Connection(ConnectionType.CLIENT)

    def write() -> None:
        """As Engine.IO's writer: take all there is, send it, come back."""
        while True:
            packets = [waiting.get()]
            while not waiting.empty():
                packets.append(waiting.get(block=False))
            for packet in packets:
                if packet is None:
                    return
                line.sendall(frame_of(packet))

    def tell(name: int) -> None:
        for n in range(200):
            waiting.put(Packet(MESSAGE, f"{name}:{n}:" + "y" * 500))

    writer = threading.Thread(target=write)
    tellers = [threading.Thread(target=tell, args=(name,)) for name in range(4)]
    for thread in (writer, *tellers):
        thread.start()
    heard: dict[str, list[int]] = {}
    part = ""
    screen.settimeout(60)
    while sum(map(len, heard.values())) < 800:
        reader.receive_data(screen.recv(65536))
        for event in reader.events():
            assert isinstance(event, TextMessage)
            part += event.data
            if event.message_finished:
                name, n, rest = part.removeprefix("4").split(":")
                assert rest == "y" * 500
                heard.setdefault(name, []).append(int(n))
                part = ""
    waiting.put(None)
    for thread in (writer, *tellers):
        thread.join(60)
    assert heard == {str(name): list(range(200)) for name in range(4)}
