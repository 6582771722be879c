"""Unreachable or incompatible databases and a misconfigured Redis: every command names them at its start in a sentence."""

from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from tests.cli.conftest import hallflow
from tests.servers import free_port

COMMANDS = {
    "run": ("run", "--no-work"),
    "work": ("work", "--once", "sweep"),
    "log": ("log", "verify"),
    "staff": ("staff", "add", "--hall", "central", "--name", "Wang", "--role", "clerk"),
    "backup": ("backup", "a.zip"),
    "upgrade": ("upgrade",),
}


@pytest.fixture(autouse=True)
def free(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HALLFLOW_PORT", str(free_port()))


@pytest.mark.parametrize("command", COMMANDS)
def test_a_database_that_is_away_is_named(command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    port = free_port()
    monkeypatch.setenv("HALLFLOW_DATA", str(tmp_path))
    monkeypatch.setenv("HALLFLOW_DATABASE_URL", f"postgresql://hall:geheim@127.0.0.1:{port}/hall")
    code, said = hallflow(*COMMANDS[command])
    assert code == 1
    assert f"127.0.0.1:{port}/hall" in said
    assert "cannot be reached" in said
    assert "geheim" not in said


@pytest.mark.parametrize("command", COMMANDS)
def test_a_database_of_another_version_is_named(database: Engine, command: str) -> None:
    with database.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    code, said = hallflow(*COMMANDS[command])
    assert code == 1
    assert "version 9999, newer than this program" in said


def test_an_older_database_is_told_the_command(database: Engine) -> None:
    with database.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    code, said = hallflow(*COMMANDS["run"])
    assert code == 1
    assert "the database is at version 0001, this program needs" in said
    assert "run `hallflow upgrade`" in said


@pytest.mark.parametrize(
    ("redis_url", "told"),
    [
        ("redis://nobody:geheim@{place}/0", "does not take us as it should"),
        ("redis://{place}/999", "does not take us as it should"),
        ("redis://127.0.0.1:port/0", "its port is not a number"),
        ("http://127.0.0.1/", "must begin with redis://"),
    ],
)
def test_a_redis_that_can_never_work_is_named(
    database: Engine, valkey_url: str, monkeypatch: pytest.MonkeyPatch, redis_url: str, told: str
) -> None:
    monkeypatch.setenv("HALLFLOW_REDIS_URL", redis_url.format(place=valkey_url.removeprefix("redis://").split("/")[0]))
    code, said = hallflow(*COMMANDS["run"])
    assert code == 1
    assert "HALLFLOW_REDIS_URL" in said
    assert told in said
    assert "geheim" not in said
