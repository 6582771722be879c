"""Two servers on one SQLite file: slower than one, but nothing is lost or duplicated."""

from pathlib import Path

from tests.faults.crowd import busy
from tests.faults.house import log_of, running
from tests.faults.screens import check_all_the_same, watching
from tests.makers import sqlite_url


def test_two_servers_on_one_sqlite_file_never_cross(tmp_path: Path) -> None:
    url = sqlite_url(tmp_path)
    with running(tmp_path / "one", url) as one, running(tmp_path / "two", url) as two:
        addresses = [*one.addresses, *two.addresses]
        with watching(addresses) as screens:
            with busy(addresses) as crowd:
                crowd.goes_on(numbers=60, calls=20)
            crowd.check(log_of(url))
            # whichever process is asked, it tells of what the other did
            crowd.ask_again(20)
            crowd.check(log_of(url))
            for address in addresses:
                check_all_the_same(screens, address)
