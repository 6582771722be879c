"""Twenty wall screens in a process of their own: each records when the snapshot with a call reaches it.

Started with a port and a hall; says "ready" when every wall watches, and on the end of its input what each has seen.
"""

import json
import sys
import time
from typing import Any

import socketio

WALLS = 20


class Wall:
    """One wall, on its own line."""

    def __init__(self, port: int, hall: str) -> None:
        self.seen: dict[str, float] = {}
        self._line = socketio.Client(reconnection=False, handle_sigint=False)
        self._line.on("picture", self._picture, namespace="/live")
        self._line.connect(f"http://127.0.0.1:{port}", transports=["websocket"], namespaces=["/live"], wait_timeout=20)
        answer = self._line.call("watch", {"hall": hall, "screen": "wall"}, namespace="/live", timeout=20)
        self._picture(answer["picture"])

    def _picture(self, picture: dict[str, Any]) -> None:
        at = time.monotonic()
        for call in picture["calling"]:
            self.seen.setdefault(call["key"], at)

    def close(self) -> None:
        """Hang up."""
        self._line.disconnect()


def main(port: int, hall: str) -> None:
    """Watch until the input ends."""
    walls = [Wall(port, hall) for _ in range(WALLS)]
    print("ready", flush=True)
    sys.stdin.read()
    print(json.dumps([wall.seen for wall in walls]), flush=True)
    for wall in walls:
        wall.close()


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2])
