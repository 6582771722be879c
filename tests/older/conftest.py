"""Fixtures: the folder of the previous version, unpacked once and copied for each test."""

import json
import shutil
import sys
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.older.installation import Halls, Installation
from tests.servers import free_port

FIXTURE = Path(__file__).parent / "version_before.tar.xz"
PRESENT = (sys.executable, "-m", "hallflow")


@dataclass
class Left:
    """An installation as the version before left it, and what it said of itself in its last moment."""

    house: Installation
    said: dict[str, Any]

    @contextmanager
    def opened(self, port: int = 0) -> Iterator[Halls]:
        """Its halls, served by the present version; nobody is signed in."""
        with self.house.running(port or free_port()) as halls:
            yield halls

    def sign_in(self, halls: Halls, *everybody: str) -> None:
        """By the PINs that were given out before the upgrade."""
        for who in everybody:
            hall, _, counter = who.partition("/")
            halls.sign_in(who, self.said["pins"][hall][int(counter or 0)])

    def answer(self, path: str) -> Any:
        """What was said of this then."""
        return next(one["said"] for one in self.said["answers"] if one["path"] == path)


@pytest.fixture(scope="session")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The fixture's files; nobody changes them."""
    folder = tmp_path_factory.mktemp("older")
    with tarfile.open(FIXTURE) as packed:
        # Python 3.11.2 (Debian 12) has no filter=; the archive is our own
        packed.extractall(folder)
    return folder / "installation"


@pytest.fixture
def left(unpacked: Path, tmp_path: Path) -> Left:
    """A copy to be opened."""
    return copied(unpacked, tmp_path)


def copied(unpacked: Path, folder: Path) -> Left:
    """The installation in a folder of its own, at the moment at which it was stopped; the clock stands nearly still."""
    shutil.copytree(unpacked, folder / "installation")
    house, said = Installation(PRESENT, folder / "installation"), json.loads((unpacked / "said.json").read_text())
    house.set_clock(said["at"])
    return Left(house, said)
