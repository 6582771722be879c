"""Background load: a staffing search in an endless loop, as the worker runs it for a busy hall."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ONE_CORE = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}


@contextmanager
def beside(config: Path, *, wanted: bool) -> Iterator[None]:
    """Let it run until the block ends."""
    if not wanted:
        yield
        return
    command = [sys.executable, "-m", "bench.rig.search", str(config)]
    with subprocess.Popen(command, env=os.environ | ONE_CORE, stdout=subprocess.PIPE, text=True) as searching:
        try:
            if searching.stdout is None or searching.stdout.readline().strip() != "searching":
                raise RuntimeError("the search did not begin")
            yield
        finally:
            searching.terminate()


def main(config: Path) -> None:
    """Search until ended; or until whoever started it is gone."""
    import numpy as np

    from bench.methods.twin import NOW, busy_floor
    from bench.rig.house import HALL
    from hallflow.config import load
    from hallflow.foresight.learning.learned import from_plan
    from hallflow.foresight.outlook import draw_outlook

    plan = load(config, demo=True).plans[HALL]
    floor = busy_floor(plan, 100, 20)
    os.nice(5)
    parent = os.getppid()
    print("searching", flush=True)
    while os.getppid() == parent:
        draw_outlook(floor, plan, from_plan(plan), NOW, np.random.default_rng(1))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
