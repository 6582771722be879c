"""The switch of `make quick`, the environment variable HALLFLOW_TEST_QUICK: tests without processes and connections.

While it is set the plugin with the servers' and the browser's fixtures is not loaded, databases are SQLite files alone,
and an audit hook of Python fails every test that starts a process, listens at a port or connects to one.
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
