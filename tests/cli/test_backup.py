"""`hallflow backup` and `hallflow restore`: their output, their errors, and the handling of the secret."""

import json
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from hallflow.domain.plan import Plan
from hallflow.jobs.leader import Leadership
from tests.cli.conftest import hallflow
from tests.makers import SECRET, FakeClock, a_hall
from tests.played import play

OTHER = "another secret, of another hall"


@pytest.fixture
def file(database: Engine, plan: Plan, tmp_path: Path) -> Path:
    """A backup without its secret, of a hall in which something happened."""
    play(a_hall(database, plan, clock := FakeClock()), clock, 20)
    return backed_up(tmp_path / "a.zip")


def backed_up(out: Path, *more: str) -> Path:
    code, said = hallflow("backup", str(out), *more)
    assert code == 0, said
    return out


def elsewhere(monkeypatch: pytest.MonkeyPatch, folder: Path, secret: str | None = None) -> Path:
    """Another machine, with nothing on it but perhaps a secret."""
    folder.mkdir()
    monkeypatch.setenv("HALLFLOW_DATA", str(folder))
    monkeypatch.delenv("HALLFLOW_SECRET")
    monkeypatch.setenv("HALLFLOW_DATABASE_URL", f"sqlite:///{folder}/hallflow.db")
    if secret:
        (folder / "secret").write_text(secret)
    return folder


def test_a_backup_says_what_it_holds_and_a_restore_that_the_log_is_whole(
    database: Engine, plan: Plan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    play(hall := a_hall(database, plan, clock := FakeClock()), clock, 20)
    out = tmp_path / "a.zip"
    code, said = hallflow("backup", str(out))
    assert code == 0
    assert f"central up to entry {hall.floor.seq}.\nBring it back with:  hallflow restore {out}\n" in said
    assert "The secret is NOT in it. Keep HALLFLOW_SECRET too" in said
    elsewhere(monkeypatch, tmp_path / "there")
    code, said = hallflow("restore", str(out))
    assert code == 0, said
    assert f"central: whole. {hall.floor.seq} entries of 1 day, " in said
    assert "This machine does NOT have its secret" in said


def test_programs_get_the_figures(file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    code, said = hallflow("backup", str(file), "--json")
    told = json.loads(said)
    assert (code, told["with_secret"], told["bytes"]) == (0, False, file.stat().st_size)
    assert told["rows"] == sum(table["rows"] for table in told["tables"].values())
    elsewhere(monkeypatch, tmp_path / "there")
    code, said = hallflow("restore", str(file), "--json")
    assert code == 0
    back = json.loads(said)
    assert back["rows"] == told["rows"]
    assert (back["verified"]["ok"], back["verified"]["halls"][0]["entries"]) == (True, told["halls"]["central"])


def test_a_full_database_is_kept_unless_it_is_given_up(file: Path) -> None:
    code, said = hallflow("restore", str(file))
    assert code == 1
    assert "is not empty (counters, events, halls, tickets): --replace gives up all that it holds" in said
    assert hallflow("restore", str(file), "--replace")[0] == 0


def test_a_log_that_was_changed_comes_back_and_is_named(database: Engine, plan: Plan, tmp_path: Path) -> None:
    play(a_hall(database, plan, clock := FakeClock()), clock, 20)
    with database.begin() as connection:
        connection.execute(text("UPDATE events SET counter = '9' WHERE seq = 15"))
    code, said = hallflow("restore", str(backed_up(tmp_path / "a.zip")), "--replace")
    assert code == 1
    assert "entry 15: its hash does not fit" in said


def test_nothing_is_restored_while_the_halls_run(database: Engine, file: Path, tmp_path: Path) -> None:
    worker = Leadership(database)
    assert worker.held()
    code, said = hallflow("restore", str(file), "--replace")
    worker.release()
    assert (code, said) == (1, "Error: the halls are running on this database: stop them first\n")


def test_half_a_backup_touches_nothing(file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file.write_bytes(file.read_bytes()[:-200])
    there = elsewhere(monkeypatch, tmp_path / "there")
    code, said = hallflow("restore", str(file))
    assert (code, said) == (
        1,
        f"Error: {file} is not a whole archive of Hallflow: it was cut off, changed or is something else\n",
    )
    assert list(there.iterdir()) == []


def test_an_empty_database_and_a_missing_folder_are_named(database: Engine, tmp_path: Path) -> None:
    assert "cannot be written: No such file or directory" in hallflow("backup", str(tmp_path / "no" / "a.zip"))[1]
    with database.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    code, said = hallflow("backup", str(tmp_path / "a.zip"))
    assert (code, said) == (1, "Error: the database is at version 9999, newer than this program\n")
    with database.begin() as connection:
        connection.execute(text("DROP TABLE alembic_version"))
    assert hallflow("backup", str(tmp_path / "a.zip")) == (1, "Error: the database is empty\n")


# ---- the secret ----


@pytest.mark.parametrize("before", [None, OTHER])
def test_a_secret_that_came_along_is_put_in_place(
    file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, before: str | None
) -> None:
    backed_up(file, "--with-secret")
    there = elsewhere(monkeypatch, tmp_path / "there", before)
    code, said = hallflow("restore", str(file))
    assert code == 0
    assert f"Its secret is in {there / 'secret'} now." in said
    assert (there / "secret").read_text() == SECRET
    assert (there / "secret").stat().st_mode & 0o777 == 0o600
    assert [kept.read_text() for kept in there.glob("secret.before-*")] == ([before] if before else [])
    assert "This machine has its secret" in hallflow("restore", str(file), "--replace")[1]


def test_a_secret_given_by_the_environment_is_not_overruled(
    file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    backed_up(file, "--with-secret")
    there = elsewhere(monkeypatch, tmp_path / "there")
    monkeypatch.setenv("HALLFLOW_SECRET", OTHER)
    code, said = hallflow("restore", str(file))
    assert code == 0
    assert f"HALLFLOW_SECRET is NOT its secret: set it to what `unzip -p {file} secret` shows" in said
    assert not (there / "secret").exists()


def test_no_secret_is_made_up_by_a_backup(database: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HALLFLOW_SECRET")
    code, said = hallflow("backup", str(tmp_path / "a.zip"), "--with-secret")
    assert (code, said) == (1, f"Error: there is no secret in {tmp_path}, and HALLFLOW_SECRET is not set\n")
    backed_up(tmp_path / "a.zip")
    assert not (tmp_path / "secret").exists()
    monkeypatch.setenv("HALLFLOW_DATABASE_URL", f"sqlite:///{tmp_path}/there.db")
    assert "Where this was backed up, no secret was known." in hallflow("restore", str(tmp_path / "a.zip"))[1]
