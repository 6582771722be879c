"""The server process: gunicorn with one worker and a thread for each screen.

One process keeps SQLite's writers in one fair queue; threads keep a slow request from blocking a screen.
"""

import gc
import resource
from typing import Any

from gunicorn.app.base import BaseApplication

from hallflow.app import configure_log, open_app
from hallflow.settings import Settings

THREADS = 2500
FILES = 2 * THREADS + 1000
"""The file descriptors needed: each screen takes one, and many systems allow a process only 1,024 by default."""


class Server(BaseApplication):  # type: ignore[misc]
    """Gunicorn with Hallflow's settings."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        super().__init__()

    def load_config(self) -> None:
        """Set the few options that matter, each measured."""
        for name, value in {
            "bind": f"{self._settings.host}:{self._settings.port}",
            "worker_class": "gthread",
            "workers": 1,
            # a websocket occupies a thread; threads are started when needed
            "threads": THREADS,
            "worker_connections": 2 * THREADS,
            "graceful_timeout": 3,
            "timeout": 60,
            "keepalive": 30,
            "control_socket_disable": True,
            "loglevel": "warning",
            "proc_name": "hallflow",
        }.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        """Build the application, in the worker process."""
        configure_log()
        allow_files()
        app = open_app(self._settings)
        settle()
        return app


def settle() -> None:
    """Exclude permanent objects from garbage collection, which would stop all threads for a tenth of a second."""
    gc.collect()
    gc.freeze()


def allow_files() -> None:
    """Raise this process's limit of file descriptors, as far as the system permits."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = FILES if hard == resource.RLIM_INFINITY else min(FILES, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


if __name__ == "__main__":
    Server(Settings.from_env()).run()
