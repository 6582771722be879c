"""Write docs/house.svg and docs/house.md afresh: `python -m scripts.house`, run from the project's folder."""

from pathlib import Path

from scripts.house.diagram import diagram
from scripts.house.rooms import read
from scripts.house.table import table


def write(root: Path) -> None:
    house = read(root)
    (root / "docs/house.svg").write_text(diagram(house), encoding="utf-8")
    (root / "docs/house.md").write_text(table(house), encoding="utf-8")


if __name__ == "__main__":
    write(Path.cwd())
