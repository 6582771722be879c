"""Training of a hall's wait model, which corrects the twin, and model selection between the two on a hold-out.

The visits of closed days are streamed in their order, so that the features are those known at each issue, with the twin's prediction
of that moment. Simulated visits of a demo are excluded. Without lightgbm, or with fewer than a thousand waits, the twin is used alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import numpy as np

from hallflow.backtests.in_order import ISSUE, feed, in_order
from hallflow.backtests.visit_log import Logged
from hallflow.domain.waits.track_record import PENALTY
from hallflow.foresight.arrays import Floats
from hallflow.foresight.extras import learned_waits
from hallflow.foresight.waits.calibration import Calibration
from hallflow.foresight.waits.features import NAMES, UNSEEN
from hallflow.foresight.waits.model import ENOUGH, Boosted, Simple, train
from hallflow.foresight.waits.predictor import TRIAL, Issue, Predictor
from hallflow.foresight.waits.stream import DAY
from hallflow.hall import Hall
from hallflow.house import House
from hallflow.storage.records import history, models

DAYS = 120
WAITS_AT_MOST = 30_000
"""The latest waits used: training on so many takes about half a minute of one core."""
WAITS_OF_A_TRIAL = 200
TWIN = [NAMES.index(name) for name in ("twin_low", "twin_likely", "twin_high")]
AT_ONCE = 1.0
"""Minutes: below this upper end the twin predicts a free counter, and its prediction is not corrected."""


@dataclass(frozen=True, slots=True)
class Past:
    """A hall's visits of closed days, and the twin's prediction for each, in the same order."""

    visits: list[Logged]
    twins: list[tuple[float, float, float]]


def make_models(house: House) -> int:
    """Train every hall's model; gives how many were made."""
    return sum(make_model(house, hall) for hall in house.halls.values())


def make_model(house: House, hall: Hall) -> bool:
    """Train one hall's model on its closed days; gives whether there were enough of them."""
    estimator = wanted(hall)
    if estimator == "twin":
        return False
    hall.catch_up()
    past = read_past(house, hall)
    predictor = retell(past, Predictor(estimator, separate_empty=False), learning=True)
    waits = predictor.past
    if not waits or (estimator == "corrected" and len(waits) < ENOUGH):
        return False
    trial = try_out(waits, estimator)
    model = _train(waits, estimator)
    nearer = trial is None or trial["winkler"] <= trial["winkler_twin"]
    data = {
        "estimator": estimator,
        "model": model.as_data(),
        "waits": len(waits),
        "trial": trial,
        "believed": nearer or hall.plan.rules.estimator != "auto",
    }
    with house.turns.of(hall.key) as connection:
        models.keep(connection, hall.key, house.clock.now(), data)
    return True


def wanted(hall: Hall) -> str:
    """The predictor of this hall's waits that is configured and installed: a name that `train` knows, or the twin."""
    estimator = hall.plan.rules.estimator
    if estimator in ("auto", "corrected"):
        return "corrected" if learned_waits() else "twin"
    return estimator


def read_past(house: House, hall: Hall) -> Past:
    """The latest visits of closed days; each leg counts as a visit, because it has its own wait."""
    past = Past([], [])
    first, last = hall.floor.day - timedelta(days=DAYS), hall.floor.day - timedelta(days=1)
    with house.engine.connect() as connection:
        rows = list(history.waits_between(connection, hall.key, first, last))[-WAITS_AT_MOST:]
    for row in rows:
        past.visits.append(
            a_visit(
                hall,
                f"{row.number}/{row.leg}",
                row.service,
                row.tier,
                (row.issued_at, row.called_at, row.ended_at),
                row.counter,
            )
        )
        known = row.twin_low is not None
        past.twins.append((row.twin_low, row.twin_likely, row.twin_high) if known else UNSEEN)
    return past


def a_visit(
    hall: Hall, key: str, service: str, tier: str, moments: Sequence[datetime | None], counter: str | None
) -> Logged:
    """A leg in the form of a visit log: issued, called, ended."""
    issued, called, ended = (at.timestamp() / 60 if at else None for at in moments)
    offset = moments[0].astimezone(hall.plan.hours.zone).utcoffset() if moments[0] else None
    ahead = offset.total_seconds() / 60 if offset else 0.0
    return Logged((hall.key, key, ""), hall.key, service, tier, issued, ahead, called, ended, counter, "", joins=True)


def retell(past: Past, predictor: Predictor, *, learning: bool) -> Predictor:
    """Stream past visits into a predictor in order: when learning, it collects every wait; otherwise only its feature stream moves."""
    for at, index, what in in_order(past.visits):
        visit = past.visits[index]
        # numbers repeat each day
        key = f"{(visit.issued or at) // DAY:.0f} {index}"
        if what != ISSUE:
            feed(predictor, visit, key, at, what)
        elif learning:
            predictor.issue(visit.hall, key, visit.service, visit.tier, at, visit.offset, twin=past.twins[index])
        else:
            predictor.streams[visit.hall].issued(key, visit.service, visit.tier, at, visit.offset)
    return predictor


def try_out(waits: Sequence[tuple[Issue, float]], estimator: str) -> dict[str, Any] | None:
    """Scores of model and twin on a hold-out of the latest waits; None where the twin predicted too few of them.

    Both are calibrated by the same outcomes. The scores are the Winkler score, as in the track record, and the mean absolute error of
    the likely value (minutes).
    """
    asked = [(seen, wait) for seen, wait in waits if seen.row[TWIN[2]] >= AT_ONCE]
    tried = asked[int(len(asked) * (1 - TRIAL)) :]
    if len(tried) < WAITS_OF_A_TRIAL:
        return None
    begin = min(seen.at for seen, _ in tried)
    before = [(seen, wait) for seen, wait in waits if seen.at + wait < begin]
    if not before:
        return None
    rows, came = _rows(tried), np.array([wait for _, wait in tried])
    tiers = [seen.group for seen, _ in tried]
    model = _scored(_train(before, estimator).predict(rows), came, tiers)
    twin = _scored(rows[:, TWIN], came, tiers)
    return {"waits": len(tried), **model, **{f"{name}_twin": value for name, value in twin.items()}}


def _scored(predicted: Floats, came: Floats, tiers: Sequence[str]) -> dict[str, float]:
    calibration, winkler = Calibration(), 0.0
    for (low, likely, high), wait, tier in zip(predicted.tolist(), came.tolist(), tiers, strict=True):
        down, _, up = calibration.adjust(tier, low, likely, high)
        winkler += up - down + PENALTY * max(down - wait, wait - up, 0.0)
        calibration.update(tier, low, likely, high, wait)
    off = float(np.abs(predicted[:, 1] - came).mean())
    return {"winkler": round(winkler / len(came), 2), "mae": round(off, 2)}


def _train(waits: Sequence[tuple[Issue, float]], estimator: str) -> Boosted | Simple:
    return train(_rows(waits), np.array([wait for _, wait in waits]), estimator)[0]


def _rows(waits: Sequence[tuple[Issue, float]]) -> Floats:
    return np.array([seen.row for seen, _ in waits], float).reshape(len(waits), len(NAMES))
