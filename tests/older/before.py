"""The previous version's server as a browser sees it: its pages and modules as it sent them, byte for byte.

Requests to the API, the socket and the libraries are passed on to a server of the present version, for the old program is not
available here. The page itself is therefore the old one before the upgrade, while its server is already the new one.
"""

import contextlib
import json
import socket
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

MARK = b"\n;globalThis.older = (globalThis.older ?? 0) + 1;\n"
"""Stands at the end of each old module, so that a page can say how many of them it runs."""


@contextmanager
def server_before(pages: Path, port: int, behind: int) -> Iterator[None]:
    """Serve the recorded pages at `port` until the block ends, and everything else from the port `behind`."""
    index = json.loads((pages / "index.json").read_text())["files"]
    answers = {path: _answer(kept, (pages / "files" / kept["file"]).read_bytes()) for path, kept in index.items()}
    open_lines: set[socket.socket] = set()

    class Line(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            head = _head(self.request)
            path = head.split(b" ", 2)[1].decode() if head.count(b" ") > 1 else ""
            if path in answers:
                self.request.sendall(answers[path])
                return
            with socket.create_connection(("127.0.0.1", behind)) as other:
                open_lines.update((self.request, other))
                other.sendall(_once(head))
                back = threading.Thread(target=_pump, args=(other, self.request), daemon=True)
                back.start()
                _pump(self.request, other)
                back.join()

    class Server(socketserver.ThreadingTCPServer):
        allow_reuse_address = True
        daemon_threads = True
        block_on_close = False

    with Server(("127.0.0.1", port), Line) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield
        finally:
            server.shutdown()
            thread.join()
            for line in open_lines:
                with contextlib.suppress(OSError):
                    line.shutdown(socket.SHUT_RDWR)


def _answer(kept: dict[str, str], body: bytes) -> bytes:
    if kept["Content-Type"].startswith("text/javascript"):
        body += MARK
    headers = {name: value for name, value in kept.items() if name != "file"}
    headers |= {"Content-Length": str(len(body)), "Connection": "close"}
    lines = ["HTTP/1.1 200 OK", *(f"{name}: {value}" for name, value in headers.items())]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def _head(line: socket.socket) -> bytes:
    """The request's first bytes, to the end of its headers."""
    head = b""
    while b"\r\n\r\n" not in head and (more := line.recv(65536)):
        head += more
    return head


def _once(head: bytes) -> bytes:
    """The request on a line of its own: the next one of the browser is looked at anew."""
    if b"upgrade: websocket" in head.lower():
        return head
    first, rest = head.split(b"\r\n", 1)
    kept = [line for line in rest.split(b"\r\n") if not line.lower().startswith(b"connection:")]
    return b"\r\n".join([first, b"Connection: close", *kept])


def _pump(one: socket.socket, other: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while said := one.recv(65536):
            other.sendall(said)
    with contextlib.suppress(OSError):
        other.shutdown(socket.SHUT_WR)
