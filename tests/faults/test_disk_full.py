"""A full disk: an error in plain words, no partial write, and recovery once there is space again."""

import resource
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import requests
from sqlalchemy import event

from hallflow.house import House
from tests.exactly_once import check_events
from tests.faults.house import Caller, Running, log_of, running
from tests.makers import FakeClock, a_house, sqlite_url
from tests.web.client import Api


def test_a_server_that_may_write_no_more_says_so_and_goes_on_when_it_may(tmp_path: Path) -> None:
    """The kernel refuses the running server's writes, as a used-up quota does."""
    url = sqlite_url(tmp_path)
    with running(tmp_path / "house", url) as house:
        caller = Caller(house.addresses)
        given = [take(caller, a_body()).json()["number"] for _ in range(5)]
        limit(house, (tmp_path / "hallflow.db-wal").stat().st_size + 1000)
        body = a_body()
        answer = take(caller, body)
        assert (answer.status_code, answer.json()["error"]["code"]) == (503, "disk_failing"), answer.text
        assert "cannot write to its disk" in answer.json()["error"]["message"]
        assert caller.once("GET", "/halls/central").json()["services"], "who only looks still sees the hall"
        assert [e.ticket for e in log_of(url) if e.kind == "issued"] == given, "something half done is left"
        limit(house, resource.RLIM_INFINITY)
        again = take(caller, body)
        assert again.status_code == 201, again.text
        caller.close()
    events = log_of(url)
    check_events(events)
    assert [e.ticket for e in events if e.kind == "issued"] == [*given, again.json()["number"]]


def take(caller: Caller, body: dict[str, str]) -> requests.Response:
    return caller.once("POST", "/halls/central/tickets", json=body, headers={"Accept-Language": "en"})


def a_body() -> dict[str, str]:
    return {"service": "bills", "visit": str(uuid.uuid4())}


def limit(house: Running, size: int) -> None:
    """No file may grow past this; what is longer already is kept."""
    for process in house.server(house.ports[0]):
        resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))


def test_a_database_that_is_full_is_named_as_such(tmp_path: Path) -> None:
    """SQLite's own word for a disk without room."""
    house = a_house(tmp_path, FakeClock())
    api = Api(house)
    api.take()
    with full(house):
        for _ in range(200):
            body = a_body()
            refused = api.post("/halls/central/tickets", body, headers={"Accept-Language": "en"})
            if refused.status_code != 201:
                break
        assert (refused.status_code, refused.json["error"]["code"]) == (503, "out_of_disk")
        assert "no room left" in refused.json["error"]["message"]
        written = api.written()
        assert api.post("/halls/central/tickets", body).status_code == 503
        assert api.written() == written
    assert api.post("/halls/central/tickets", body).status_code == 201
    check_events(log_of(house.settings.database_url))
    house.engine.dispose()


@contextmanager
def full(house: House) -> Iterator[None]:
    """The file grows no more, by whichever connection."""

    def narrow(connection, *_: object) -> None:
        (pages,) = connection.execute("PRAGMA page_count").fetchone()
        connection.execute(f"PRAGMA max_page_count = {pages}")

    event.listen(house.engine, "checkout", narrow)
    _tell_writer(house, narrow)
    yield
    event.remove(house.engine, "checkout", narrow)
    _tell_writer(house, lambda connection: connection.execute("PRAGMA max_page_count = 1073741823"))
    house.engine.dispose()


def _tell_writer(house: House, tell: Callable[[Any], object]) -> None:
    with house.turns.of("") as connection:
        tell(connection.connection.driver_connection)
