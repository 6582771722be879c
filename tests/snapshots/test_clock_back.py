"""The machine's clock is set back: the log stays ordered, and no duration is shown below zero."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from hallflow.domain.floor import Floor
from hallflow.house import House
from hallflow.live.screens import Holders, draw
from hallflow.operations.floor import calling, counters, serving, ticketing
from tests.exactly_once import check_events
from tests.makers import FakeClock, a_house, check_floor, log_of, open_all, take


@pytest.mark.parametrize("back", [3, 30, 300])
def test_a_clock_set_back_shows_nothing_below_nothing(tmp_path: Path, back: int) -> None:
    clock = FakeClock()
    house = a_house(tmp_path, clock)
    hall = house.hall("central")
    open_all(hall)
    held = [take(hall, service) for service in ("bills", "bills", "sim", "bills")]
    clock.forward(4)
    calling.call_next(hall, "1")
    calling.arrived(hall, "1")
    calling.call_next(hall, "2")
    clock.forward(-back)
    see_nothing_negative(house, [one.token for one in held])
    held.append(take(hall, "bills"))
    ticketing.defer(hall, held[-2])
    serving.finish(hall, "1")
    calling.call_next(hall, "1")
    calling.arrived(hall, "2")
    serving.park(hall, "2")
    calling.miss(hall, "1")
    counters.pause_counter(hall, "3", "lunch", 10)
    see_nothing_negative(house, [one.token for one in held])
    clock.forward(1)
    serving.resume(hall, "2", hall.floor.at("parked")[0].number)
    serving.finish(hall, "2")
    see_nothing_negative(house, [one.token for one in held])
    check_floor(hall.floor)
    check_events(log_of(hall))
    for event in log_of(hall):
        assert not list(negatives(event.data)), event
    check_times(hall.floor)
    house.engine.dispose()


def see_nothing_negative(house: House, tokens: list[str]) -> None:
    hall, holders = house.hall("central"), Holders(house)
    for screen in (
        "wall",
        "kiosk",
        "dashboard",
        "window:1",
        "console:1",
        "console:2",
        *(f"ticket:{t}" for t in tokens),
    ):
        picture = draw(house, holders, hall, screen)
        assert not list(negatives(picture)), screen


def negatives(value: Any, where: str = "") -> Iterator[str]:
    """Every number below 0, and where it stands."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from negatives(inner, f"{where}.{key}")
    elif isinstance(value, (list, tuple)):
        for n, inner in enumerate(value):
            yield from negatives(inner, f"{where}[{n}]")
    elif isinstance(value, (int, float)) and not isinstance(value, bool) and value < 0:
        yield f"{where} = {value}"


def check_times(floor: Floor) -> None:
    """No leg ends before it begins."""
    for ticket in floor.tickets.values():
        for leg in ticket.legs:
            moments = [at for at in (leg.joined_at, leg.called_at, leg.arrived_at, leg.ended_at) if at is not None]
            assert moments == sorted(moments), ticket
