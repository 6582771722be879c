"""The documents are true of the code: every file they name exists and contains what they say."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
MADE = {"house.md", "benchmarks.md"}
PAPERS = [
    path.relative_to(ROOT).as_posix()
    for path in sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
    if path.name not in MADE
]
NAMED = re.compile(r"`([\w.-]+(?:/[\w.-]+)*/?)`")
WITHIN = re.compile(r"((?:`[\w.]+`(?:, | and ))*`[\w.]+`) (?:in|of) `([\w/.-]+\.(?:py|js))`")
LINK = re.compile(r"\]\(([^)#:]+)\)")
TOP = {path.name for path in ROOT.iterdir()}


def paths(text: str, within: Path) -> Iterator[str]:
    """What stands in the text as a path of the project: whole, or below `within`."""
    for name in NAMED.findall(text):
        first = name.split("/")[0]
        is_path = "/" in name and (first in TOP or (within / first).is_dir())
        if is_path or (name.endswith((".py", ".md")) and within != ROOT):
            yield name


@pytest.mark.parametrize("paper", PAPERS)
def test_every_file_that_a_paper_names_is_there(paper: str) -> None:
    text = (ROOT / paper).read_text("utf-8")
    places = (ROOT, ROOT / "hallflow") if paper == "docs/words.md" else (ROOT,)
    named = set(paths(text, places[-1]))
    assert [name for name in sorted(named) if not any((place / name).exists() for place in places)] == []
    assert [link for link in LINK.findall(text) if not ((ROOT / paper).parent / link).exists()] == []


@pytest.mark.parametrize("paper", PAPERS)
def test_what_a_paper_says_is_in_a_file_is_in_it(paper: str) -> None:
    """`choose` in `hallflow/domain/routing.py`: defined there, as a function, a class, a method or a constant."""
    wrong = []
    for names, path in WITHIN.findall((ROOT / paper).read_text("utf-8")):
        code = (ROOT / path).read_text("utf-8")
        for name in re.findall(r"`([\w.]+)`", names):
            last = name.split(".")[-1]
            if not re.search(
                rf"^ *(?:async )?(?:def|class|function|export function) {last}\b|^{last}\b.* = ", code, re.MULTILINE
            ):
                wrong.append(f"{name} in {path}")
    assert wrong == []


def test_every_paper_that_a_newcomer_needs_answers_five_questions() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    assert len(WITHIN.findall(text)) >= 10
