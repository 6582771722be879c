"""A server with history: one past day, and customers who have waited longer than promised."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import numpy as np

from hallflow.hall import Hall
from hallflow.operations.floor import calling, serving
from hallflow.operations.floor.counters import open_counter
from hallflow.operations.floor.days import begin_day
from hallflow.operations.history.keeping import keep_closed_days
from tests.browser.by_hand import by_hand
from tests.browser.house import NOON
from tests.makers import FakeClock, a_house, open_all, take

HALL = "central"
LATE_MINUTES = 40
"""So long ago today's customers took their numbers."""
CUSTOMERS = 160
"""Who came yesterday."""


@dataclass(frozen=True, slots=True)
class Lived:
    """The house's address, and the customer at the front of the line, who was promised to be called long ago."""

    url: str
    token: str
    number: str


@contextmanager
def lived_in(folder: Path) -> Iterator[Lived]:
    """A house on a database with a day of kept and broken promises, and with late ones now."""
    clock = FakeClock(NOON - timedelta(days=1))
    house = a_house(folder, clock, demo=True)
    hall = house.hall(HALL)
    begin_day(hall)
    open_all(hall)
    _live(hall, clock, np.random.default_rng(7))
    clock.at = NOON - timedelta(minutes=LATE_MINUTES)
    begin_day(hall)
    keep_closed_days(house.turns, hall)
    for key in hall.plan.counters:
        open_counter(hall, key, f"demo-{key}")
    first, *_ = [take(hall, "bills") for _ in range(4)]
    house.engine.dispose()
    with by_hand(folder) as lived:
        yield Lived(lived.url, first.token, first.ticket.number)


def _live(hall: Hall, clock: FakeClock, luck: np.random.Generator) -> None:
    """Some wait all day long; now one comes, now one is called."""
    cards = (None, None, "8812", "6612")
    for n in range(CUSTOMERS):
        take(hall, ("bills", "sim", "device")[luck.integers(3)], card=cards[luck.integers(4)])
        clock.forward(float(luck.lognormal(-0.7, 0.6)))
        if n < 3 + luck.integers(3):
            continue
        for counter in hall.floor.open_counters():
            if hall.floor.waiting_count(counter.lines):
                calling.call_next(hall, counter.key)
                calling.arrived(hall, counter.key)
                serving.finish(hall, counter.key)
                break
