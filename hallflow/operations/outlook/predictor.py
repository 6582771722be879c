"""The online predictor of a hall's waits: the twin, or the model trained on the hall's own days, which corrects the twin.

The worker asks it for each outlook. The model gets the same features as in training: the stream of the closed days and of today's
tickets so far, and the twin's prediction. Without a model, lightgbm or the setting for it, the twin's prediction is used.
"""

from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np

from hallflow.domain.floor import Floor
from hallflow.domain.ticket import Ticket
from hallflow.foresight.waits.features import UNSEEN
from hallflow.foresight.waits.model import Boosted, Model, Outgrown, Simple
from hallflow.foresight.waits.predictor import Predictor
from hallflow.hall import Hall
from hallflow.house import House
from hallflow.operations.outlook.training import AT_ONCE, Past, a_visit, read_past, retell, wanted
from hallflow.storage.log import ledger
from hallflow.storage.records import models

Nexts = Mapping[str, Mapping[str, Sequence[float] | None]]
Corrected = dict[str, dict[str, list[float] | None]]
FACTOR = (1 / 3, 3.0)
"""The bounds of the factor by which the model's correction of the next customer changes the waiting ones."""


@dataclass(frozen=True, slots=True)
class ReadyModel:
    """A hall's model, and the state of its feature stream after the closed days."""

    made_at: datetime
    day: date
    model: Model
    closed_days: Predictor


_ready: WeakKeyDictionary[Hall, ReadyModel] = WeakKeyDictionary()


def foresee(house: House, hall: Hall, twin: Nexts) -> tuple[str, Corrected]:
    """The predictor used, and the predicted waits of a new customer by service and tier: low, likely, high in minutes.

    `twin` has the twin's predictions. This runs the model and reads the database, so it is not for the request path.
    """
    predicted: Corrected = {s: {t: list(m) if m else None for t, m in tiers.items()} for s, tiers in twin.items()}
    ready = _make_ready(house, hall)
    if ready is None:
        return "twin", predicted
    kinds = [(s, t, m) for s, tiers in predicted.items() for t, m in tiers.items() if m and m[2] >= AT_ONCE]
    if not kinds:
        return wanted(hall), predicted
    now = house.clock.now()
    offset = now.astimezone(hall.plan.hours.zone).utcoffset()
    zone, minute = (offset.total_seconds() / 60 if offset else 0.0), now.timestamp() / 60
    stream = retell(_today(house, hall), deepcopy(ready.closed_days), learning=False)
    rows = np.array([stream.row(hall.key, s, t, minute, zone, m) for s, t, m in kinds])
    for (service, tier, _), minutes in zip(kinds, ready.model.predict(rows).tolist(), strict=True):
        predicted[service][tier] = [round(end, 1) for end in minutes]
    return wanted(hall), predicted


def carry_over(
    tickets: Mapping[str, Sequence[float]], floor: Floor, twin: Nexts, corrected: Nexts
) -> dict[str, list[float]]:
    """The remaining waits of the waiting tickets, by number: the twin's, scaled like the next customer's of their service and tier.

    So the last in line has nearly the wait of the next customer, and the first in line nearly that of the twin.
    """
    carried = {}
    for number, minutes in tickets.items():
        ticket = floor.tickets[number]
        theirs, ours = (nexts.get(ticket.service, {}).get(ticket.tier) for nexts in (twin, corrected))
        ends = list(minutes)
        if theirs and ours:
            factors = (min(max((b + 1) / (a + 1), FACTOR[0]), FACTOR[1]) for a, b in zip(theirs, ours, strict=True))
            ends = sorted(max((end + 1) * factor - 1, 0.0) for end, factor in zip(minutes, factors, strict=True))
        carried[number] = [round(end, 1) for end in ends]
    return carried


def _make_ready(house: House, hall: Hall) -> ReadyModel | None:
    estimator = wanted(hall)
    if estimator == "twin":
        return None
    with house.engine.connect() as connection:
        made_at = models.made_at(connection, hall.key)
        known = _ready.get(hall)
        if known is not None and (known.made_at, known.day) == (made_at, hall.floor.day):
            return known
        stored = models.read(connection, hall.key)
    if stored is None or stored[1]["estimator"] != estimator or not stored[1]["believed"]:
        return None
    kind: Any = Boosted if estimator == "corrected" else Simple
    try:
        model = kind.from_data(stored[1]["model"])
    except Outgrown:
        # trained by an older version of the program: the twin is used until the next nightly training
        return None
    closed_days = retell(read_past(house, hall), Predictor(estimator, separate_empty=False), learning=False)
    for stream in closed_days.streams.values():
        stream.forget_moments()
    ready = ReadyModel(stored[0], hall.floor.day, model, closed_days)
    _ready[hall] = ready
    return ready


def _today(house: House, hall: Hall) -> Past:
    with house.engine.connect() as connection:
        tickets = [held.ticket for held in ledger.tickets_of(connection, hall.key, hall.floor.day)]
    visits = [visit for ticket in tickets for visit in _legs(hall, ticket)]
    return Past(visits, [UNSEEN] * len(visits))


def _legs(hall: Hall, ticket: Ticket) -> list[Any]:
    return [
        a_visit(
            hall,
            f"{ticket.number}/{index}",
            leg.service,
            ticket.tier,
            (leg.joined_at, leg.called_at, leg.ended_at),
            leg.counter,
        )
        for index, leg in enumerate(ticket.legs)
        if leg.joined_at is not None
    ]
