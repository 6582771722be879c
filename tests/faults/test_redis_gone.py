"""An outage of Redis: it only speeds up other processes' screens, so nothing fails and all screens catch up."""

import time
from pathlib import Path

from tests.faults.house import PATIENCE_SECONDS, Caller, Running, running
from tests.faults.screens import Faithful, check_all_the_same, watching
from tests.servers import start_valkey


def test_without_redis_screens_of_other_processes_become_right_and_with_it_in_order(
    tmp_path: Path, postgres_url: str
) -> None:
    (tmp_path / "valkey").mkdir()
    valkey, redis = start_valkey(tmp_path / "valkey")
    try:
        with running(tmp_path / "house", postgres_url, processes=2, redis=redis) as house:
            here, there = house.addresses
            with watching([there] * 3) as screens:
                work(here, screens, house)
                valkey.kill()
                valkey.wait()
                work(here, screens, house)
                valkey, _ = start_valkey(tmp_path / "valkey", int(redis.rpartition(":")[2].partition("/")[0]))
                wait_for(house, "hints_back")
                work(here, screens, house)
                for screen in screens:
                    assert len(screen.orders()) == 1, "no line broke"
                    assert screen.orders() == [sorted(screen.orders()[0])], "a picture came after a later one"
            assert house.said("hints_gone") == 2
    finally:
        valkey.kill()
        valkey.wait()


def work(here: str, screens: list[Faithful], house: Running) -> None:
    """Things happen at one process, and the screens of the other show them."""
    caller = Caller([here])
    for _ in range(10):
        answer = caller.post("/halls/central/tickets", {"service": "bills"})
        assert answer.status_code == 201
        time.sleep(0.05)
    assert caller.lost == 0, "a customer had to wait for Redis"
    caller.close()
    check_all_the_same(screens, house.addresses[0])
    assert screens[0].last["seq"] >= answer.json()["seq"]


def wait_for(house: Running, event: str, seconds: float = PATIENCE_SECONDS) -> None:
    until = time.monotonic() + seconds
    while house.said(event) < 2:
        assert time.monotonic() < until, f"{event} was not said by both"
        time.sleep(0.05)
