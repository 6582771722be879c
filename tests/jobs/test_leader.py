"""Leader election: one leader at a time, and another when it has gone."""

import time
from pathlib import Path

from hallflow.jobs.leader import Leadership
from hallflow.storage.database.engine import open_engine
from tests.makers import an_engine, sqlite_url


def test_on_a_file_one_leads_and_another_takes_over(tmp_path: Path) -> None:
    engine = open_engine(sqlite_url(tmp_path))
    first, second = Leadership(engine), Leadership(engine)
    assert first.held()
    assert first.held()
    assert not second.held()
    first.release()
    assert second.held()
    assert not first.held()
    second.release()
    engine.dispose()


def test_one_file_has_one_leader_by_whatever_way_it_is_found(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "way").symlink_to(tmp_path / "real")
    url = sqlite_url(tmp_path / "real")
    first, second = open_engine(url), open_engine(url.replace("/real/", "/way/"))
    leading, asking = Leadership(first), Leadership(second)
    assert leading.held()
    assert not asking.held()
    leading.release()
    first.dispose()
    second.dispose()


def test_on_postgresql_one_leads_and_another_takes_over(postgres_url: str, tmp_path: Path) -> None:
    engines = [an_engine(postgres_url), open_engine(postgres_url)]
    first, second = (Leadership(engine) for engine in engines)
    assert first.held()
    assert first.held()
    assert not second.held()
    first.release()
    assert second.held()
    assert not first.held()
    second.release()
    for engine in engines:
        engine.dispose()


def test_a_leader_whose_line_breaks_leads_no_more(postgres_url: str, tmp_path: Path) -> None:
    engines = [an_engine(postgres_url), open_engine(postgres_url)]
    first, second = (Leadership(engine) for engine in engines)
    assert first.held()
    with engines[1].connect() as connection:
        connection.exec_driver_sql(
            "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND objid = 4712"
            " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
        )
    # the server is told to end it, and does so soon
    until = time.monotonic() + 20
    while not second.held() and time.monotonic() < until:
        time.sleep(0.02)
    assert second.held()
    assert not first.held()
    assert not first.held()
    second.release()
    assert first.held()
    first.release()
    for engine in engines:
        engine.dispose()
