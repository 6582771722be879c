"""A second process that executes a test's operations on one database, so that two can compete.

It reads a line of JSON per operation and answers with one: {"hall", "at", "verb", "what"} -> {"refused"} or {"number", "token"}.
"""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from hallflow.domain.refusals import Refused
from hallflow.hall import Hall
from hallflow.operations.floor import calling, counters, days, serving, ticketing
from hallflow.storage.database.engine import open_engine
from hallflow.storage.log import ledger
from hallflow.storage.turns import Turns
from tests.makers import FakeClock, a_plan, take

ROOT = Path(__file__).parents[1]
Wish = dict[str, Any]


class Other:
    """The process, seen from the test."""

    def __init__(self, url: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.processes", url],
            cwd=ROOT,
            env=os.environ | {"PYTHONPATH": str(ROOT)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def tell(self, wish: Wish) -> None:
        """Say what to do, and do not wait for it."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(wish) + "\n")
        self._process.stdin.flush()

    def answer(self) -> Wish:
        """What came of the wish told first."""
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        assert line, f"the process ended with {self._process.wait()}"
        answered: Wish = json.loads(line)
        assert "fault" not in answered, answered["fault"]
        return answered

    def close(self) -> None:
        """It ends when nobody tells it anything any more."""
        self._process.communicate(timeout=60)


def _by_token(verb: Callable[..., object]) -> Callable[..., object]:
    def of(hall: Hall, token: str) -> object:
        with hall.reading() as connection:
            held = ledger.held_by_token(connection, token)
        assert held is not None
        return verb(hall, held)

    return of


VERBS: dict[str, Callable[..., object]] = {
    "take": lambda hall, service, card, visit: take(hall, service, card=card, visit=visit),
    "call_next": calling.call_next,
    "arrived": calling.arrived,
    "finish": serving.finish,
    "miss": calling.miss,
    "park": serving.park,
    "open": lambda hall, key: counters.open_counter(hall, key, f"clerk {key}"),
    "close": counters.close_counter,
    "sweep": days.sweep,
    "close_day": days.close_day,
    "begin_day": days.begin_day,
    "leave": _by_token(ticketing.leave),
    "defer": _by_token(ticketing.defer),
    "late": _by_token(ticketing.come_late),
}


def obey(hall: Hall, wish: Wish) -> Wish:
    """Do it, or be refused."""
    try:
        done = VERBS[wish["verb"]](hall, *wish["what"])
    except Refused as fault:
        return {"refused": fault.code}
    ticket = getattr(done, "ticket", done)
    return {"number": getattr(ticket, "number", None), "token": getattr(done, "token", None)}


def main(url: str) -> None:
    """Obey until nothing more comes."""
    clock, turns, halls = FakeClock(), Turns(open_engine(url)), dict[str, Hall]()
    for line in sys.stdin:
        wish = json.loads(line)
        clock.at = datetime.fromisoformat(wish["at"])
        plan = replace(a_plan(wish["policy"], waiting_at_most=12, missed_kept_minutes=30.0), hall=wish["hall"])
        hall = halls.setdefault(wish["hall"], Hall(plan, turns, clock))
        try:
            answer = obey(hall, wish)
        except Exception as fault:  # noqa: BLE001 - told to the test, which fails of it
            answer = {"fault": f"{type(fault).__name__}: {fault}"}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
