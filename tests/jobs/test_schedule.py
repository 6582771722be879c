"""The job schedule: each job at its time, on the leader alone, whatever fails."""

import time
from dataclasses import replace
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from hallflow.jobs import schedule
from hallflow.jobs.schedule import Clockwork
from hallflow.jobs.tasks import TASKS, Task
from tests.makers import a_house


def test_the_leader_alone_does_the_jobs_and_a_failing_one_ends_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = a_house(tmp_path)
    done: list[str] = []

    def noted(task: Task) -> Task:
        def work(_) -> int:
            done.append(task.name)
            if task.name == "learn":
                raise ValueError("nothing to learn from")
            return 0

        return replace(task, run=work, every_seconds=1.0)

    monkeypatch.setattr(schedule, "TASKS", {name: noted(task) for name, task in TASKS.items()})
    leader, other = Clockwork(house), Clockwork(house)
    with capture_logs() as logged:
        leader.start()
        until = time.monotonic() + 30
        while not (set(done) == set(TASKS) and done.count("sweep") > 1) and time.monotonic() < until:
            time.sleep(0.05)
    assert {entry["job"] for entry in logged if entry["event"] == "job_failed"} == {"learn"}
    assert set(done) == set(TASKS)
    assert done.count("learn") >= 1
    assert done.count("sweep") > 1
    other._run(TASKS["sweep"])
    assert not other._lead.held()
    leader.stop()
    count = len(done)
    time.sleep(0.2)
    assert len(done) == count
    assert other._lead.held()
    other._lead.release()
    house.engine.dispose()
