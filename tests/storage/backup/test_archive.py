"""A backup is complete or absent, and can be restored on either database."""

import json
import shutil
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, inspect, select, text

from hallflow.hall import Hall
from hallflow.operations.log.verifying import verify
from hallflow.storage import schema, upgrade
from hallflow.storage.backup.archive import MANIFEST, BadArchive, NotWritten, check, knows, opened_archive, secret_in
from hallflow.storage.backup.copying import NotEmpty, back_up, count_rows, restore
from hallflow.storage.database.engine import open_engine
from hallflow.storage.database.instant import instant
from hallflow.storage.log import ledger
from hallflow.storage.records import people, runs
from hallflow.storage.records.people import Prefill, Staff
from hallflow.storage.turns import Turns
from tests.makers import SECRET, WEDNESDAY, FakeClock, a_hall, a_visit, an_engine, log_of, sqlite_url, take
from tests.played import next_day, play


@pytest.fixture(params=["sqlite", "postgresql"])
def other(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """Where a backup is brought back: nothing in it yet, not even tables."""
    url = f"sqlite:///{tmp_path}/other.db"
    if request.param == "postgresql":
        url = _second(request.getfixturevalue("postgres_url"))
    opened = open_engine(url)
    yield opened
    opened.dispose()
    if request.param == "postgresql":
        _on_server(url.replace("_other", ""), f"DROP DATABASE {url.rpartition('/')[2]} WITH (FORCE)")


def _second(url: str) -> str:
    name = url.rpartition("/")[2] + "_other"
    _on_server(url, f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'")
    return url.rpartition("/")[0] + f"/{name}"


def _on_server(url: str, said: str) -> None:
    engine = open_engine(url)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(said))
    engine.dispose()


def saved(engine: Engine, out: Path, **more: Any) -> Path:
    back_up(engine, out, WEDNESDAY, "hallflow test", SECRET, lambda _: None, **more)
    return out


def brought_back(engine: Engine, file: Path, **more: Any) -> Any:
    check(file)
    return restore(engine, file, lambda _: None, **more)


def everything(engine: Engine) -> dict[str, list[Any]]:
    """Every row of every table, as Python sees it."""
    with engine.connect() as connection:
        return {
            table.name: sorted(map(tuple, connection.execute(select(table))), key=repr)
            for table in schema.metadata.sorted_tables
        }


def a_full_house(engine: Engine) -> Hall:
    """Two lively days, and a row of everything else that is kept."""
    hall = a_hall(engine, clock=(clock := FakeClock()))
    held = play(hall, clock, 40)
    next_day(hall, clock)
    play(hall, clock, 20)
    with engine.begin() as connection:
        people.keep_customers(connection, [("d1", "gold"), ("d2", "silver")])
        people.keep_staff(connection, Staff("wang", "central", "王芳 ☎", "clerk", "hash"))
        people.keep_prefill(connection, held[0].token, "contact", Prefill(bytes(range(256)), True, 2), WEDNESDAY)
        for n in range(3):
            runs.keep(connection, "sweep", WEDNESDAY + timedelta(microseconds=n), 0.1 + n, None if n else "fault")
    return hall


def faultless(engine: Engine) -> bool:
    with instant(engine) as connection:
        told = verify(connection, None, lambda _: None)
    return bool(told) and not any(one.count for one in told)


def test_everything_comes_back_on_either_database(engine: Engine, other: Engine, tmp_path: Path) -> None:
    a_full_house(engine)
    before, file = everything(engine), saved(engine, tmp_path / "a.zip")
    assert count_rows(engine) == check(file).rows == sum(map(len, before.values()))
    manifest, secret = brought_back(other, file)
    assert (manifest.database, secret) == (upgrade.latest(), None)
    assert everything(other) == before
    assert faultless(other)
    upgrade.check_version(other)
    # and once more, where it came from
    again = saved(other, tmp_path / "b.zip")
    brought_back(engine, again, replace=True)
    assert everything(engine) == before


def test_a_restored_hall_goes_on_where_it_was(engine: Engine, other: Engine, tmp_path: Path) -> None:
    hall = a_full_house(engine)
    brought_back(other, saved(engine, tmp_path / "a.zip"))
    there = Hall(hall.plan, Turns(other), hall.clock)
    there.catch_up()
    assert there.floor == hall.floor
    take(there, "bills")
    with other.begin() as connection:
        # an id that PostgreSQL gives out must not be one that was restored
        runs.keep(connection, "sweep", WEDNESDAY, 1.0, None)
    assert faultless(other)


def test_a_backup_is_one_instant_while_customers_keep_coming(engine: Engine, other: Engine, tmp_path: Path) -> None:
    hall, over, issued = a_hall(engine), threading.Event(), list[str]()

    def keep_coming() -> None:
        while not over.is_set():
            issued.append(take(hall, "bills", visit=a_visit()).ticket.number)

    threads = [threading.Thread(target=keep_coming) for _ in range(4)]
    for thread in threads:
        thread.start()
    try:
        wait_for(issued, 20)
        files = []
        for n in range(4):
            files.append(saved(engine, tmp_path / f"{n}.zip"))
            wait_for(issued, len(issued) + 4)
    finally:
        over.set()
        for thread in threads:
            thread.join()
    whole, seqs = log_of(hall), []
    for file in files:
        manifest, _ = brought_back(other, file, replace=True)
        assert faultless(other)
        with other.connect() as connection:
            copied = list(ledger.events_after(connection, "central", 0))
            issues = sum(event.kind == "issued" for event in copied)
            assert len(ledger.tickets_of(connection, "central", hall.floor.day)) == issues
        assert copied == whole[: len(copied)]
        assert manifest.halls == {"central": len(copied)}
        seqs.append(len(copied))
    assert seqs[0] < seqs[-1] < len(whole)


def wait_for(issued: list[str], count: int) -> None:
    until = time.monotonic() + 60
    while len(issued) < count:
        assert time.monotonic() < until, "nobody comes any more"
        time.sleep(0.01)


def test_only_an_empty_database_takes_a_backup_unasked(engine: Engine, other: Engine, tmp_path: Path) -> None:
    a_full_house(engine)
    file = saved(engine, tmp_path / "a.zip")
    upgrade.upgrade(other)
    take(a_hall(other), "loan")
    before = everything(other)
    with pytest.raises(NotEmpty, match=r"is not empty \(counters, events, halls, tickets\): --replace"):
        brought_back(other, file)
    assert everything(other) == before
    brought_back(other, file, replace=True)
    assert everything(other) == everything(engine)


def test_tables_of_another_program_stay(engine: Engine, other: Engine, tmp_path: Path) -> None:
    file = saved(engine, tmp_path / "a.zip")
    with other.begin() as connection:
        connection.execute(text("CREATE TABLE tickets (id INTEGER PRIMARY KEY)"))
        connection.execute(text("CREATE TABLE theirs (id INTEGER PRIMARY KEY)"))
    with pytest.raises(NotEmpty, match="tables of another program"):
        brought_back(other, file, replace=True)
    assert sorted(inspect(other).get_table_names()) == ["theirs", "tickets"]


def test_a_backup_that_cannot_be_loaded_leaves_what_was_there(engine: Engine, other: Engine, tmp_path: Path) -> None:
    upgrade.upgrade(other)
    take(a_hall(other), "loan")
    before = everything(other)
    with engine.begin() as connection:
        people.keep_customers(connection, [("d1", "gold")])
    file = saved(engine, tmp_path / "a.zip")
    packed = rewritten(file, tmp_path / "twice.zip", lambda name, data: data * 2 if "customers" in name else data)
    with pytest.raises(BadArchive, match="cannot be loaded, and nothing was"):
        restore(other, packed, lambda _: None, replace=True)
    assert everything(other) == before


def rewritten(file: Path, to: Path, change: Callable[[str, bytes], bytes]) -> Path:
    """A copy of an archive with its members changed, whole as a zip."""
    with zipfile.ZipFile(file) as packed, zipfile.ZipFile(to, "w") as changed:
        for name in packed.namelist():
            changed.writestr(name, change(name, packed.read(name)))
    return to


def test_an_older_backup_is_brought_to_today_s_version(other: Engine, tmp_path: Path) -> None:
    old = open_engine(f"sqlite:///{tmp_path}/old.db")
    with old.execution_options(hall_writes=True).begin() as connection:
        upgrade.migrate(connection, "0002")
        connection.execute(text("INSERT INTO customers VALUES ('d1', 'gold')"))
        day = {"day": "2026-03-04", "at": "2026-03-04 02:00:00.000000"}
        connection.execute(
            text("INSERT INTO halls (key, seq, at, day, day_seq) VALUES ('central', 0, :at, :day, 0)"), day
        )
    file = saved(old, tmp_path / "old.zip")
    old.dispose()
    assert check(file).database == "0002"
    brought_back(other, file)
    upgrade.check_version(other)
    assert everything(other)["customers"] == [("d1", "gold")]
    with other.connect() as connection:
        assert ledger.head(connection, "central") == ledger.Head(0, WEDNESDAY, WEDNESDAY.date(), 0, "0" * 64)


def test_a_newer_backup_is_named(engine: Engine, other: Engine, tmp_path: Path) -> None:
    file = saved(engine, tmp_path / "a.zip")

    def newer(key: str, value: Any) -> Path:
        def change(name: str, data: bytes) -> bytes:
            return json.dumps(json.loads(data) | {key: value}).encode() if name == MANIFEST else data

        return rewritten(file, tmp_path / f"{key}.zip", change)

    with pytest.raises(BadArchive, match="tables of version 9999, which this program does not know"):
        brought_back(other, newer("database", "9999"))
    with pytest.raises(BadArchive, match=r"written by a newer Hallflow \(hallflow test\)"):
        brought_back(other, newer("format", 99))
    assert inspect(other).get_table_names() == []


# ---- files that are not whole ----


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("whole")
    engine = an_engine(sqlite_url(folder))
    a_full_house(engine)
    file = saved(engine, folder / "a.zip", with_secret=True)
    engine.dispose()
    return file


def test_a_backup_cut_off_anywhere_is_refused(whole: Path, tmp_path: Path) -> None:
    data, cut = whole.read_bytes(), tmp_path / "cut.zip"
    for size in (0, 1, *(len(data) * n // 4 for n in (1, 2, 3)), len(data) - 1):
        cut.write_bytes(data[:size])
        with pytest.raises(BadArchive, match="is not a whole archive of Hallflow"):
            check(cut)


def test_a_changed_byte_is_refused_or_changes_nothing(whole: Path, tmp_path: Path) -> None:
    data, changed = whole.read_bytes(), tmp_path / "changed.zip"
    told, refused = check(whole), 0
    step = max(len(data) // 250, 1)
    for place in (*range(0, len(data), step), *range(len(data) - 120, len(data))):
        spoiled = bytearray(data)
        spoiled[place] ^= 0xFF
        changed.write_bytes(spoiled)
        try:
            assert check(changed) == told
        except BadArchive:
            refused += 1
    assert refused > 200


@pytest.mark.parametrize("member", ["tables/events.jsonl", "tables/tickets.jsonl", "secret"])
def test_a_member_that_was_changed_is_named(whole: Path, tmp_path: Path, member: str) -> None:
    spoil = {"secret": lambda data: data + b"x"}.get(member, lambda data: data.replace(b"A001", b"A009", 1))
    changed = rewritten(whole, tmp_path / "c.zip", lambda name, data: spoil(data) if name == member else data)
    with pytest.raises(
        BadArchive, match=r"was changed or damaged: (the secret|events|tickets) is not what its manifest"
    ):
        check(changed)


def test_members_more_or_less_are_refused(whole: Path, tmp_path: Path) -> None:
    more = shutil.copy(whole, tmp_path / "more.zip")
    with zipfile.ZipFile(more, "a") as packed:
        packed.writestr("more", "x")
    with pytest.raises(BadArchive, match="does not hold what its manifest names"):
        check(more)


@pytest.mark.parametrize("content", [b"not a zip at all" * 99, b"PK\x03\x04", b""])
def test_something_else_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "x").write_bytes(content)
    with pytest.raises(BadArchive, match="is not a whole archive of Hallflow"):
        check(tmp_path / "x")


def test_a_zip_of_somebody_else_is_refused(tmp_path: Path) -> None:
    for n, said in enumerate(("{}", "[]", "{", '{"name": "hallflow-archive"}')):
        with zipfile.ZipFile(tmp_path / f"{n}.zip", "w") as packed:
            packed.writestr(MANIFEST, said)
        with pytest.raises(BadArchive, match="archive of Hallflow"):
            check(tmp_path / f"{n}.zip")
    with zipfile.ZipFile(tmp_path / "z.zip", "w") as packed:
        packed.writestr("x", "y")
    with pytest.raises(BadArchive, match="is not an archive of Hallflow"):
        check(tmp_path / "z.zip")


# ---- writing ----


def test_only_its_owner_may_read_a_backup_and_the_secret_is_in_it_only_when_asked(whole: Path, tmp_path: Path) -> None:
    assert whole.stat().st_mode & 0o777 == 0o600
    with opened_archive(whole) as (packed, manifest):
        assert secret_in(packed) == SECRET
        assert knows(manifest.secret, SECRET)
        assert not knows(manifest.secret, SECRET + "x")
    engine = an_engine(sqlite_url(tmp_path))
    plain = saved(engine, tmp_path / "plain.zip")
    engine.dispose()
    assert SECRET.encode() not in plain.read_bytes()
    assert knows(check(plain).secret, SECRET)


def test_a_backup_takes_the_place_of_an_earlier_one_and_of_nothing_else(engine: Engine, tmp_path: Path) -> None:
    file = saved(engine, tmp_path / "a.zip")
    with engine.begin() as connection:
        people.keep_customers(connection, [("d1", "gold")])
    saved(engine, file)
    assert check(file).tables["customers"].rows == 1
    (tmp_path / "precious").write_text("a database, say")
    with pytest.raises(NotWritten, match="is there already, and is no archive"):
        saved(engine, tmp_path / "precious")
    assert (tmp_path / "precious").read_text() == "a database, say"


FILL = """
import resource, sys
from tests.storage.backup.test_archive import saved
from hallflow.storage.database.engine import open_engine
from pathlib import Path
engine = open_engine(sys.argv[1])
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[3]), resource.RLIM_INFINITY))
saved(engine, Path(sys.argv[2]))
"""


def test_a_full_disk_leaves_the_backup_before_and_no_half_one(tmp_path: Path, whole: Path) -> None:
    database, target = tmp_path / "hallflow.db", tmp_path / "out"
    shutil.copy(whole.parent / "hallflow.db", database)
    target.mkdir()
    kept = Path(shutil.copy(whole, target / "a.zip"))
    for size in (0, 1000, whole.stat().st_size // 2, whole.stat().st_size - 500):
        asked = [sys.executable, "-c", FILL, f"sqlite:///{database}", str(kept), str(size)]
        done = subprocess.run(asked, capture_output=True, text=True, cwd=Path(__file__).parents[3], check=False)
        assert "NotWritten" in done.stderr, done.stderr
        assert "cannot be written: File too large. Nothing of it is left." in done.stderr
        assert [path.name for path in target.iterdir()] == ["a.zip"]
        assert kept.read_bytes() == whole.read_bytes()
