"""The icons named in services.toml exist."""

from pathlib import Path

import pytest

from hallflow.config import load
from tests.makers import SAMPLES

ICONS = Path(__file__).parents[2] / "node_modules" / "lucide-static" / "icons"


@pytest.mark.skipif(not ICONS.is_dir(), reason="the browser's libraries are not here: make run fetches them")
def test_every_icon_exists() -> None:
    plan = load(SAMPLES).plans["central"]
    icons = {thing.icon for thing in (*plan.groups, *plan.services.values())}
    assert {icon for icon in icons if not (ICONS / f"{icon}.svg").is_file()} == set()
