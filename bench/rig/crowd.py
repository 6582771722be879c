"""Hundreds or thousands of screens and phones in one small process: each records which snapshots reach it, and when.

Is given one line of JSON, [[port, hall, screen], ...]; says "ready" when all watch, and at the end of its input what each has seen.
"""

import json
import re
import resource
import selectors
import socket
import struct
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

AT_ONCE = 8
SECONDS = 60.0
SEQ = re.compile(rb'"seq":\s*(\d+)')
GREETING = (
    b"GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: hall\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
)


class Screen:
    """One line to the hall."""

    def __init__(self, port: int, hall: str, screen: str) -> None:
        self.pictures: list[tuple[int, float]] = []
        self.lost = False
        self._heard = b""
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=SECONDS)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket.sendall(GREETING)
        while b"\r\n\r\n" not in self._heard:
            self._heard += self._more()
        self._heard = self._heard.partition(b"\r\n\r\n")[2]
        self._until(b"0{")
        self._say(b"40/live,")
        self._until(b"40/live,")
        self._say(b'42/live,0["watch",' + json.dumps({"hall": hall, "screen": screen}).encode() + b"]")
        self._until(b"43/live,0[")

    def _more(self) -> bytes:
        came = self.socket.recv(65536)
        if not came:
            raise ConnectionError("the hall hung up")
        return came

    def _until(self, beginning: bytes) -> None:
        while True:
            for said in self._frames():
                self._take(said, time.monotonic())
                if said.startswith(beginning):
                    return
            self._heard += self._more()

    def _say(self, said: bytes) -> None:
        # a mask of zeros is a mask
        head = (
            struct.pack("!BB", 0x81, 0x80 | len(said))
            if len(said) < 126
            else struct.pack("!BBH", 0x81, 0xFE, len(said))
        )
        self.socket.sendall(head + b"\0\0\0\0" + said)

    def _frames(self) -> Iterator[bytes]:
        while len(self._heard) >= 2:
            length, start = self._heard[1], 2
            if length == 126:
                if len(self._heard) < 4:
                    return
                length, start = struct.unpack_from("!H", self._heard, 2)[0], 4
            if len(self._heard) < start + length:
                return
            said, self._heard = self._heard[start : start + length], self._heard[start + length :]
            yield said

    def _take(self, said: bytes, at: float) -> None:
        if said == b"2":
            self._say(b"3")
        elif said.startswith((b'42/live,["picture"', b"43/live,0[")):
            found = SEQ.search(said)
            if found is None:
                raise RuntimeError(f"no picture: {said[:200]!r}")
            self.pictures.append((int(found[1]), at))

    def hear(self) -> bool:
        """Take what has come; whether the line still holds."""
        try:
            self._heard += self._more()
        except OSError:
            self.lost = True
            return False
        at = time.monotonic()
        for said in self._frames():
            self._take(said, at)
        return True


def main() -> None:
    """Watch until the input ends."""
    resource.setrlimit(resource.RLIMIT_NOFILE, (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2)
    asked = json.loads(sys.stdin.readline())
    with ThreadPoolExecutor(AT_ONCE) as pool:
        screens = list(pool.map(lambda each: Screen(*each), asked))
    print("ready", flush=True)
    ended = threading.Event()
    threading.Thread(target=_end, args=[ended], daemon=True).start()
    with selectors.DefaultSelector() as lines:
        for screen in screens:
            lines.register(screen.socket, selectors.EVENT_READ, screen)
        while not ended.is_set():
            for key, _ in lines.select(0.5):
                if not key.data.hear():
                    lines.unregister(key.fileobj)
    told = {"pictures": [screen.pictures for screen in screens], "lost": sum(screen.lost for screen in screens)}
    print(json.dumps(told | {"cpu": time.process_time()}), flush=True)


def _end(ended: threading.Event) -> None:
    sys.stdin.read()
    ended.set()


if __name__ == "__main__":
    main()
