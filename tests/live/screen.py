"""A screen for tests: a real Socket.IO client that keeps what it received."""

import contextlib
import socket
import time
from typing import Any

import engineio
import socketio

Picture = dict[str, Any]
PATIENCE_SECONDS = 60
"""For what must come, on a machine that also does other work."""


class InOrder(socketio.Client):
    """A client that hears one message after the other, as a browser does; the library's own gives each a thread of its own."""

    def _engineio_client_class(self) -> type[engineio.Client]:
        return _OneByOne


class _OneByOne(engineio.Client):
    def _trigger_event(self, event: str, *args: Any, **more: Any) -> Any:
        return super()._trigger_event(event, *args, **more | {"run_async": False})


class Screen:
    """Connected to /live over a websocket; `pictures` are those sent after the first."""

    def __init__(self, address: str, headers: dict[str, str] | None = None) -> None:
        self.pictures: list[Picture] = []
        self.times: list[float] = []
        self._client = InOrder(reconnection=False)
        self._client.on("picture", self._draw, namespace="/live")
        self._client.connect(address, headers=headers or {}, transports=["websocket"], namespaces=["/live"])

    def _draw(self, picture: Picture) -> None:
        self.pictures.append(picture)
        self.times.append(time.monotonic())

    def ask(self, asked: Any) -> dict[str, Any]:
        """What `watch` is answered."""
        return self._client.call("watch", asked, namespace="/live", timeout=PATIENCE_SECONDS)

    def watch(self, screen: str, hall: str = "central", **more: str) -> Picture:
        """The present picture."""
        answer = self.ask({"hall": hall, "screen": screen, **more})
        assert "picture" in answer, answer
        return answer["picture"]

    def see(self, seq: int, screens: int = 1) -> Picture:
        """The first picture at or past this seq, once so many screens that are watched here have one."""
        until = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < until:
            new = [picture for picture in list(self.pictures) if picture["seq"] >= seq]
            if len({picture["screen"] for picture in new}) >= screens:
                return new[0]
            time.sleep(0.01)
        raise AssertionError(f"no picture of seq {seq} came; the last was {self.pictures[-1:]}")

    def close(self) -> None:
        """Go without a word, as a screen does whose plug is pulled; a polite close takes the server seconds to answer."""
        line = self._client.eio.ws
        if line is not None and line.sock is not None:
            with contextlib.suppress(OSError):
                line.sock.shutdown(socket.SHUT_RDWR)
            self._client.eio.wait()
            line.shutdown()
