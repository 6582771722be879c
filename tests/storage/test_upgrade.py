"""The migrations produce exactly the schema, and a database of another version is reported as such."""

from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, text

from hallflow.storage import upgrade as upgrading
from hallflow.storage.database.engine import open_engine
from hallflow.storage.schema import metadata
from hallflow.storage.upgrade import WrongVersion, check_version, latest, upgrade, version


def test_the_migrations_give_the_tables(engine: Engine) -> None:
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []
    assert version(engine) == latest()
    check_version(engine)


def test_upgrading_twice_changes_nothing(engine: Engine) -> None:
    upgrade(engine)
    assert version(engine) == latest()


def test_an_empty_database_is_named(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path}/new.db")
    assert version(engine) is None
    with pytest.raises(WrongVersion, match="is empty: run `hallflow upgrade` first"):
        check_version(engine)


def test_a_newer_database_is_named(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(WrongVersion, match=f"version 9999, newer than this program's {latest()}"):
        check_version(engine)


def test_an_older_database_is_named(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(upgrading, "latest", lambda: "9999")
    with pytest.raises(WrongVersion, match=r"this program needs 9999: run `hallflow upgrade`"):
        check_version(engine)
