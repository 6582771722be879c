"""The real application on a real port, and screens that watch it as a browser does."""

import logging
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from werkzeug.serving import make_server

from hallflow.app import DRAWER, PRESENCE, create_app
from hallflow.house import House
from tests.live.screen import Screen
from tests.makers import FakeClock, a_house


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    opened = a_house(tmp_path, FakeClock())
    yield opened
    opened.engine.dispose()


@pytest.fixture
def app(house: House):
    return create_app(house)[0]


@pytest.fixture
def address(app) -> Iterator[str]:
    """Where the application answers; a thread for each connection, as the default deployment has it."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    app.extensions[DRAWER].stop()
    app.extensions[PRESENCE].stop()
    server.shutdown()
    thread.join(5)
    server.server_close()


@pytest.fixture
def screens(address: str) -> Iterator[Callable[..., Screen]]:
    """Opens screens, and closes them all in the end."""
    opened: list[Screen] = []

    def a_screen(**headers: str) -> Screen:
        opened.append(Screen(address, headers))
        return opened[-1]

    yield a_screen
    for screen in opened:
        screen.close()
