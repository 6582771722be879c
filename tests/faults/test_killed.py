"""kill -9 on a busy hall: no acknowledged change is lost, nobody is called twice, the screens catch up."""

from pathlib import Path

from tests.faults.crowd import busy
from tests.faults.house import log_of, running
from tests.faults.screens import check_all_the_same, watching
from tests.makers import sqlite_url

MASTER, WORKER = slice(0, 1), slice(1, 2)


def test_on_sqlite_a_server_killed_under_load_loses_nothing(tmp_path: Path) -> None:
    url = sqlite_url(tmp_path)
    with running(tmp_path / "house", url) as house, watching(house.addresses * 3) as screens:
        with busy(house.addresses) as crowd:
            for which in (WORKER, MASTER):
                crowd.goes_on()
                house.kill(house.ports[0], which)
                house.wait()
            crowd.goes_on()
        assert crowd.lost, "nobody noticed that the server was killed"
        crowd.check(log_of(url))
        crowd.ask_again(20)
        crowd.check(log_of(url))
        check_all_the_same(screens, house.addresses[0])


def test_on_postgresql_one_of_two_servers_killed_under_load_loses_nothing(
    tmp_path: Path, postgres_url: str, valkey_url: str
) -> None:
    with (
        running(tmp_path / "house", postgres_url, processes=2, redis=valkey_url) as house,
        watching(house.addresses * 2) as screens,
    ):
        with busy(house.addresses) as crowd:
            crowd.goes_on()
            house.kill(house.ports[0])
            crowd.goes_on()
            house.wait()
            crowd.goes_on()
        assert crowd.lost, "nobody noticed that a server was killed"
        crowd.check(log_of(postgres_url))
        crowd.ask_again(20)
        crowd.check(log_of(postgres_url))
        for address in house.addresses:
            check_all_the_same(screens, address)
