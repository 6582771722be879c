"""Process supervision: a child process that ends is restarted; an essential one that cannot start ends the installation."""

import os
import signal
import subprocess
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import FrameType

import structlog

from hallflow.clock import monotonic

log = structlog.get_logger()
CANNOT_START_SECONDS = 5.0
"""A server whose first run exits by itself sooner than this cannot start at all."""
PATIENCE = 10.0
PAUSE = 1.0


@dataclass
class Child:
    """A process that is minded."""

    name: str
    command: Sequence[str]
    environ: Mapping[str, str] = field(default_factory=dict)
    essential: bool = True
    """Whether the installation is over when it cannot start."""
    process: subprocess.Popen[bytes] | None = None
    began: float = 0.0
    starts: int = 0

    def start(self) -> None:
        """Begin, or begin again."""
        self.process = subprocess.Popen(self.command, env=os.environ | self.environ)  # noqa: S603
        self.began = monotonic()
        self.starts += 1

    def ended(self) -> int | None:
        """What it ended with; None while it runs."""
        return self.process.poll() if self.process else None

    def could_not_start(self, code: int) -> bool:
        """Whether ending with this code means that it never can.

        One that has served before may find its port or its database not there yet, and one that a signal has killed
        says nothing of itself: they are started until they can.
        """
        return code >= 0 and self.starts == 1 and monotonic() - self.began < CANNOT_START_SECONDS


class Minder:
    """Starts the processes, and keeps them running until told to stop."""

    def __init__(self, children: Sequence[Child]) -> None:
        self.children = children
        self._stop = threading.Event()
        for child in children:
            child.start()
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, self._told)

    def until_over(self) -> int:
        """Mind them; what the installation ended with."""
        code = 0
        while not self._stop.wait(PAUSE):
            for child in self.children:
                ended = child.ended()
                if ended is None:
                    continue
                if child.essential and child.could_not_start(ended):
                    code = ended or 1
                    self._stop.set()
                    break
                log.warning("process_ended", process=child.name, code=ended)
                child.start()
        self._end_all()
        return code

    def _told(self, number: int, frame: FrameType | None) -> None:
        self._stop.set()

    def _end_all(self) -> None:
        running = [child.process for child in self.children if child.process and child.ended() is None]
        for process in running:
            process.terminate()
        for process in running:
            try:
                process.wait(timeout=PATIENCE)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
