"""A plan to spoil: a copy of the sample halls in which single lines are changed."""

import shutil
from pathlib import Path

from hallflow.config import PlanFaults, load

SAMPLES = Path(__file__).parents[2] / "config"


def a_plan(folder: Path) -> Path:
    """The sample halls, in a folder of their own."""
    return Path(shutil.copytree(SAMPLES, folder / "config"))


def spoil(plan: Path, file: str, was: str, now: str) -> None:
    """Change one passage of a file, which must be there."""
    text = (plan / file).read_text(encoding="utf-8")
    assert was in text, f"{file} has no {was!r}"
    (plan / file).write_text(text.replace(was, now, 1), encoding="utf-8")


def faults_of(plan: Path) -> list[str]:
    """What loading says is wrong."""
    try:
        load(plan)
    except PlanFaults as bad:
        return [str(fault) for fault in bad.faults]
    return []
