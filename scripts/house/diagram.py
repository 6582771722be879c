"""docs/house.svg: the rooms as boxes on their floors, and the arrows of the imports between them."""

from collections.abc import Iterator
from html import escape
from itertools import pairwise
from textwrap import wrap

from scripts.house.layered import Box, Drawing, Way, laid_out, reduced
from scripts.house.rooms import House, Room

MARGIN, TOP = 40.0, 104.0
ABREAST = 6
STYLE = """
  text { font-family: system-ui, -apple-system, "Segoe UI", "Noto Sans", "DejaVu Sans", sans-serif; fill: #16202e; }
  .quiet { fill: #5a6676; }
  .title { font-size: 24px; font-weight: 650; }
  .name { font-size: 15px; font-weight: 650; }
  .inner { font-size: 12.5px; font-weight: 550; }
  .idea, .count { font-size: 11.5px; }
  .room { fill: #fff; stroke: #d5dbe3; }
  .part { fill: #f1f6f6; stroke: #cfe0df; }
  .single { fill: #fff; stroke: #cfe0df; }
  .empty { fill: none; stroke: #b9c3cf; stroke-dasharray: 4 4; }
  .way { fill: none; stroke: #0b7a75; stroke-width: 1.4; stroke-opacity: .75; }
  .small { stroke-width: 1.1; stroke-opacity: .5; }
"""


def diagram(house: House) -> str:
    rooms = {room.name: room for floor in house.floors for room in floor}
    inside = {name: inner_drawing(room) for name, room in rooms.items() if room.floors}
    stories = [row for floor in house.floors for row in rows(floor)]
    # the fewer stand beside a room, the more it can say in a line
    signs = {room.name: {1: 58, 2: 34}.get(len(row), 25) for row in stories for room in row}
    boxes = {
        name: opened(room, inside[name][1]) if name in inside else closed(room, signs[name])
        for name, room in rooms.items()
    }
    floors = [[boxes[room.name] for room in row] for row in stories]
    drawing = laid_out(floors, reduced(house.arrows), (28.0, 36.0))
    width, height = drawing.width + 2 * MARGIN, drawing.height + TOP + MARGIN
    parts = [*head(width, height), f'<g transform="translate({MARGIN:.0f} {TOP:.0f})">']
    parts += [way(points, "way") for _, points in sorted(drawing.ways.items())]
    for name, room in rooms.items():
        parts += outer(room, boxes[name], signs[name], inside.get(name))
    return "\n".join([*parts, "</g>", "</svg>", ""])


def head(width: float, height: float) -> Iterator[str]:
    yield (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height:.0f}" width="{width:.0f}" height="{height:.0f}"'
        ' role="img" aria-label="The rooms of the house on their floors">'
    )
    yield f"<style>{STYLE}</style>"
    yield (
        '<defs><marker id="tip" viewBox="0 0 8 8" refX="7.2" refY="4" markerWidth="7" markerHeight="7" orient="auto">'
        '<path d="M0.5 0.8 7.5 4 0.5 7.2z" fill="#0b7a75"/></marker></defs>'
    )
    yield f'<rect width="{width:.0f}" height="{height:.0f}" fill="#f6f7f9"/>'
    yield text(MARGIN, 52, "The house: imports only point down", "title")
    note = "An arrow is an import. An arrow that a longer way of arrows already says is left out. Numbers are files; a dashed room is agreed on and still empty."
    yield text(MARGIN, 76, note, "idea quiet")


def rows(floor: list[Room]) -> list[list[Room]]:
    """A floor in the rows in which it is drawn: rooms that are still empty stand by themselves where there are many."""
    empty = [room for room in floor if not room.files]
    if len(floor) <= ABREAST or not empty or len(empty) == len(floor):
        return [floor]
    return [[room for room in floor if room.files], empty]


# ---- a room on its floor ----


def opened(room: Room, inside: Drawing) -> Box:
    return Box(room.name, max(inside.width + 32, 250), inside.height + 62)


