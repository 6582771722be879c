"""A screen that stops reading costs little memory, delays nobody, and may reconnect."""

import socket
import time

import pytest
import websocket

from hallflow.hall import Hall
from hallflow.live import lines
from tests.makers import take


def test_a_screen_that_reads_nothing_is_cut_off_and_the_others_see_everything(
    app, address: str, screens, demo_hall: Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lines, "WAITING_AT_MOST", 8)
    monkeypatch.setattr(lines, "LOOK_APART", 0.0)
    monkeypatch.setattr(lines, "KERNEL_BYTES", 4096)
    server = app.extensions["socketio"].server.eio
    deaf = a_deaf_screen(address)
    (line,) = server.sockets
    healthy = screens()
    healthy.watch("wall")
    connection = server.sockets[line]
    waiting, most, n = connection.queue, 0, 0
    until = time.monotonic() + 60
    while not connection.closed and time.monotonic() < until:
        take(demo_hall, ("bills", "sim")[n % 2])
        n += 1
        time.sleep(0.05)
        # pictures that stand in a queue, and no more of them than may wait and one second brings
        most = max(most, waiting.qsize())
    assert connection.closed, f"it was not cut; {most} pictures wait for it"
    assert most <= 8 + 10
    healthy.see(demo_hall.floor.seq)
    deaf.shutdown()
    again = screens()
    assert again.watch("wall")["seq"] == demo_hall.floor.seq


def a_deaf_screen(address: str) -> websocket.WebSocket:
    """It watches the wall, and then its program hangs: the kernel takes a little more, and nobody reads it."""
    line = websocket.create_connection(
        f"{address.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket",
        sockopt=[(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)],
    )
    assert line.recv().startswith("0{")
    line.send("40/live,")
    assert line.recv().startswith("40/live")
    line.send('42/live,1["watch",{"hall":"central","screen":"wall"}]')
    # a change in the same moment may be told before the answer
    while not (heard := line.recv()).startswith("43/live,1["):
        assert heard.startswith('42/live,["picture"')
    assert '"picture"' in heard
    return line
