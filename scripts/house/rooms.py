"""The rooms of the house: each package, the floor on which it stands, what is in it, and which rooms it imports.

The floors are the layers of the import contracts in pyproject.toml. Where a package has rooms inside and no contract for
them, their floors are the levels of its own import graph.
"""

import re
import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from scripts.house.sentences import idea, is_code
from scripts.house.sources import PACKAGES, STATIC, Graph, components, files, imports

Sizes = Mapping[str, int]
Floors = list[list[str]]

# generated step by step, not read as a room of its own
FOLDED = ("migrations",)


@dataclass
class Room:
    """A package, a folder of a page's modules, or a module that stands on a floor alone."""

    name: str
    path: str
    files: int
    lines: int
    idea: str
    floors: list[list["Room"]] = field(default_factory=list)
    arrows: set[tuple[str, str]] = field(default_factory=set)

    @property
    def is_module(self) -> bool:
        return self.path.endswith(".py")


@dataclass(frozen=True)
class House:
    floors: list[list[Room]]
    arrows: set[tuple[str, str]]


def read(root: Path) -> House:
    sizes, graph = files(root), imports(root)
    contracts = layers(tomllib.loads((root / "pyproject.toml").read_text("utf-8")))
    by_room = group(sizes, top_room)
    rooms = {
        name: outer(root, name, paths, sizes, graph, contracts.get(f"hallflow.{name}", []))
        for name, paths in by_room.items()
    }
    arrows = between(graph, top_room)
    floors = [[rooms.pop(name) for name in floor if name in rooms] for floor in contracts["hallflow"]]
    floors = [floor for floor in floors if floor]
    for name in levelled(rooms, arrows):
        place(rooms[name], floors, arrows)
    return House(floors, arrows)


def levelled(rooms: Iterable[str], arrows: set[tuple[str, str]]) -> list[str]:
    return [name for level in levels(rooms, arrows) for name in level]


def place(room: Room, floors: list[list[Room]], arrows: set[tuple[str, str]]) -> None:
    """Give a room that no contract places a floor of its own below its callers, or beside those above what it calls."""
    callers = [at for at, floor in enumerate(floors) for other in floor if (other.name, room.name) in arrows]
    called = [at for at, floor in enumerate(floors) for other in floor if (room.name, other.name) in arrows]
    if not callers:
        floors[max(0, min(called, default=0) - 1)].append(room)
    elif all(other.name in PACKAGES for other in floors[max(callers) + 1]):
        floors[max(callers) + 1].append(room)
    else:
        floors.insert(max(callers) + 1, [room])


def layers(project: Mapping[str, Any]) -> dict[str, Floors]:
    """The layers of each container that an import contract orders, from the top."""
    return {
        container: [re.findall(r"\w+", layer) for layer in contract["layers"]]
        for contract in project["tool"]["importlinter"]["contracts"]
        if contract["type"] == "layers"
        for container in contract["containers"]
    }


# ---- which room a file is in ----


def top_room(path: str) -> str:
    if path.startswith(STATIC):
        return "web/static"
    first, _, rest = path.partition("/")
    if first != "hallflow":
        return first.removesuffix(".py")
    name = rest.partition("/")[0]
    return "hallflow" if name == "__init__.py" else name.removesuffix(".py")


def inner_room(path: str, package: str, alone: Iterable[str]) -> str:
    """The folder inside the package, or the module where a contract gives it a place of its own; else the package itself."""
    parts = path.removeprefix(package + "/").split("/")
    if parts[0] == "static":
        parts = parts[1:]
    name = parts[0].removesuffix(".py")
    return name if len(parts) > 1 or name in alone else ""


def group(paths: Iterable[str], room_of: Callable[[str], str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for path in paths:
        found.setdefault(room_of(path), []).append(path)
    # the package that holds all the others is no room
    found.pop("hallflow", None)
    return found


def between(graph: Graph, room_of: Callable[[str], str]) -> set[tuple[str, str]]:
    found = {(room_of(path), room_of(other)) for path, others in graph.items() for other in others}
    return {(above, below) for above, below in found if above != below}


# ---- one room ----


def outer(root: Path, name: str, paths: list[str], sizes: Sizes, graph: Graph, ordered: Floors) -> Room:
    """A room of the house, with the rooms inside it where there are several."""
    package = name if name in PACKAGES else f"hallflow/{name}"
    made = inner(root, name, paths, sizes)
    alone = {part for layer in ordered for part in layer}

    def inside(path: str) -> str:
        return inner_room(path, package, alone)

    parts = {part: inner(root, part, found, sizes) for part, found in group(paths, inside).items()}
    if "" in parts and not parts[""].idea:
        del parts[""]  # a package's own file that only wires its folders
    if len([part for part in parts if part and part not in FOLDED]) < 2:
        return made
    own = {path: others & set(paths) for path, others in graph.items() if path in paths}
    made.arrows = {(above, below) for above, below in between(own, inside) if above in parts and below in parts}
    order = ordered or levels(parts, made.arrows)
    floors = [[parts[part] for part in floor if part in parts] for floor in order]
    made.floors = [floor for floor in floors if floor]
    return made


def inner(root: Path, name: str, paths: list[str], sizes: Sizes) -> Room:
    folder = min((path.rpartition("/")[0] for path in paths), key=len)
    found = [root / path for path in paths]
    is_module = len(paths) == 1 and found[0].stem == name and found[0].suffix == ".py"
    return Room(
        name,
        paths[0] if is_module else folder,
        len([path for path in found if is_code(path)]),
        sum(sizes[path] for path in paths),
        idea(root / folder, name, found),
    )


def levels(names: Iterable[str], arrows: set[tuple[str, str]]) -> list[list[str]]:
    """The longest way down from each room; rooms that import each other in a circle share a level."""
    known = set(names)
    graph: Graph = {name: {below for above, below in arrows if above == name and below in known} for name in known}
    depth: dict[str, int] = {}
    # components come out with what they import before them
    for together in components(graph):
        below = {other for name in together for other in graph[name]} - together
        for name in together:
            depth[name] = 1 + max((depth[other] for other in below), default=-1)
    return [sorted(name for name in graph if depth[name] == at) for at in sorted(set(depth.values()), reverse=True)]
