"""A copy of the sample halls' plan in which a test changes single lines."""

import re
import shutil
from pathlib import Path

from hallflow.config import PlanFaults, load
from tests.makers import SAMPLES


def a_config(folder: Path) -> Path:
    """The sample halls, in a folder of their own."""
    return Path(shutil.copytree(SAMPLES, folder / "config"))


def spoil(plan: Path, file: str, was: str, now: str) -> None:
    """Change one passage of a file, which must be there."""
    text = (plan / file).read_text(encoding="utf-8")
    assert was in text, f"{file} has no {was!r}"
    (plan / file).write_text(text.replace(was, now, 1), encoding="utf-8")


def add_language(plan: Path, code: str, name: str) -> None:
    """A third language with a text for every key and a name for everything, each as long as the English one."""
    english = (plan / "texts" / "en.toml").read_text(encoding="utf-8")
    ours = english.replace('name = "English"', f'name = "{name}"').replace('tag = "en-GB"', f'tag = "{code}"')
    (plan / "texts" / f"{code}.toml").write_text(ours, encoding="utf-8")
    for file in (file for file in plan.rglob("*.toml") if file.parent.name != "texts"):
        text = re.sub(r'\ben = ("[^"]*")', rf"en = \1, {code} = \1", file.read_text(encoding="utf-8"))
        file.write_text(text.replace('["zh", "en"]', f'["zh", "en", "{code}"]'), encoding="utf-8")


def faults_of(plan: Path) -> list[str]:
    """What loading says is wrong."""
    try:
        load(plan)
    except PlanFaults as bad:
        return [str(fault) for fault in bad.faults]
    return []
