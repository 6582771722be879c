"""The intraday forecast (outlook) of each hall, drawn by the worker: simulated, corrected by the model, calibrated, stored."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from hallflow.domain.waits.carried import all_turns
from hallflow.domain.waits.shown import show_all
from hallflow.foresight.learning.learned import Learned
from hallflow.foresight.outlook import draw_outlook
from hallflow.hall import Hall
from hallflow.house import House
from hallflow.operations.outlook import calibration, predictor
from hallflow.operations.outlook.learning import learned_for
from hallflow.operations.outlook.requirements import found_for
from hallflow.storage.records import outlooks, requirements, rosters

REDRAW_MINUTES = 1.0
"""An outlook is made again when the hall has changed, or after this time."""


def draw_outlooks(house: House) -> int:
    """Simulate every hall from its present state and store its outlook: ranges, arrivals, counters; gives how many were made."""
    drawn_anew = 0
    for hall in house.halls.values():
        hall.catch_up()
        now = house.clock.now()
        with house.engine.connect() as connection:
            _, drawn = outlooks.read(connection, hall.key)
            data = outlooks.read_learned(connection, hall.key)
        if drawn is not None and drawn["seq"] == hall.floor.seq and drawn["made_seconds"] is not None:
            age = now.timestamp() - drawn["made_seconds"]
            if 0 <= age < REDRAW_MINUTES * 60 and drawn.get("learned_at") == (data or {}).get("learned_at"):
                continue
        _draw(house, hall, learned_for(hall.plan, data), data, drawn)
        drawn_anew += 1
    return drawn_anew


def _draw(
    house: House,
    hall: Hall,
    learned: Learned,
    data: Mapping[str, object] | None,
    before: Mapping[str, Any] | None,
) -> None:
    floor, now = hall.floor, house.clock.now()
    with house.engine.connect() as connection:
        found = found_for(requirements.read(connection, hall.key, floor.day), hall.plan)
        seats = rosters.seats_on(connection, hall.plan, floor.day)
    outlook = draw_outlook(
        floor, hall.plan, learned, now, np.random.default_rng(floor.seq), simulated=found, seats=seats
    )
    calibrated = calibration.calibrated(house, hall)
    drawn = outlook.as_data()
    ranges = drawn["ranges"]
    twin = ranges["twin"] = ranges["next"]
    ranges["by"], ranges["foreseen"] = predictor.foresee(house, hall, twin)
    ranges["next"] = calibrated.nexts(ranges["foreseen"])
    carried = predictor.carry_over(ranges["tickets"], floor, twin, ranges["foreseen"])
    ranges["tickets"] = calibrated.tickets(carried, floor)
    last = before["ranges"].get("shown", {}) if before else {}
    ranges["shown"] = show_all(floor, hall.plan, last, ranges["tickets"], now)
    ranges["turns"] = all_turns(floor, hall.plan, now)
    drawn |= {"seq": floor.seq, "made_seconds": now.timestamp(), "learned_at": (data or {}).get("learned_at")}
    with house.turns.of(hall.key) as connection:
        outlooks.keep(connection, hall.key, now, drawn)
    hall.on_change(hall)
