"""The real application on a port of this process, so that a test can also access its objects."""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask
from werkzeug.serving import make_server

from hallflow.app import DRAWER, PRESENCE


@contextmanager
def served(app: Flask) -> Iterator[str]:
    """Where the application answers until the block ends; a thread for each connection, as the default deployment has it."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    app.extensions[DRAWER].stop()
    app.extensions[PRESENCE].stop()
    server.shutdown()
    thread.join(60)
    server.server_close()
