"""The switch of `make quick`: with HALLFLOW_TEST_QUICK set, rules alone are tested, by no server and no browser.

Then the fixtures that start one are not there, databases are SQLite files, and whatever starts a process or opens a port fails.
"""

import os
import sys

ON = bool(os.environ.get("HALLFLOW_TEST_QUICK"))
STARTS = ("subprocess.Popen", "os.posix_spawn", "os.fork", "os.forkpty", "socket.bind", "socket.connect")
"""What Python tells an audit hook of before a process or a connection begins."""


class NotQuick(Exception):
    """A test of the quick ones began something that belongs to `make test`."""


def hold() -> None:
    """From here on nothing is started, to the end of this process."""
    sys.addaudithook(_refuse)


def _refuse(event: str, given: tuple[object, ...]) -> None:
    if event in STARTS:
        raise NotQuick(f"{event} {given}: mark the test slow, or take it out of the Makefile's QUICK")
