"""The result of a benchmark: a table for people, facts for programs; printed on the terminal and into docs/benchmarks.md."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

APART = "Made by itself: "
"""How a section begins that is not one of `make bench`'s."""


@dataclass(frozen=True)
class Figures:
    """One measurement."""

    name: str
    title: str
    counted: str
    """Exactly what was counted."""
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    facts: Mapping[str, Any]
    goals: Sequence["Goal"] = field(default_factory=list)


@dataclass(frozen=True)
class Goal:
    """What the figures should reach, and whether they do."""

    what: str
    reached: str
    met: bool


def share(values: Iterable[float], part: float) -> float:
    """The value that this part of all values does not exceed; 0 where there are none."""
    ordered = sorted(values)
    return ordered[min(int(len(ordered) * part), len(ordered) - 1)] if ordered else 0.0


def show(console: Console, figures: Figures) -> None:
    """Print one measurement."""
    table = Table(title=figures.title, caption=figures.counted, title_justify="left", caption_justify="left")
    for index, column in enumerate(figures.columns):
        table.add_column(column, justify="right" if index else "left")
    for row in figures.rows:
        table.add_row(*row)
    console.print(table)
    for goal in figures.goals:
        console.print(f"  [{'green' if goal.met else 'red'}]{_verdict(goal)}[/] {goal.what}: {goal.reached}")
    console.print()


def write(path: Path, machine: Mapping[str, str], measured: Sequence[Figures]) -> None:
    """Write them all as one page; what another command has put there stays."""
    apart = _apart(path)
    lines = ["# Benchmarks", "", "Made by `make bench`; every figure below is from one run of it.", ""]
    lines += [f"- {name}: {value}" for name, value in machine.items()]
    lines.append("- Servers, clients and screens share this one machine.")
    for figures in measured:
        lines += _section(figures)
    path.write_text("\n".join([*lines, *apart.values()]) + "\n")


def put(path: Path, machine: Mapping[str, str], figures: Figures, by: str) -> None:
    """Put one measurement, made by a command of its own, into the page in place of its last."""
    parts = _parts(path)
    on = "; ".join(f"{name} {value}" for name, value in machine.items())
    lines = _section(figures)
    parts[figures.title] = "\n".join([*lines[:3], f"{APART}`{by}`. {on}.", "", *lines[3:]])
    path.write_text("\n".join(parts.values()) + "\n")


def _section(figures: Figures) -> list[str]:
    lines = ["", f"## {figures.title}", "", figures.counted, ""]
    lines += ["| " + " | ".join(figures.columns) + " |", "|---" + "|---:" * (len(figures.columns) - 1) + "|"]
    lines += ["| " + " | ".join(row) + " |" for row in figures.rows]
    if figures.goals:
        lines += ["", *(f"- {_verdict(goal)}: {goal.what}: {goal.reached}" for goal in figures.goals)]
    return lines


def _parts(path: Path) -> dict[str, str]:
    """The page by its sections' titles, each with the empty line before it; what stands above them under no title."""
    parts, title = {"": []}, ""
    for line in path.read_text().splitlines():
        if line.startswith("## "):
            parts[title][-1:] = []
            title = line.removeprefix("## ")
            parts[title] = [""]
        parts[title].append(line)
    return {title: "\n".join(lines) for title, lines in parts.items()}


def _apart(path: Path) -> dict[str, str]:
    parts = _parts(path) if path.exists() else {}
    return {title: part for title, part in parts.items() if f"\n{APART}" in part}


def _verdict(goal: Goal) -> str:
    return "met" if goal.met else "NOT MET"
