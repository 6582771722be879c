"""What `hallflow run` prints is true where it is printed."""

import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from bench.rig.house import free_port

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    "command", [[str(Path(sys.executable).parent / "hallflow")], [sys.executable, "-m", "hallflow"]]
)
def test_the_command_it_names_can_be_typed(tmp_path: Path, command: list[str]) -> None:
    environment = os.environ | {"HALLFLOW_DATA": str(tmp_path)}
    run = subprocess.Popen(
        [*command, "run", "--demo", "--no-work", "--port", str(free_port())],
        cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        assert run.stdout is not None
        told = next(line for line in run.stdout if "See a hall work" in line)
    finally:
        run.terminate()
        run.communicate(timeout=60)
    program = shlex.split(told.partition(": ")[2])
    assert program[-3:] == ["demo", "--speed", "60"]
    program = [sys.executable if word == "python" else word for word in program[:-2]]
    helped = subprocess.run([*program, "--help"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert helped.returncode == 0
    assert "--speed" in helped.stdout
