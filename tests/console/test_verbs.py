"""The console's table of actions matches the server's: each has a unique key, an icon and texts."""

from pathlib import Path

import pytest
from playwright.sync_api import Page

from hallflow.config import load
from hallflow.domain.verbs import VERBS
from tests.makers import SAMPLES

ICONS = Path(__file__).parents[2] / "node_modules" / "lucide-static" / "icons"
Entry = dict[str, str]


@pytest.fixture
def table(modules: Page) -> list[Entry]:
    found: list[Entry] = modules.evaluate("import('console/verbs.js').then(({VERBS}) => VERBS)")
    return found


def test_every_verb_of_the_hall_has_a_button_with_a_key_of_its_own(table: list[Entry]) -> None:
    assert sorted(entry["verb"] for entry in table) == sorted(verb.name for verb in VERBS)
    keys = [entry["key"] for entry in table]
    assert len(set(keys)) == len(keys)
    assert all(len(key) == 1 and "A" <= key <= "Z" for key in keys)


def test_the_counters_own_verbs_stand_apart(table: list[Entry]) -> None:
    assert {e["verb"] for e in table if e.get("ofCounter")} == {verb.name for verb in VERBS if verb.of_counter}


@pytest.mark.skipif(not ICONS.is_dir(), reason="the browser's libraries are not here: make run fetches them")
def test_every_icon_exists(table: list[Entry]) -> None:
    assert [entry["icon"] for entry in table if not (ICONS / f"{entry['icon']}.svg").is_file()] == []


@pytest.mark.parametrize("verb", [verb.name for verb in VERBS])
def test_a_verb_has_its_name_and_a_line_of_help_in_every_language(verb: str) -> None:
    name = verb.replace("-", "_")
    assert load(SAMPLES).texts.in_all(f"console.verb_{name}")
    assert load(SAMPLES).texts.in_all(f"console.help_{name}")
