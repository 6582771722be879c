"""The architecture rules: no import cycle, no crowded folder, no long file, and an up-to-date drawing."""

import re
from collections import Counter
from pathlib import Path

import pytest

from scripts.house.diagram import diagram
from scripts.house.layered import reduced
from scripts.house.rooms import House, levels, read
from scripts.house.sentences import is_code
from scripts.house.sources import circles, files, imports, script_imports
from scripts.house.table import table

ROOT = Path(__file__).parents[1]
MOST_FILES = 24
MOST_LINES = 300


@pytest.fixture(scope="module")
def rooms() -> House:
    """The product's own rooms, as its imports have them."""
    return read(ROOT)


def test_no_file_imports_itself_by_a_circle() -> None:
    assert circles(imports(ROOT)) == []


def test_no_folder_has_more_files_than_one_can_know() -> None:
    folders = Counter(str(Path(path).parent) for path in files(ROOT) if is_code(ROOT / path))
    assert {folder: count for folder, count in folders.items() if count > MOST_FILES} == {}


def test_no_file_is_longer_than_one_idea() -> None:
    assert {path: lines for path, lines in files(ROOT).items() if lines > MOST_LINES} == {}


def test_every_room_opens_with_its_idea(rooms: House) -> None:
    rooms = [room for floor in rooms.floors for room in floor]
    rooms += [part for room in rooms for floor in room.floors for part in floor]
    assert [room.path for room in rooms if not room.idea] == []


def test_every_arrow_between_rooms_points_down(rooms: House) -> None:
    floor_of = {room.name: at for at, floor in enumerate(rooms.floors) for room in floor}
    assert {arrow for arrow in rooms.arrows if floor_of[arrow[0]] >= floor_of[arrow[1]]} == set()


@pytest.mark.parametrize("made", ["house.svg", "house.md"])
def test_the_papers_of_the_house_are_as_the_imports_are(rooms: House, made: str) -> None:
    now = {"house.svg": diagram, "house.md": table}[made](rooms)
    assert (ROOT / "docs" / made).read_text("utf-8") == now, f"docs/{made} is out of date: make house"


# ---- that these tests can fail ----


def test_a_circle_is_found_once_with_all_who_are_in_it() -> None:
    graph = {"a": {"b"}, "b": {"c"}, "c": {"a", "d"}, "d": {"e"}, "e": set(), "f": {"g"}, "g": {"f"}}
    assert circles(graph) == [["a", "b", "c"], ["f", "g"]]


def test_a_page_that_imports_what_is_not_there_is_named(tmp_path: Path) -> None:
    for path, text in {
        "hallflow/web/templates/house.html": '"house/": "/static/house/"',
        "wsgi.py": "",
        "hallflow/web/static/house/draw.js": "",
        "hallflow/web/static/home.js": 'import {\n  at,\n} from "house/draw.js";\nimport {io} from "socket.io-client";\n',
    }.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)
    assert script_imports(tmp_path)["hallflow/web/static/home.js"] == {"hallflow/web/static/house/draw.js"}
    (tmp_path / "hallflow/web/static/home.js").write_text('export {at} from "house/gone.js";')
    with pytest.raises(ValueError, match=re.escape("house/gone.js leads to no file")):
        script_imports(tmp_path)


def test_an_arrow_that_a_longer_way_says_is_left_out() -> None:
    assert reduced([("a", "b"), ("b", "c"), ("a", "c"), ("c", "d"), ("a", "d")]) == {("a", "b"), ("b", "c"), ("c", "d")}


def test_a_room_stands_above_all_that_it_imports() -> None:
    assert levels("abcd", {("a", "b"), ("b", "d"), ("a", "c"), ("c", "b")}) == [["a"], ["c"], ["b"], ["d"]]
