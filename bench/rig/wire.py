"""A load client with little overhead: persistent sockets, one selector, and responses parsed only after the time is taken."""

import json
import selectors
import socket
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import cycle
from typing import Any

SILENCE_SECONDS = 60.0


@dataclass(slots=True)
class Answer:
    """One answer, as it came."""

    status: int
    raw: bytes
    seconds: float

    @property
    def body(self) -> Any:
        """What it says."""
        return json.loads(self.raw.partition(b"\r\n\r\n")[2])


@dataclass(slots=True)
class Timed:
    """Batches of one kind of request: how long all took, and each."""

    seconds: float = 0.0
    client_seconds: float = 0.0
    """Of the processor, spent by this client."""
    server_seconds: float = 0.0
    """Of the processor, spent by the server; 0 where the system does not tell."""
    answers: list[Answer] = field(default_factory=list)

    @property
    def rate(self) -> float:
        """Requests a second."""
        return len(self.answers) / self.seconds if self.seconds else 0.0


def request(method: str, path: str, body: Any = None, token: str | None = None, key: str | None = None) -> bytes:
    """A request, ready to be sent; `key` is its Idempotency-Key, which the pages send with every POST."""
    sent = b"" if body is None else json.dumps(body).encode()
    head = f"{method} {path} HTTP/1.1\r\nHost: hall\r\nContent-Length: {len(sent)}\r\n"
    head += "Content-Type: application/json\r\n" if sent else ""
    head += f"Authorization: Bearer {token}\r\n" if token else ""
    head += f"Idempotency-Key: {key}\r\n" if key else ""
    return head.encode() + b"\r\n" + sent


class Clients:
    """So many clients, each asking again when an answer has come; of several processes each client asks one after the other."""

    def __init__(self, ports: int | Sequence[int], clients: int) -> None:
        self._selector = selectors.DefaultSelector()
        ports = [ports] if isinstance(ports, int) else list(ports)
        self._lines = [
            _Line(ports[first:] + ports[:first]) for first in (index % len(ports) for index in range(clients))
        ]
        for line in self._lines:
            for socket_ in line.sockets:
                self._selector.register(socket_, selectors.EVENT_READ, line)

    def __enter__(self) -> "Clients":
        return self

    def __exit__(self, *_: object) -> None:
        self._selector.close()
        for line in self._lines:
            for socket_ in line.sockets:
                socket_.close()

    def one(self, asked: bytes) -> Answer:
        """Ask one thing and wait for it."""
        return self.all([asked], Timed())[0]

    def all(self, asked: Sequence[bytes], timed: Timed) -> list[Answer]:
        """Ask all of this, as many at once as there are clients; answers in the order of the questions."""
        answers: list[Answer | None] = [None] * len(asked)
        to_ask = iter(enumerate(asked))
        cpu, began = time.process_time(), time.perf_counter()
        busy = sum(line.ask(to_ask) for line in self._lines)
        while busy:
            ready = self._selector.select(SILENCE_SECONDS)
            if not ready:
                raise TimeoutError(f"the server was silent for {SILENCE_SECONDS:.0f} s")
            for key, _ in ready:
                line: _Line = key.data
                if line.heard(answers):
                    busy -= not line.ask(to_ask)
        timed.seconds += time.perf_counter() - began
        timed.client_seconds += time.process_time() - cpu
        whole = [answer for answer in answers if answer is not None]
        timed.answers += whole
        return whole


class _Line:
    """One client, connected to each process: one question at a time."""

    def __init__(self, ports: Iterable[int]) -> None:
        self.sockets = [socket.create_connection(("127.0.0.1", port), timeout=SILENCE_SECONDS) for port in ports]
        for socket_ in self.sockets:
            socket_.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._turns = cycle(self.sockets)
        self._socket = self.sockets[0]
        self._asked = 0
        self._at = 0.0
        self._heard = b""
        self._until = 0

    def ask(self, to_ask: Iterable[tuple[int, bytes]]) -> bool:
        """Send the next question; whether there was one."""
        following = next(iter(to_ask), None)
        if following is None:
            return False
        self._asked, question = following
        self._heard, self._until = b"", 0
        self._socket = next(self._turns)
        self._at = time.perf_counter()
        self._socket.sendall(question)
        return True

    def heard(self, answers: list[Answer | None]) -> bool:
        """Take what has arrived; whether the answer is whole."""
        came = self._socket.recv(262144)
        if not came:
            raise ConnectionError("the server closed a connection in the middle of an answer")
        self._heard += came
        if not self._until:
            head = self._heard.find(b"\r\n\r\n")
            if head < 0:
                return False
            named = self._heard[:head].lower().partition(b"content-length:")[2]
            self._until = head + 4 + int(named.partition(b"\r\n")[0])
        if len(self._heard) < self._until:
            return False
        answers[self._asked] = Answer(int(self._heard[9:12]), self._heard, time.perf_counter() - self._at)
        return True
