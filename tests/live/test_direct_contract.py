"""What `live/direct.py` assumes of Engine.IO, checked against the installed version with a real server and screen.

A new Engine.IO that fails here must be looked at before it is taken. Where it only lacks the shape, the server says so once and
sends its pictures the usual way; that is tested here, too.
"""

import queue
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import engineio.async_drivers.threading as driver
import pytest
import requests
import websocket
from engineio.packet import MESSAGE, Packet
from engineio.socket import Socket
from structlog.testing import capture_logs

from hallflow.app import create_app
from hallflow.hall import Hall
from hallflow.house import House
from hallflow.live import direct
from hallflow.live.direct import DirectQueue, misfit
from tests.live.screen import Screen
from tests.makers import take
from tests.servers import free_port, wait_until

WARNING = "pictures_not_straight"


def until(question: Callable[[], Any], seconds: float = 10) -> Any:
    """The first answer that is not nothing."""
    end = time.monotonic() + seconds
    while not (answer := question()):
        assert time.monotonic() < end, "it did not come"
        time.sleep(0.01)
    return answer


def only(app: Any) -> Any:
    """The Engine.IO socket of the one screen that is connected."""
    (found,) = app.extensions["socketio"].server.eio.sockets.values()
    return found


@pytest.fixture
def raw(address: str, demo_hall: Hall) -> Iterator[websocket.WebSocket]:
    """A screen that shows the very frames it is sent; it watches the wall."""
    line = websocket.create_connection(
        f"{address.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket", timeout=10
    )
    assert line.recv().startswith("0{")
    line.send("40/live,")
    assert line.recv().startswith("40/live")
    line.send('42/live,1["watch",{"hall":"central","screen":"wall"}]')
    while not line.recv().startswith("43/live,1["):
        pass
    yield line
    line.shutdown()


# ---- what is so ----


def test_the_installed_engineio_fits_and_nothing_is_said(demo_house: House) -> None:
    with capture_logs() as said:
        app, socketio = create_app(demo_house)
    assert misfit_of_a_fresh_server(app) is None
    assert socketio.server.eio.create_queue is DirectQueue
    assert [line for line in said if line["event"] == WARNING] == []


def misfit_of_a_fresh_server(app: Any) -> str | None:
    """Asked before our queue was put in: of a server of the same kind."""
    server = type(app.extensions["socketio"].server.eio)(async_mode="threading")
    return misfit(server)


def test_a_screens_socket_has_our_queue_and_our_queue_has_its_line(app, screens, demo_hall: Hall) -> None:
    """`create_queue`, `sockets`, the Socket.IO id's Engine.IO id, and the line that the web server passes on."""
    screens().watch("wall")
    found = only(app)
    assert type(found.queue) is DirectQueue
    assert type(found.queue._line) is socket.socket
    assert found.queue.maxsize == 0, "a queue with an end would make whoever tells of a change wait"


def test_gunicorn_passes_the_plain_line_on(tmp_path: Path) -> None:
    """As the server process runs it: `gunicorn.socket`, and not a subclass that has its own way of sending."""
    (tmp_path / "shown.py").write_text(
        "def app(environ, start):\n"
        "    start('200 OK', [('Content-Type', 'text/plain')])\n"
        "    kind = type(environ['gunicorn.socket'])\n"
        "    return [f'{kind.__module__}.{kind.__name__}'.encode()]\n"
    )
    port = free_port()
    options = ("-k", "gthread", "--threads", "2", "-b", f"127.0.0.1:{port}", "--no-control-socket", "shown:app")
    process = subprocess.Popen([sys.executable, "-m", "gunicorn", *options], cwd=tmp_path, stderr=subprocess.DEVNULL)
    try:
        wait_until(lambda: requests.get(f"http://127.0.0.1:{port}", timeout=5), requests.RequestException, 60)
        assert requests.get(f"http://127.0.0.1:{port}", timeout=60).text == "socket.socket"
    finally:
        process.terminate()
        process.wait(60)


def test_the_writer_asks_to_wait_only_when_it_has_sent_everything(app, screens, demo_hall: Hall) -> None:
    screen: Screen = screens()
    screen.watch("wall")
    waiting = only(app).queue
    until(lambda: waiting._writer_waits)
    # nothing to be done: the picture does not pass through the queue at all
    before = waiting.unfinished_tasks
    take(demo_hall, "bills")
    screen.see(demo_hall.floor.seq)
    assert waiting.unfinished_tasks == before
    assert waiting._writer_waits


def test_a_sign_of_life_wakes_the_writer_and_the_next_picture_waits_behind_it(app, raw) -> None:
    line = raw
    found = only(app)
    until(lambda: found.queue._writer_waits)
    found.send(Packet(2))
    assert "2" in iter(line.recv, ""), "the writer sends what went into the queue"
    until(lambda: found.queue._writer_waits)


