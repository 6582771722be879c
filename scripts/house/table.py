"""docs/house.md: every room in a line, with its size and its idea, from the top floor to the ground."""

from collections.abc import Iterator

from scripts.house.rooms import House, Room

HEAD = """# The rooms of the house

Made by `make house` from the imports; do not edit. From the top floor to the ground: imports point down, and a room of `domain` may use its parent's files.
Files are those of Python and JavaScript; lines are rounded to the nearest hundred, so that small changes leave this page alone.

![The house](house.svg)

| room | files | lines | what it is |
|---|---:|---:|---|
"""


def table(house: House) -> str:
    return HEAD + "".join(f"{line}\n" for floor in house.floors for room in floor for line in rows(room))


def rows(room: Room) -> Iterator[str]:
    yield row(f"**{room.path}**", room)
    inner = [(inside, floor) for floor in room.floors for inside in floor]
    for inside, _ in inner:
        yield row(f"{inside.path}{'/*' if not inside.name else ''}", inside)


def row(name: str, room: Room) -> str:
    lines = f"{round(room.lines, -2):,}" if room.lines >= 50 else "< 100"
    size = f"{room.files} | {lines}" if room.files else "still empty | "
    return f"| {name} | {size} | {room.idea.replace('|', '/')} |"
