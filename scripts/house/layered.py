"""Layered graph drawing (Sugiyama, Tagawa & Toda 1981): boxes on floors, their order, and the ways of the arrows between them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise, permutations

Arrow = tuple[str, str]
Way = list[tuple[float, float]]
# up to here every order of a floor is tried; of more boxes each goes towards the middle of its neighbours
TRIED = 6
PORT_GAP = 14.0


@dataclass
class Box:
    name: str
    width: float
    height: float
    x: float = 0.0
    y: float = 0.0

    @property
    def middle(self) -> float:
        return self.x + self.width / 2

    @property
    def right(self) -> float:
        return self.x + self.width

    @property
    def foot(self) -> float:
        return self.y + self.height


@dataclass(frozen=True)
class Drawing:
    width: float
    height: float
    ways: dict[Arrow, Way]


def reduced(arrows: Iterable[Arrow]) -> set[Arrow]:
    """The arrows without those that a longer way of arrows already says (transitive reduction), and without circles."""
    below: dict[str, set[str]] = {}
    for start, end in arrows:
        below.setdefault(start, set()).add(end)
    reach = {start: reached(start, below) for start in below}
    circle = {(a, b) for a in below for b in below[a] if a in reach.get(b, ())}
    straight = {(a, b) for a in below for b in below[a]} - circle
    return {(a, b) for a, b in straight if not any(b in reach.get(c, ()) for c in below[a] - {b})}


def reached(start: str, below: Mapping[str, set[str]]) -> set[str]:
    found: set[str] = set()
    todo = list(below.get(start, ()))
    while todo:
        name = todo.pop()
        if name not in found:
            found.add(name)
            todo.extend(below.get(name, ()))
    return found


def laid_out(floors: Sequence[list[Box]], arrows: set[Arrow], gap: tuple[float, float]) -> Drawing:
    """Give every box its place, floor under floor, and every arrow its way."""
    width = max(extent(floor, gap[0]) for floor in floors)
    floors = [list(floor) for floor in floors]
    for floor in floors:
        placed(floor, gap[0], width)
    for _ in range(4):
        for floor in floors:
            ordered(floor, floors, arrows, gap[0], width)
    y = 0.0
    for floor in floors:
        for box in floor:
            box.y = y
        y = ground(floor) + gap[1]
    return Drawing(width, y - gap[1], ways(floors, arrows, gap))


def ground(floor: Sequence[Box]) -> float:
    return max(box.foot for box in floor)


def extent(floor: Sequence[Box], gap: float) -> float:
    return sum(box.width for box in floor) + gap * (len(floor) - 1)


def placed(floor: Sequence[Box], gap: float, width: float) -> None:
    x = (width - extent(floor, gap)) / 2
    for box in floor:
        box.x = x
        x += box.width + gap


def ordered(floor: list[Box], floors: list[list[Box]], arrows: set[Arrow], gap: float, width: float) -> None:
    """Put one floor in the order in which its arrows are shortest."""
    middles = {box.name: box.middle for other in floors for box in other}
    mine = {box.name for box in floor}
    ends = [(a, b) if a in mine else (b, a) for a, b in sorted(arrows) if (a in mine) != (b in mine)]

    def cost(order: tuple[Box, ...]) -> float:
        placed(order, gap, width)
        return sum(
            abs(next(box.middle for box in order if box.name == a) - middles[b]) for a, b in ends if b in middles
        )

    def pull(box: Box) -> float:
        others = [middles[b] for a, b in ends if a == box.name and b in middles]
        return sum(others) / len(others) if others else box.middle

    by_name = sorted(floor, key=lambda box: box.name)
    if len(floor) > TRIED:
        floor[:] = sorted(by_name, key=pull)
    else:
        best = min(permutations(by_name), key=lambda order: round(cost(order), 3))
        floor[:] = best
    placed(floor, gap, width)


# ---- the arrows ----


def ways(floors: Sequence[list[Box]], arrows: set[Arrow], gap: tuple[float, float]) -> dict[Arrow, Way]:
    at = {box.name: level for level, floor in enumerate(floors) for box in floor}
    boxes = {box.name: box for floor in floors for box in floor}
    known = sorted((a, b) for a, b in arrows if a in at and b in at and at[a] < at[b])
    taken: list[list[float]] = [[] for _ in floors]
    past: dict[Arrow, Way] = {}
    for arrow in known:
        start, end = (boxes[name].middle for name in arrow)
        levels = range(at[arrow[0]] + 1, at[arrow[1]])
        past[arrow] = []
        for level in levels:
            # from the first floor on straight down, as far as nothing is in the way
            wish = past[arrow][-1][0] if past[arrow] else start + (end - start) / (len(levels) + 1)
            x = free(wish, floors[level], taken[level], gap[0])
            taken[level].append(x)
            past[arrow] += [(x, floors[level][0].y), (x, ground(floors[level]))]
    starts, ends = ports(past, boxes, leaving=True), ports(past, boxes, leaving=False)
    return {
        arrow: [
            (starts[arrow], boxes[arrow[0]].foot),
            (starts[arrow], ground(floors[at[arrow[0]]])),
            *past[arrow],
            (ends[arrow], boxes[arrow[1]].y),
        ]
        for arrow in known
    }


def ports(past: Mapping[Arrow, Way], boxes: Mapping[str, Box], leaving: bool) -> dict[Arrow, float]:
    """Where each arrow touches its box: as near to where it goes or comes from as may be, and none on another."""
    found: dict[Arrow, float] = {}
    for name, box in boxes.items():
        wished: dict[Arrow, tuple[float, float]] = {}
        for arrow, way in past.items():
            if arrow[not leaving] == name:
                other = boxes[arrow[leaving]]
                x = way[0 if leaving else -1][0] if way else None
                wished[arrow] = (
                    (meeting(box, x, x), x) if x is not None else (meeting(box, other.x, other.right), other.middle)
                )
        order = sorted(wished, key=lambda arrow: (*wished[arrow], arrow))
        step = min(PORT_GAP, (box.width - 2 * PORT_GAP) / max(1, len(order) - 1))
        xs = [wished[arrow][0] for arrow in order]
        for at in range(1, len(xs)):
            xs[at] = max(xs[at], xs[at - 1] + step)
        high = box.right - PORT_GAP
        for at in reversed(range(len(xs))):
            xs[at] = min(xs[at], high)
            high = xs[at] - step
        found |= dict(zip(order, xs, strict=True))
    return found


def meeting(box: Box, low: float, high: float) -> float:
    """The middle of what a box shares of the page's width with another one, or its end that is nearer to the other."""
    middle = (max(box.x, low) + min(box.right, high)) / 2
    if low > box.right or high < box.x:
        middle = low if low > box.right else high
    return min(max(middle, box.x + PORT_GAP), box.right - PORT_GAP)


def free(wished: float, floor: Sequence[Box], taken: Sequence[float], gap: float) -> float:
    """The place nearest to the wished one where an arrow passes a floor without touching a box or another arrow."""
    across = sorted(floor, key=lambda box: box.x)
    between = [(left.right + gap / 3, right.x - gap / 3) for left, right in pairwise(across)]
    spans = [(-1e6, across[0].x - gap / 2), *between, (across[-1].right + gap / 2, 1e6)]
    spots = [x for low, high in spans for x in (low, high, min(max(wished, low), high))]
    spots += [x + side * PORT_GAP for x in taken for side in (-1, 1)]
    allowed = [
        x
        for x in spots
        if any(low <= x <= high for low, high in spans) and all(abs(x - other) >= PORT_GAP - 0.1 for other in taken)
    ]
    return min(allowed, key=lambda x: (round(abs(x - wished), 3), x))
