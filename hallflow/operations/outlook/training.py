"""A hall's own days make a model of its waits, which corrects the twin; and days that the model has not seen say whom to believe.

The log of closed days is told once more in its order, so that the model learns from what was known at each issue, the twin's word
of then among it. Made-up visits of a demo teach nothing. Without lightgbm, or before a thousand waits, the twin stands alone.
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
"""The latest so many make a model in about half a minute of one core."""
WAITS_OF_A_TRIAL = 200
TWIN = [NAMES.index(name) for name in ("twin_low", "twin_likely", "twin_high")]
AT_ONCE = 1.0
"""Minutes: where the twin sees a counter free, nobody is asked for a better word."""


@dataclass(frozen=True, slots=True)
class Past:
    """A hall's visits of closed days, and by the same order what the twin said of each."""

    visits: list[Logged]
    twins: list[tuple[float, float, float]]


def make_models(house: House) -> int:
    """Make every hall's model anew; how many were made."""
    return sum(make_model(house, hall) for hall in house.halls.values())


def make_model(house: House, hall: Hall) -> bool:
    """Make one hall's model of its closed days, if there is anything to make it of."""
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
    """Who is to foresee this hall's waits, as far as this machine can: a name that `train` knows, or the twin."""
    estimator = hall.plan.rules.estimator
    if estimator in ("auto", "corrected"):
        return "corrected" if learned_waits() else "twin"
    return estimator


def read_past(house: House, hall: Hall) -> Past:
    """The latest visits of closed days; each leg is a visit of its own, as it was a wait of its own."""
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
    """A leg as a log has it: issued, called, ended."""
    issued, called, ended = (at.timestamp() / 60 if at else None for at in moments)
    offset = moments[0].astimezone(hall.plan.hours.zone).utcoffset() if moments[0] else None
    ahead = offset.total_seconds() / 60 if offset else 0.0
    return Logged((hall.key, key, ""), hall.key, service, tier, issued, ahead, called, ended, counter, "", joins=True)


def retell(past: Past, predictor: Predictor, *, learning: bool) -> Predictor:
    """Tell a predictor of all this, in order; if it learns, it comes back knowing every wait, else only how the hall stands."""
    for at, index, what in in_order(past.visits):
        visit = past.visits[index]
        # numbers begin anew each day
        key = f"{(visit.issued or at) // DAY:.0f} {index}"
        if what != ISSUE:
            feed(predictor, visit, key, at, what)
        elif learning:
            predictor.issue(visit.hall, key, visit.service, visit.tier, at, visit.offset, twin=past.twins[index])
        else:
            predictor.streams[visit.hall].issued(key, visit.service, visit.tier, at, visit.offset)
    return predictor


def try_out(waits: Sequence[tuple[Issue, float]], estimator: str) -> dict[str, Any] | None:
    """Model and twin on the latest waits, which the model tried has not seen; None where the twin was not asked often enough.

    Both are calibrated by the same outcomes; scored by Winkler as the track record is, and by the middle's mean error (minutes).
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


def _scored(foreseen: Floats, came: Floats, tiers: Sequence[str]) -> dict[str, float]:
    calibration, winkler = Calibration(), 0.0
    for (low, likely, high), wait, tier in zip(foreseen.tolist(), came.tolist(), tiers, strict=True):
        down, _, up = calibration.adjust(tier, low, likely, high)
        winkler += up - down + PENALTY * max(down - wait, wait - up, 0.0)
        calibration.update(tier, low, likely, high, wait)
    off = float(np.abs(foreseen[:, 1] - came).mean())
    return {"winkler": round(winkler / len(came), 2), "mae": round(off, 2)}


def _train(waits: Sequence[tuple[Issue, float]], estimator: str) -> Boosted | Simple:
    return train(_rows(waits), np.array([wait for _, wait in waits]), estimator)[0]


def _rows(waits: Sequence[tuple[Issue, float]]) -> Floats:
    return np.array([seen.row for seen, _ in waits], float).reshape(len(waits), len(NAMES))