@pytest.mark.parametrize("length", [1, 200, 70_000])
def test_a_straight_frame_is_byte_for_byte_what_the_writer_would_have_sent(app, raw, length: int) -> None:
    line, said = raw, "呼" * length
    found = only(app)
    frames = []
    for straightly in (True, False):
        until(lambda: found.queue._writer_waits)
        if not straightly:
            found.queue._writer_waits = False
        found.send(Packet(MESSAGE, said))
        # a picture of the wall may come between
        frames.append(next(frame for frame in iter(line.recv_frame, None) if frame.data.decode() == f"4{said}"))
    one, other = ((f.fin, f.rsv1, f.rsv2, f.rsv3, f.opcode, f.mask_value, f.data) for f in frames)
    assert one == other


def test_one_picture_for_many_is_one_packet_that_keeps_its_frame(app, screens, demo_hall: Hall, monkeypatch) -> None:
    """Socket.IO makes a packet once for a room, so the frame is made once."""
    made, send = [], direct._sent

    def sent(line: socket.socket, frame: bytes) -> bool:
        made.append(frame)
        return send(line, frame)

    for _ in range(3):
        screens().watch("wall")
    until(lambda: all(one.queue._writer_waits for one in sockets(app)))
    monkeypatch.setattr(direct, "_sent", sent)
    app.extensions["socketio"].emit("picture", {"screen": "wall", "seq": 0}, namespace="/live", to="central/wall")
    assert len(made) == 3
    assert len({id(frame) for frame in made}) == 1


def sockets(app: Any) -> list[Any]:
    return list(app.extensions["socketio"].server.eio.sockets.values())


def test_a_closed_sockets_queue_ends_the_writer_and_takes_what_still_comes(app, raw) -> None:
    """The server closes with a None in the queue, and later messages for it harm nobody."""
    line = raw
    found = only(app)
    until(lambda: found.queue._writer_waits)
    app.extensions["socketio"].server.eio.disconnect(found.sid)
    until(lambda: found.closed)
    found.queue.put(Packet(MESSAGE, "too late"))
    until(lambda: not sockets(app))
    heard = [line.recv()]
    # a closed line says nothing more, first with a frame and then with an error
    with suppress(websocket.WebSocketConnectionClosedException):
        while heard[-1]:
            heard.append(line.recv())
    assert not any("too late" in said for said in heard)


def test_a_line_that_takes_no_more_is_left_to_the_writer_and_nothing_is_lost(app, raw) -> None:
    line = raw
    found = only(app)
    until(lambda: found.queue._writer_waits)
    count = 200
    for n in range(count):
        found.send(Packet(MESSAGE, f"{n:03}" + "x" * 60_000))
    said = (line.recv()[1:4] for _ in range(10 * count))
    heard = [next(number for number in said if number.isdecimal()) for _ in range(count)]
    assert heard == [f"{n:03}" for n in range(count)]


# ---- what is done where it is not so ----


class OtherQueue(queue.Queue):
    """As a library might choose tomorrow."""


def bytes_of(packet: Packet, b64: bool = False) -> bytes:
    return b"4trial"


def encoded(self: Socket, packet: Packet) -> None:
    self.queue.put(packet.encode())


def own_queue(self: Socket, server: Any, sid: str) -> None:
    self.server, self.sid, self.queue = server, sid, queue.Queue()


OTHERWISE: dict[str, tuple[Any, str, Any]] = {
    "its queues are not queue.Queue": (driver._async, "queue", OtherQueue),
    "its packets are of another kind": (Packet, "encode", bytes_of),
    "its sockets use their queues otherwise": (Socket, "send", encoded),
    "its sockets make their queues themselves": (Socket, "__init__", own_queue),
}


@pytest.mark.parametrize("why", OTHERWISE)
def test_an_engineio_of_another_shape_is_noticed_at_the_start_and_said_once(
    demo_house: House, monkeypatch: pytest.MonkeyPatch, why: str
) -> None:
    where, name, instead = OTHERWISE[why]
    (monkeypatch.setitem if isinstance(where, dict) else monkeypatch.setattr)(where, name, instead)
    with capture_logs() as said:
        _, socketio = create_app(demo_house)
    assert [line["why"] for line in said if line["event"] == WARNING] == [why]
    assert socketio.server.eio.create_queue is not DirectQueue


@pytest.mark.parametrize("gone", ["create_queue", "sockets"])
def test_a_server_without_what_is_leant_on_is_a_misfit(gone: str) -> None:
    class Server:
        def __init__(self) -> None:
            self.sockets: dict[str, Any] = {}
            self.create_queue = queue.Queue
            delattr(self, gone)

    assert misfit(Server()) == f"AttributeError: 'Server' object has no attribute '{gone}'"


def test_a_packet_that_is_somewhere_else_is_a_misfit(app, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr("engineio.packet.Packet")
    assert "ImportError: cannot import name 'Packet'" in str(misfit_of_a_fresh_server(app))


@pytest.fixture
def other_queues(monkeypatch: pytest.MonkeyPatch) -> None:
    """An Engine.IO whose queues are of another kind."""
    monkeypatch.setitem(driver._async, "queue", OtherQueue)


def test_on_an_engineio_of_another_shape_screens_see_everything_all_the_same(
    other_queues: None, app, screens, demo_hall: Hall
) -> None:
    screen: Screen = screens()
    screen.watch("wall")
    assert type(only(app).queue) is OtherQueue
    for _ in range(3):
        take(demo_hall, "bills")
        assert screen.see(demo_hall.floor.seq)["seq"] == demo_hall.floor.seq
