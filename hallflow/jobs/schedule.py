"""The job scheduler: APScheduler triggers each job at its interval, and only the leader runs it."""

import os
import sys
import threading

import structlog
from apscheduler.schedulers.background import BackgroundScheduler

from hallflow.house import House
from hallflow.jobs.leader import Leadership
from hallflow.jobs.tasks import TASKS, Task, run

log = structlog.get_logger()
LEAST_SECONDS = 1.0
STANDS_BACK = 15
"""The Unix niceness of the threads that run heavy jobs."""


class Clockwork:
    """Runs the jobs until it is stopped."""

    def __init__(self, house: House) -> None:
        self.house = house
        self._lead = Leadership(house.engine)
        # one thread, so that no two jobs overlap; and one for heavy jobs, which the others cannot wait for
        one = {"type": "threadpool", "max_workers": 1}
        self._scheduler = BackgroundScheduler(timezone="UTC", executors={"default": one, "heavy": dict(one)})
        self._turn = threading.Lock()

    def start(self) -> None:
        """Start: most jobs once at once, then each at its interval."""
        for task in TASKS.values():
            # on an accelerated demo clock the hall's seconds are shorter than real ones
            seconds = max(task.every_seconds / self.house.clock.pace, LEAST_SECONDS)
            self._scheduler.add_job(
                self._run,
                "interval",
                args=[task],
                seconds=seconds,
                id=task.name,
                executor="heavy" if task.heavy else "default",
                max_instances=1,
                coalesce=True,
                misfire_grace_time=None,
            )
        self._scheduler.add_job(self._first, id="first", misfire_grace_time=None)
        self._scheduler.start()

    def stop(self) -> None:
        """Stop after the running job."""
        self._scheduler.shutdown(wait=True)
        self._lead.release()

    def _first(self) -> None:
        for name in ("day", "history", "learn", "forecast", "calibrate", "outlook", "sweep", "forget", "model"):
            self._run(TASKS[name])

    def _run(self, task: Task) -> None:
        with self._turn:
            leads = self._lead.held()
            if leads and not task.heavy:
                run(self.house, task)
        if leads and task.heavy:
            _stand_back()
            run(self.house, task)


def _stand_back() -> None:
    """Lower this thread's CPU priority below everything else of the hall."""
    # elsewhere a priority applies to a whole process, and the worker's other jobs must not wait
    if sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), STANDS_BACK)
