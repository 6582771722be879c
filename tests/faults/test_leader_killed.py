"""The leader killed in the middle of a job: no partial result, another takes over, the job is done once."""

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

from hallflow.jobs.leader import Leadership
from hallflow.storage.database.engine import open_engine
from tests.exactly_once import check_events
from tests.faults.house import PATIENCE_SECONDS, ROOT, log_of
from tests.makers import SAMPLES, SECRET, WEDNESDAY, FakeClock, a_house

# a worker that stands still in the middle of the second hall's day's end
STANDS_STILL = """
import threading
from hallflow.cli import main
from hallflow.hall import Change
record = Change.record
def stand_still(self, kind, *what, **more):
    after = record(self, kind, *what, **more)
    if self.hall.key == "county" and kind in ("expired", "left", "counter_closed"):
        print("in the middle", flush=True)
        threading.Event().wait()
    return after
Change.record = stand_still
main(["work"])
"""
WORKS = "from hallflow.cli import main; main(['work'])"


def test_the_day_is_closed_once_though_its_leader_was_killed_in_the_middle(tmp_path: Path, url: str) -> None:
    house = a_house(tmp_path, FakeClock(WEDNESDAY), url, demo=False)
    for hall in house.halls.values():
        with hall.change() as change:
            for number in ("A001", "A002"):
                change.issue(
                    number, f"token-{hall.key}-{number}", None, letter="A", count=int(number[1:]),
                    services=["bills"], tier=hall.plan.standard_tier, language="zh", promise=None,
                )  # fmt: skip
            change.record("counter_opened", counter="1", clerk="wang", services=["bills"])
    assert list(house.halls) == ["central", "county"]
    house.engine.dispose()
    evening = WEDNESDAY + timedelta(hours=11)
    with Worker(tmp_path, url, evening, STANDS_STILL) as killed:
        assert killed.stdout.readline().strip() == "in the middle"
        before = len(log_of(url, "county"))
        with Worker(tmp_path, url, evening, WORKS) as other:
            # long enough for it to begin; on SQLite it waits for the writer, and not for ever
            time.sleep(1.0)
            assert other.poll() is None
            assert len(log_of(url, "county")) == before == 4, "what was not finished is not there"
            os.kill(killed.pid, signal.SIGKILL)
            killed.wait()
            until = time.monotonic() + PATIENCE_SECONDS
            while not closed(url, "county"):
                assert time.monotonic() < until, "nobody took over"
                time.sleep(0.1)
            engine = open_engine(url)
            assert not Leadership(engine).held(), "the other one leads"
            engine.dispose()
            time.sleep(1.5)
    for hall in ("central", "county"):
        events = log_of(url, hall)
        check_events(events)
        kinds = [event.kind for event in events]
        assert kinds.count("expired") == 2
        assert kinds.count("counter_closed") == 1
        assert kinds.count("day_opened") == 1


def closed(url: str, hall: str) -> bool:
    return any(event.kind == "counter_closed" for event in log_of(url, hall))


class Worker:
    """`hallflow work` in a process of its own, at this hour."""

    def __init__(self, folder: Path, url: str, at: datetime, program: str) -> None:
        settings = {"DATA": str(folder), "CONFIG": str(SAMPLES), "SECRET": SECRET, "DATABASE_URL": url}
        self._log = (folder / "worker.log").open("ab")
        self._process = subprocess.Popen(
            [sys.executable, "-c", program],
            cwd=ROOT,
            env=os.environ
            | {f"HALLFLOW_{name}": value for name, value in settings.items()}
            | {"HALLFLOW_DEMO_START": at.isoformat(), "HALLFLOW_DEMO_PACE": "1"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=self._log,
            text=True,
        )

    def __enter__(self) -> subprocess.Popen[str]:
        return self._process

    def __exit__(self, *_: object) -> None:
        with suppress(ProcessLookupError):
            self._process.kill()
        self._process.communicate(timeout=PATIENCE_SECONDS)
        self._log.close()
