"""What a room says of itself: the first sentence of its package, of its module, or of the page that a folder is named after."""

import ast
import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path


def idea(folder: Path, name: str, paths: Sequence[Path]) -> str:
    """The first sentence of a room; a folder that has none is told by the names of its files."""
    if len(paths) == 1 and paths[0].stem == name and paths[0].suffix == ".py":
        return docstring(paths[0])
    if name and (folder / "__init__.py").exists():
        return docstring(folder / "__init__.py")
    if (folder / f"{name}.js").exists():
        return sentence(re.sub(r"^[/*\s]+|\s*\*/.*", "", (folder / f"{name}.js").read_text("utf-8").splitlines()[0]))
    return ", ".join(sorted(path.stem for path in paths if path.name != "__init__.py"))


def docstring(path: Path) -> str:
    return sentence(ast.get_docstring(tree(path)) or "")


def sentence(text: str) -> str:
    return re.split(r"(?<=[.?!])\s|\n\n", text.strip())[0].replace("\n", " ")


def is_code(path: Path) -> bool:
    """Whether there is more in a file than the sentence that names its folder."""
    return path.name != "__init__.py" or len(tree(path).body) > 1


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))