def closed(room: Room, signs: int) -> Box:
    said = lines(room, signs)
    return Box(room.name, 32 + 6.3 * max(20, *map(len, said)), 46 + 15 * len(said))


def outer(room: Room, box: Box, signs: int, inside: tuple[dict[str, Box], Drawing] | None) -> Iterator[str]:
    yield rect(box, 12, "room" if room.files else "empty")
    yield text(box.x + 16, box.y + 26, label(room), "name")
    if room.files and not room.is_module:
        yield text(box.right - 16, box.y + 26, str(room.files), "count quiet", "end")
    if not inside:
        for at, line in enumerate(lines(room, signs)):
            yield text(box.x + 16, box.y + 46 + 15 * at, line, "idea quiet")
        return
    boxes, drawing = inside
    left, top = box.x + (box.width - drawing.width) / 2, box.y + 46
    yield f'<g transform="translate({left:.1f} {top:.1f})">'
    yield from (way(points, "way small") for _, points in sorted(drawing.ways.items()))
    for floor in room.floors:
        for part in floor:
            yield from inner(part, boxes[part.name])
    yield "</g>"


# ---- the rooms inside a room ----


def inner_drawing(room: Room) -> tuple[dict[str, Box], Drawing]:
    boxes = {part.name: inner_box(part) for floor in room.floors for part in floor}
    floors = [[boxes[part.name] for part in row] for floor in room.floors for row in rows(floor)]
    return boxes, laid_out(floors, reduced(room.arrows), (14.0, 24.0))


def inner_box(part: Room) -> Box:
    if not part.name:
        own = wrap(part.idea, 50)
        return Box("", 24 + 5.9 * max(map(len, own)), 18 + 15 * len(own))
    return Box(part.name, 7.6 * len(label(part)) + (50 if part.files and not part.is_module else 24), 30)


def inner(part: Room, box: Box) -> Iterator[str]:
    yield rect(box, 8, "single" if part.is_module else "part" if part.files else "empty")
    if not part.name:
        for at, line in enumerate(wrap(part.idea, 50)):
            yield text(box.x + 12, box.y + 20 + 15 * at, line, "idea quiet")
        return
    middle = box.y + box.height / 2 + 4.5
    yield text(box.x + 12, middle, label(part), "inner quiet" if part.is_module or not part.files else "inner")
    if part.files and not part.is_module:
        yield text(box.right - 10, middle, str(part.files), "count quiet", "end")


def label(part: Room) -> str:
    return f"{part.name}.py" if part.is_module else part.name


# ---- marks ----


def lines(room: Room, most: int) -> list[str]:
    return wrap(room.idea.rstrip("."), most, max_lines=3, placeholder=" …")


def rect(box: Box, radius: float, kind: str) -> str:
    return f'<rect class="{kind}" x="{box.x:.1f}" y="{box.y:.1f}" width="{box.width:.1f}" height="{box.height:.1f}" rx="{radius:.0f}"/>'


def text(x: float, y: float, said: str, kind: str, anchor: str = "start") -> str:
    at = f' text-anchor="{anchor}"' if anchor != "start" else ""
    return f'<text class="{kind}" x="{x:.1f}" y="{y:.1f}"{at}>{escape(said)}</text>'


def way(points: Way, kind: str) -> str:
    path = [f"M{points[0][0]:.1f} {points[0][1]:.1f}"]
    for (x, y), (to_x, to_y) in pairwise(points):
        if abs(x - to_x) < 0.5:
            path.append(f"L{to_x:.1f} {to_y:.1f}")
        else:
            bend = (y + to_y) / 2
            path.append(f"C{x:.1f} {bend:.1f} {to_x:.1f} {bend:.1f} {to_x:.1f} {to_y:.1f}")
    return f'<path class="{kind}" d="{" ".join(path)}" marker-end="url(#tip)"/>'
